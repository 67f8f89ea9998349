import { COLUMNS } from '../../../vlp/array.ts';
import { chainKey, gatherOutputs, type MeshRun, sharesOf } from '../../mesh/layout.ts';
import { type Link, Links } from '../../mesh/link.ts';
import { type Arrivals, arrivalKey, RESULT_BITS, sendOperands } from '../../mesh/operands.ts';
import * as F from '../program/frame.ts';
import { type FrameOf, NodeWork, tileKey } from './node-work.ts';
import { RunningNode } from './running-node.ts';
import type { MeshJob } from './shared-gemm.ts';

/** Words of an output tile: eight chunks of rows for each column. */
const TILE_WORDS = COLUMNS * COLUMNS;
/** Cycles behind the last frame of all nodes in which results still leave. */
const FLUSH = 16 * F.FRAME_CYCLES;

/**
 * GEMMs on a mesh of nodes, all of them cycle by cycle: memory sends tiles along the lines, nodes that need the same take
 * copies as it passes, and the total of a chain of partial sums goes from node to node over a link of its own.
 */
export function runMesh(job: MeshJob): MeshRun {
  const links = new Links(job.linkBits);
  const works = sharesOf(job).map((share) => new NodeWork(job, share));
  const chained = new Map(works.map((work) => [chainKey(work.share, 0), work]));
  const arrivals = new Map(works.map((work): [NodeWork, Arrivals] => [work, new Map()]));
  let [bitHops, partials, now] = [0, 0, 0];
  const exits: Link[] = [];
  for (let line = 0; line < job.lines; line++) {
    const own = works.filter(({ share }) => share.line === line);
    exits.push(links.next());
    if (own.length === 0) continue;
    bitHops += sendOperands(job, own, arrivals, { input: links.next(), weight: links.next() });
  }
  const nodes = works.map((work) => {
    const { share } = work;
    const next = chained.get(chainKey(share, 1));
    const out = next === undefined ? exits[share.line] : links.next();
    const feed = work.feed((of, column, values) => {
      const { live, at } = liveWords(job, work, of, column);
      const bits = live * RESULT_BITS;
      const arrived = live > 0 ? out.send(bits, now) : now + 1;
      bitHops += bits * (next === undefined ? share.position + 1 : 1);
      if (next === undefined) return;
      partials += bits;
      if (live > 0) next.feeds[of.product].output.set(values.subarray(0, live), at);
      const key = tileKey(of.product, of.step);
      const words = (next.totals.get(key)?.words ?? 0) + 1;
      next.totals.set(key, { words, arrived: Math.max(arrived, next.totals.get(key)?.arrived ?? 0) });
    });
    const operands = arrivals.get(work)!;
    const ready = (index: number, cycle: number): boolean => {
      const { feed: own, product, frame, step } = work.locate(index);
      const word = own.program[frame];
      if (frame === own.starts[own.steps.indexOf(step)] && job.linkBits !== undefined) {
        const [nTile, kTile] = [Math.floor(step.n / job.tile.n), Math.floor((step.to - 1) / job.tile.k)];
        if (operands.get(arrivalKey(product, nTile, kTile))! > cycle) return false;
      }
      const first = (word & F.DRAIN) !== 0 && F.chunkOf(word) === 0 && step.from === 0 && share.part.k > 0;
      if (!first) return true;
      const total = work.totals.get(tileKey(product, step));
      return total !== undefined && total.words === TILE_WORDS && total.arrived <= cycle;
    };
    return new RunningNode(job.rows, work.program, feed, ready);
  });
  for (const node of nodes) node.start();
  for (let flushed = 0; flushed < FLUSH; now++) {
    for (const node of nodes) node.clock(now);
    flushed = nodes.every(({ done }) => done) ? flushed + 1 : 0;
  }
  return {
    outputs: gatherOutputs(job, works, ({ feeds }, product) => feeds[product].output),
    cycles: Math.max(...nodes.map(({ last }) => last)) + 1,
    nodes: nodes.length,
    idle: nodes.reduce((sum, { idle }) => sum + idle, 0),
    busiestLink: links.busiest,
    bitHops,
    partials,
  };
}

/** Results of a column that exist, and where the first of them stands in the node's output. */
function liveWords(
  job: MeshJob,
  { share }: NodeWork,
  { feed, frame, step }: FrameOf,
  column: number,
): { live: number; at: number } {
  const lanes = job.rows / COLUMNS;
  const [height, width] = [job.parts.m[share.part.m], job.parts.n[share.part.n]];
  const first = step.n + F.chunkOf(feed.program[frame]) * lanes;
  const inside = step.m + column < height;
  return {
    live: inside ? Math.max(0, Math.min(lanes, width - first)) : 0,
    at: (step.m + column) * width + Math.min(first, width),
  };
}
