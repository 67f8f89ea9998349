import { peakMacs } from '../design/design.ts';
import { DEFAULT_ENVIRONMENT, dramBitsPerCycle, type Environment } from '../technology/environment.ts';
import { cycles, cyclesToSeconds, joules, milliwattsToWatts, picojoulesToJoules } from '../units.ts';
import type { Workload } from '../workload/operator.ts';
import { type Carbon, type CarbonBasis, carbon } from './carbon.ts';
import type { Preset } from './evaluation.ts';
import { assertConservation } from './conservation.ts';
import type { Evaluation, OperatorEvaluation } from './evaluation.ts';
import { logicEnergy, withMoves } from './energy.ts';
import { evaluateOperator } from './execute/operator.ts';
import { hopEnergy, type PricedDesign } from './price.ts';
import { schedule } from './execute/schedule.ts';
import { add, emptyGroups, emptyShare, ofKind } from './share.ts';

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
  const hop = hopEnergy(priced);
  const dramJoulesPerBit = picojoulesToJoules(environment.dramPicojoulesPerBit);
  const groups = emptyGroups();
  const kinds = { gemm: emptyShare(), nonlinear: emptyShare(), other: emptyShare() };
  const total = emptyShare();
  const operators: OperatorEvaluation[] = [];
  const results = workload.operators.map((operator) =>
    evaluateOperator(priced, operator, system, changes.execution),
  );
  if (environment.schedule !== undefined) schedule(results, priced, system, environment);
  for (const { operator, cycles: busy, bound, work } of results) {
    const time = cyclesToSeconds(cycles(busy), clock);
    const energy = withMoves(logicEnergy(priced, work), priced.srams, work.words, hop * work.routing);
    const dram = joules((work.dram.input + work.dram.weight + work.dram.output) * dramJoulesPerBit);
    add(groups[operator.group], time, energy, dram, work.macs);
    add(ofKind(operator, kinds), time, energy, dram, work.macs);
    add(total, time, energy, dram, work.macs);
    const utilisation = busy > 0 ? work.macs / (busy * peak) : 0;
    operators.push({ operator, cycles: busy, bound, work, time, energy, utilisation });
  }
  const leakage = milliwattsToWatts(priced.leakage);
  const basis = { operators, groups, total, leakage, area: priced.area, environment };
  const emitted = carbonUnder(preset, basis);
  const evaluation: Evaluation = {
    priced,
    workload,
    preset,
    environment,
    operators,
    groups,
    gemm: kinds.gemm,
    nonlinear: kinds.nonlinear,
    other: kinds.other,
    total,
    leakage,
    area: priced.area,
    carbon: emitted,
  };
  assertConservation(evaluation);
  return evaluation;
}

/** Carbon as a preset sees it. */
export function carbonUnder({ changes }: Preset, basis: CarbonBasis): Carbon {
  let emitted = carbon(basis);
  for (const change of changes.carbon) emitted = change(emitted, basis);
  return emitted;
}
