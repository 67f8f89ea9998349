import { type Design, nodeCount } from '../design/design.ts';
import { gemmVector } from '../design/mapping/counts.ts';
import { type GemmMapping, mapGemm, tileOf } from '../design/mapping/gemm.ts';
import { inputScalings } from '../design/mapping/scales.ts';
import { sliced, slicesOf } from '../design/mapping/slices.ts';
import { type GemmOperator, macs } from '../workload/operator.ts';
import {
  applyRules,
  type Execution,
  LOAD,
  moving,
  multiplyCycles,
  occupyEdges,
  occupySrams,
  type System,
} from './execution.ts';
import type { PricedDesign } from './price.ts';

/** One execution of a GEMM on a priced design. */
export function executeGemm(priced: PricedDesign, op: GemmOperator, system: System): Execution {
  const { design } = priced;
  const mapping = sliced(
    mapGemm(design, op, tileOf(design, op)),
    slicesOf(op.weightBits, design.array.weightBits),
  );
  const kept = op.causal === undefined ? 1 : causalShare(design, op, mapping);
  if (kept < 1) scale(mapping, kept);
  const { counts, traffic } = mapping;
  const execution = moving(traffic, [
    counts.inputReads,
    counts.inputWrites,
    counts.weightReads,
    counts.weightWrites,
    counts.outputReads + counts.outputDrains,
    counts.outputWrites,
  ]);
  execution.macs = macs(op) * kept;
  execution.issuedMacs = mapping.issuedMacs;
  execution.drains = counts.outputDrains;
  applyRules(execution, priced.gemm, gemmVector(counts), nodeCount(design));
  // Queries are scaled all, whichever keys they need; probabilities that causality leaves out do not exist.
  const scalings = inputScalings(design, op) * (op.operand === 'keys' ? 1 : kept);
  if (scalings > 0) {
    execution.multiplies = scalings;
    execution.load[LOAD.vector] += multiplyCycles(scalings, design);
  }
  occupySrams(execution, priced);
  occupyEdges(execution, design, system);
  return execution;
}

/**
 * Share of the steps that a causal product needs. The array skips whole pieces only: a tile of columns holds
 * `columns / rowsPerPosition` query positions and needs the keys up to its last one, in pieces of `rows` keys when
 * they lie on N, one by one when they lie on K. A sliding window also skips the pieces before the first key that
 * the tile's first position still sees.
 */
function causalShare(design: Design, op: GemmOperator, mapping: GemmMapping): number {
  const { axis, rowsPerPosition, window = Infinity } = op.causal!;
  const positions = op.m / rowsPerPosition;
  const perTile = Math.max(1, Math.floor(design.array.columns / rowsPerPosition));
  const piece = axis === 'n' ? design.array.rows : design.array.depth;
  const whole = axis === 'n' ? mapping.n.folds : Math.ceil(mapping.k.size / piece);
  let needed = 0;
  let tiles = 0;
  for (let first = 0; first < positions; first += perTile) {
    const last = Math.min(positions, first + perTile);
    const skipped = Math.floor(Math.max(0, first + 1 - window) / piece);
    needed += Math.min(whole, Math.ceil(last / piece)) - skipped;
    tiles += 1;
  }
  return needed / (tiles * whole);
}

function scale(mapping: GemmMapping, share: number): void {
  const { counts, traffic } = mapping;
  for (const key of Object.keys(counts) as (keyof typeof counts)[])
    if (key !== 'mappings') counts[key] *= share;
  for (const key of Object.keys(traffic) as (keyof typeof traffic)[]) traffic[key] *= share;
  mapping.issuedMacs *= share;
}
