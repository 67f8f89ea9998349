import { isMeshed, nodeCount } from '../../design/design.ts';
import { gemmVector } from '../../design/mapping/counts.ts';
import { mapGemm, tileOf } from '../../design/mapping/gemm.ts';
import { sliced, slicesOf } from '../../design/mapping/slices.ts';
import { type GemmOperator, macs } from '../../workload/operator.ts';
import {
  applyRules,
  type Execution,
  LOAD,
  moving,
  occupyEdges,
  occupySrams,
  portsOf,
  scalingCycles,
  type System,
} from './execution.ts';
import { executeMeshed } from './meshed.ts';
import type { PricedDesign } from '../price.ts';
import { causalShare, scaled, scalingsOf, wordsOf } from './product.ts';

/** One execution of a GEMM on a priced design. */
export function executeGemm(priced: PricedDesign, op: GemmOperator, system: System): Execution {
  const { design } = priced;
  if (isMeshed(design)) return executeMeshed(priced, op, system);
  const mapping = sliced(
    mapGemm(design, op, tileOf(design, op)),
    slicesOf(op.weightBits, design.array.weightBits),
  );
  const kept = op.causal === undefined ? 1 : causalShare(design, op, mapping);
  scaled(mapping, kept);
  const { counts, traffic } = mapping;
  const execution = moving(traffic, wordsOf(mapping));
  execution.macs = macs(op) * kept;
  execution.issuedMacs = mapping.issuedMacs;
  execution.drains = counts.outputDrains;
  const nodes = nodeCount(design);
  const vector = gemmVector(counts);
  applyRules(execution, priced.gemm, vector, vector, nodes);
  const scalings = scalingsOf(design, op, kept);
  if (scalings > 0) {
    execution.multiplies = scalings;
    execution.scalings = scalings;
    execution.load[LOAD.vector] += scalingCycles(execution, design);
  }
  occupySrams(execution, priced, portsOf(execution.words), nodes);
  occupyEdges(execution, design, system);
  return execution;
}
