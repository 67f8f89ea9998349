import { nodeCount } from '../../design/design.ts';
import { gemmVector } from '../../design/mapping/counts.ts';
import { axis } from '../../design/mapping/axis.ts';
import { partialResults } from '../../design/mapping/chains.ts';
import { lanesOf, mapAxes, tileOf } from '../../design/mapping/gemm.ts';
import { sliced, slicesOf } from '../../design/mapping/slices.ts';
import { planOf } from '../../design/mesh/planner.ts';
import { CUT_AXES, type MeshPlan } from '../../design/mesh/split.ts';
import { type GemmOperator, macs } from '../../workload/operator.ts';
import {
  applyRules,
  dramCycles,
  type Execution,
  LOAD,
  type MeshUse,
  moving,
  occupyLinks,
  occupySrams,
  portsOf,
  scalingCycles,
  type System,
} from './execution.ts';
import type { PricedDesign } from '../price.ts';
import { causalShare, scaled, scalingsOf, wordsOf } from './product.ts';

/**
 * One execution of a GEMM on a mesh: events and words of all nodes, each with its own share, and the time of the
 * busiest. What several nodes need leaves DRAM once and is copied on the way.
 */
export function executeMeshed(priced: PricedDesign, op: GemmOperator, system: System): Execution {
  const { design } = priced;
  const tile = tileOf(design, op);
  const slices = slicesOf(op.weightBits, design.array.weightBits);
  const plan = planOf(design, op, tile);
  const { shares, node: busiest } = plan;
  const k = axis(op.k, tile.k, lanesOf(design.array).k);
  const axes = {
    batch: op.batch,
    m: shares.m.whole,
    // Cut between tiles, its parts are together what it is.
    k,
    n: shares.n.whole,
    partials: partialResults(design, op, k, tile.k),
  };
  const whole = sliced(mapAxes(design, op, axes), slices);
  const node = sliced(mapAxes(design, op, busiest), slices);
  node.counts.arrayCycles += plan.wait * slices;
  const kept = op.causal === undefined ? 1 : causalShare(design, op, whole);
  const use = useOf(plan, nodeCount(design), whole.counts.steps / node.counts.steps);
  whole.counts.mappings *= use.nodes;
  scaled(whole, kept);
  scaled(node, kept);
  const { counts, traffic } = whole;
  const delivered = traffic.input + traffic.weight + traffic.output;
  const execution = moving(
    {
      input: (traffic.input * shares.n.node.tiles) / axes.n.tiles,
      weight: (traffic.weight * shares.m.node.tiles) / axes.m.tiles,
      output: traffic.output,
    },
    wordsOf(whole),
  );
  execution.macs = macs(op) * kept;
  execution.issuedMacs = whole.issuedMacs;
  execution.drains = counts.outputDrains;
  const partials = plan.links.partials * kept;
  execution.mesh = { ...use, delivered: delivered + partials, partials };
  applyRules(execution, priced.gemm, gemmVector(counts), gemmVector(node.counts), 1);
  const scalings = scalingsOf(design, op, kept);
  if (scalings > 0) {
    // Each node scales what it multiplies.
    execution.multiplies = scalings * shares.n.used;
    const share = (['batch', 'm', 'k'] as const).reduce(
      (part, cut) => (part * shares[cut].node.size) / shares[cut].whole.size,
      1,
    );
    execution.scalings = scalings * share;
    execution.load[LOAD.vector] += scalingCycles(execution, design);
  }
  occupySrams(execution, priced, portsOf(wordsOf(node)), 1);
  const { dram } = execution;
  execution.load[LOAD.dram] = dramCycles(dram.input + dram.weight + dram.output, system);
  occupyLinks(execution, plan.links.busiest * kept, plan.links.bitHops * kept, system);
  return execution;
}

const LETTERS = { batch: 'batch', m: 'M', n: 'N', k: 'K' } as const;

/** How a plan shares a product out. */
function useOf({ shares }: MeshPlan, nodes: number, work: number): MeshUse {
  const parts: { axis: string; parts: number }[] = [];
  let used = 1;
  for (const cut of CUT_AXES) {
    const { mostUsed } = shares[cut];
    used *= mostUsed;
    if (mostUsed > 1) parts.push({ axis: LETTERS[cut], parts: mostUsed });
  }
  return { parts, nodes: used, balance: work / nodes, delivered: 0, partials: 0 };
}
