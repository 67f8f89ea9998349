import { IDLE_FUNCTION } from '../configuration.ts';
import { Node } from '../node.ts';
import * as F from '../program/frame.ts';
import { type Feed, deliver, drive } from '../program/run.ts';

/** Whether a frame of the program may begin behind a cycle. */
export type Ready = (frame: number, cycle: number) => boolean;

/** A node that works through a program and stays idle, whole frames, while what the next one needs is not there. */
export class RunningNode {
  readonly #node: Node;
  readonly #program: Uint32Array;
  readonly #feed: Feed;
  readonly #ready: Ready;
  /** Frames of the program in the order of time; −1 for an idle one. */
  readonly #begun: number[] = [];
  #next = 0;
  /** Cycle of the last result; −1 before the first. */
  last = -1;
  idle = 0;

  constructor(rows: number, program: Uint32Array, feed: Feed, ready: Ready) {
    this.#node = new Node({ ...IDLE_FUNCTION, rows, accumulation: 'bf16' });
    this.#program = program;
    this.#ready = ready;
    const at = (frame: number): number => this.#begun[frame];
    this.#feed = {
      row: (frame, chunk, inputs) => feed.row?.(at(frame), chunk, inputs),
      activations: (frame, inputs) => feed.activations?.(at(frame), inputs),
      partial: (frame, column, inputs) => feed.partial?.(at(frame), column, inputs),
      result: (frame, index, values) => feed.result?.(at(frame), index, values),
    };
  }

  /** Every frame has begun. */
  get done(): boolean {
    return this.#next === this.#program.length;
  }

  readonly #frameAt = (index: number): number => {
    const frame = this.#begun[index] ?? -1;
    return frame < 0 ? F.IDLE : this.#program[frame];
  };

  #begin(cycle: number): void {
    if (!this.done && this.#ready(this.#next, cycle)) this.#begun.push(this.#next++);
    else {
      this.#begun.push(-1);
      if (!this.done) this.idle++;
    }
    this.#node.inputs.frame = this.#frameAt(this.#begun.length - 1);
  }

  /** Before cycle 0: the first frame enters. */
  start(): void {
    this.#begin(-1);
    this.#node.clock();
  }

  /** One cycle. */
  clock(cycle: number): void {
    if ((cycle & 7) === 7) this.#begin(cycle);
    drive(this.#node.inputs, this.#feed, cycle, this.#frameAt);
    if (this.#node.resultValid) {
      this.last = cycle;
      deliver(this.#node, this.#feed, cycle, this.#frameAt);
    }
    this.#node.clock();
  }
}
