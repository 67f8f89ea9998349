import { decode } from '../../number/bf16.ts';
import {
  chainKey,
  gatherOutputs,
  type MeshLayout,
  type MeshRun,
  productsOf,
  type NodeShare,
  sharedOperands,
  sharesOf,
} from '../mesh/layout.ts';
import { Links } from '../mesh/link.ts';
import { RESULT_BITS, sendOperands } from '../mesh/operands.ts';
import type { ArrayJob, ArrayRun, ArrayTile } from './job.ts';
import type { ArrayObserver } from './observe.ts';

/** Products of one shape for a mesh of arrays, each of which has at most one. */
export interface ArrayMeshJob extends MeshLayout {
  products: readonly ArrayJob[];
  tile: ArrayTile;
  /** Cycles from a total that is complete to the cycle in which the next node may add to it. */
  pass: number;
}

/** A cycle model of one node. */
type Model = (job: ArrayJob, tile: ArrayTile, observe?: ArrayObserver) => ArrayRun;

/** A sum that a node adds to a total, and the cycle of the node in which it does. */
interface Addition {
  place: number;
  cycle: number;
  first: boolean;
}

/** A node's run by itself, and when its totals are there. */
interface Work {
  share: NodeShare;
  run: ArrayRun;
  /** Cycles of the mesh in which its vector unit took the last sum of each output: all nodes have the same way to there. */
  totals: Float64Array;
  stopped: number;
}

/**
 * A GEMM on a mesh of arrays, each of them cycle by cycle. Operands lie in the nodes when they begin. Where K is cut, the
 * first scaled sum of an output is added to the total of the node before: a node whose total is not there stops, all of
 * its registers holding, until it is.
 */
export function runArrayMesh(model: Model, job: ArrayMeshJob): MeshRun {
  const links = new Links();
  const done = new Map<string, Work>();
  // Nodes of a chain of partial sums in its order.
  const shares = sharesOf(job).toSorted((a, b) => a.part.k - b.part.k);
  const works = shares.map((share): Work => {
    const before = done.get(chainKey(share, -1));
    const work = workOf(model, job, share, before);
    done.set(chainKey(share, 0), work);
    return work;
  });
  let [bitHops, partials] = [0, 0];
  for (let line = 0; line < job.lines; line++) {
    const own = works.filter(({ share }) => share.line === line);
    const exit = links.next();
    if (own.length === 0) continue;
    const arrivals = new Map(own.map((work) => [work, new Map<string, number>()]));
    bitHops += sendOperands(job, own, arrivals, { input: links.next(), weight: links.next() });
    for (const { share, run } of own) {
      const bits = run.output.length * RESULT_BITS;
      const passed = done.has(chainKey(share, 1));
      (passed ? links.next() : exit).send(bits, 0);
      bitHops += bits * (passed ? 1 : share.position + 1);
      if (passed) partials += bits;
    }
  }
  return {
    outputs: gatherOutputs(job, works, ({ run }) => run.output),
    cycles: Math.max(...works.map(({ run, stopped }) => run.cycles + stopped)),
    nodes: works.length,
    idle: works.reduce((sum, { stopped }) => sum + stopped, 0),
    busiestLink: links.busiest,
    bitHops,
    partials,
  };
}

/** Runs a node's share, then puts off what waits for the totals of the node before. */
function workOf(model: Model, job: ArrayMeshJob, share: NodeShare, before: Work | undefined): Work {
  const [product, ...others] = productsOf(job, share);
  if (others.length > 0) throw new RangeError('a node of this mesh has one product');
  const own = sharedOperands(job, share, job.products[product], job.tile.k);
  const additions: Addition[] = [];
  let stamped = 0;
  const run = model(
    {
      ...own,
      before: before && decode(before.run.output),
      added: (m, n, chain) => additions.push({ place: m * own.n + n, cycle: NaN, first: chain === 0 }),
    },
    job.tile,
    (cycle) => {
      for (; stamped < additions.length; stamped++) additions[stamped].cycle = cycle;
    },
  );
  const totals = new Float64Array(own.m * own.n);
  let stopped = 0;
  for (let at = 0; at < additions.length; ) {
    const { cycle } = additions[at];
    let to = at;
    for (; to < additions.length && additions[to].cycle === cycle; to++) {
      const { place, first } = additions[to];
      if (first && before !== undefined) stopped = Math.max(stopped, before.totals[place] + job.pass - cycle);
    }
    for (; at < to; at++) totals[additions[at].place] = cycle + stopped;
  }
  return { share, run, totals, stopped };
}
