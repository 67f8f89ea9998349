import { peakMacs } from '../design/design.ts';
import { DEFAULT_ENVIRONMENT, dramBitsPerCycle, type Environment } from '../technology/environment.ts';
import {
  cycles,
  cyclesToSeconds,
  type Joules,
  joules,
  milliwattsToWatts,
  nanojoules,
  nanojoulesToJoules,
  picojoulesToJoules,
  type Seconds,
  seconds,
} from '../units.ts';
import type { Group, Workload } from '../workload/operator.ts';
import { carbon } from './carbon.ts';
import type { Preset } from './evaluation.ts';
import { assertConservation } from './conservation.ts';
import type { Evaluation, OperatorEvaluation } from './evaluation.ts';
import { type Execution, READS, WRITES } from './execution.ts';
import { evaluateOperator } from './operator.ts';
import type { PricedDesign } from './price.ts';
import type { Share } from './share.ts';

/** Whole inference of `workload` on a priced design: time, energy, carbon. Pure; operators run one after another. */
export function evaluate(
  priced: PricedDesign,
  workload: Workload,
  preset: Preset,
  environment: Environment = DEFAULT_ENVIRONMENT,
): Evaluation {
  const { clock } = priced.technology;
  const system = { dramBitsPerCycle: dramBitsPerCycle(environment, clock), linkBits: environment.linkBits };
  const { changes } = preset;
  const peak = peakMacs(priced.design);
  const dramJoulesPerBit = picojoulesToJoules(environment.dramPicojoulesPerBit);
  const groups: Record<Group, Share> = {
    projection: emptyShare(),
    attention: emptyShare(),
    ffn: emptyShare(),
    nonlinear: emptyShare(),
    output: emptyShare(),
    other: emptyShare(),
  };
  const [gemm, nonlinear, other, total] = [emptyShare(), emptyShare(), emptyShare(), emptyShare()];
  const operators: OperatorEvaluation[] = [];
  for (const operator of workload.operators) {
    const { cycles: busy, bound, work } = evaluateOperator(priced, operator, system, changes.execution);
    const time = cyclesToSeconds(cycles(busy), clock);
    const energy = energyOf(priced, work);
    const dram = joules((work.dram.input + work.dram.weight + work.dram.output) * dramJoulesPerBit);
    const kind = operator.kind === 'gemm' ? gemm : operator.group === 'nonlinear' ? nonlinear : other;
    add(groups[operator.group], time, energy, dram, work.macs);
    add(kind, time, energy, dram, work.macs);
    add(total, time, energy, dram, work.macs);
    const utilisation = busy > 0 ? work.macs / (busy * peak) : 0;
    operators.push({ operator, cycles: busy, bound, work, time, energy, utilisation });
  }
  const leakage = milliwattsToWatts(priced.leakage);
  const basis = { operators, groups, total, leakage, area: priced.area, environment };
  let emitted = carbon(basis);
  for (const change of changes.carbon) emitted = change(emitted, basis);
  const evaluation: Evaluation = {
    priced,
    workload,
    preset,
    environment,
    operators,
    groups,
    gemm,
    nonlinear,
    other,
    total,
    leakage,
    area: priced.area,
    carbon: emitted,
  };
  assertConservation(evaluation);
  return evaluation;
}

const emptyShare = (): Share => ({
  time: seconds(0),
  energy: joules(0),
  dram: joules(0),
  macs: 0,
});

function add(share: Share, time: Seconds, energy: Joules, dram: Joules, macs: number): void {
  share.time = seconds(share.time + time);
  share.energy = joules(share.energy + energy);
  share.dram = joules(share.dram + dram);
  share.macs += macs;
}

/** On-chip dynamic energy of an operator: events, SRAM accesses, router activations. */
function energyOf({ eventEnergy, srams, router }: PricedDesign, work: Execution): Joules {
  const { rules, counts } = work;
  let energy = 0;
  if (rules !== undefined) {
    for (let i = 0; i < counts.length; i++) energy += rules.nanojoules[i] * counts[i];
  }
  if (work.multiplies > 0) energy += eventEnergy['element multiply'] * work.multiplies;
  if (work.adds > 0) energy += eventEnergy['element add'] * work.adds;
  const { words } = work;
  energy += srams.input.read_nJ * words[READS.input] + srams.input.write_nJ * words[WRITES.input];
  energy += srams.weight.read_nJ * words[READS.weight] + srams.weight.write_nJ * words[WRITES.weight];
  energy += srams.output.read_nJ * words[READS.output] + srams.output.write_nJ * words[WRITES.output];
  if (router !== undefined) energy += router.energy * work.routing;
  return nanojoulesToJoules(nanojoules(energy));
}
