import type { MemoryName } from '../design/design.ts';
import type { SramRow } from '../technology/technology.ts';
import { type Joules, nanojoules, nanojoulesToJoules } from '../units.ts';
import { type Execution, READS, WRITES } from './execute/execution.ts';
import type { PricedDesign } from './price.ts';

/**
 * On-chip dynamic energy of an operator, in two steps that a sweep takes apart: what its logic switches depends on the
 * mapping alone, what its memories and routers take on their prices too.
 */

/** Nanojoules of events and element-wise work. */
export function logicEnergy({ eventEnergy }: Pick<PricedDesign, 'eventEnergy'>, work: Execution): number {
  const { rules, counts } = work;
  let energy = 0;
  if (rules !== undefined) {
    for (let i = 0; i < counts.length; i++) energy += rules.nanojoules[i] * counts[i];
  }
  if (work.multiplies > 0) energy += eventEnergy['element multiply'] * work.multiplies;
  if (work.adds > 0) energy += eventEnergy['element add'] * work.adds;
  return energy;
}

/** The same with SRAM accesses and router activations (`routed`, nanojoules). */
export function withMoves(
  logic: number,
  srams: Readonly<Record<MemoryName, SramRow>>,
  words: readonly number[],
  routed: number,
): Joules {
  const { input, weight, output } = srams;
  let energy = logic;
  energy += input.read_nJ * words[READS.input] + input.write_nJ * words[WRITES.input];
  energy += weight.read_nJ * words[READS.weight] + weight.write_nJ * words[WRITES.weight];
  energy += output.read_nJ * words[READS.output] + output.write_nJ * words[WRITES.output];
  return nanojoulesToJoules(nanojoules(energy + routed));
}
