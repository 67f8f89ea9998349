import { type NodeShare, productsOf } from '../../mesh/layout.ts';
import * as F from '../program/frame.ts';
import { type GemmFeed, gemmFeed, type Step } from '../program/gemm.ts';
import type { Feed } from '../program/run.ts';
import { type MeshJob, sharedGemm } from './shared-gemm.ts';

/** A frame of a node's work: of which product, and of which output tile and chain. */
export interface FrameOf {
  product: number;
  feed: GemmFeed;
  /** Frame in the program of the product. */
  frame: number;
  step: Step;
}

/** What a node of a mesh does: its share of each of its products, one behind the other. */
export class NodeWork {
  readonly share: NodeShare;
  readonly feeds: readonly GemmFeed[];
  readonly program: Uint32Array;
  /** Products of the job that these are. */
  readonly products: readonly number[];
  readonly #starts: number[] = [];
  /** Words of an output tile that the node before has handed on, and when the last of them arrived. */
  readonly totals = new Map<string, { words: number; arrived: number }>();

  constructor(job: MeshJob, share: NodeShare) {
    this.share = share;
    const { k } = share.part;
    this.products = productsOf(job, share);
    this.feeds = this.products.map((at) => gemmFeed(sharedGemm(job, share, job.products[at])));
    let length = 0;
    for (const { program } of this.feeds) {
      this.#starts.push(length);
      length += program.length;
      // Behind the first node of a chain, every scaled sum is added to what came before.
      if (k > 0)
        program.forEach((frame, i) => ((frame & F.DRAIN) === 0 ? undefined : (program[i] |= F.PARTIAL)));
    }
    this.program = new Uint32Array(length);
    this.feeds.forEach(({ program }, i) => this.program.set(program, this.#starts[i]));
  }

  locate(frame: number): FrameOf {
    let product = this.#starts.length - 1;
    while (frame < this.#starts[product]) product--;
    const feed = this.feeds[product];
    const local = frame - this.#starts[product];
    let [low, high] = [0, feed.steps.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (feed.starts[middle] <= local) low = middle;
      else high = middle - 1;
    }
    return { product, feed, frame: local, step: feed.steps[low] };
  }

  /** The pins of the whole work; `passed` sees results where the last chain of an output tile leaves. */
  feed(passed: (of: FrameOf, column: number, values: Uint16Array) => void): Feed {
    return {
      row: (frame, chunk, inputs) => {
        const { feed, frame: local } = this.locate(frame);
        feed.feed.row?.(local, chunk, inputs);
      },
      activations: (frame, inputs) => {
        const { feed, frame: local } = this.locate(frame);
        feed.feed.activations?.(local, inputs);
      },
      partial: (frame, column, inputs) => {
        const { feed, frame: local } = this.locate(frame);
        feed.feed.partial?.(local, column, inputs);
      },
      result: (frame, column, values) => {
        const of = this.locate(frame);
        of.feed.feed.result?.(of.frame, column, values);
        if (of.step.to === of.feed.inner) passed(of, column, values);
      },
    };
  }
}

/** An output tile of a node, which the nodes of a chain of partial sums have alike. */
export const tileKey = (product: number, { m, n }: Step): string => `${product} ${m} ${n}`;
