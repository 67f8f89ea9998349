import { MEMORIES, peakMacs } from '../design/design.ts';
import type { Preset } from '../preset.ts';
import { DEFAULT_ENVIRONMENT, dramBitsPerCycle, type Environment } from '../technology/environment.ts';
import {
  cycles,
  cyclesToSeconds,
  type Joules,
  joules,
  milliwattsToWatts,
  nanojoules,
  nanojoulesToJoules,
  type Seconds,
  seconds,
  type SquareMillimetres,
  type Watts,
} from '../units.ts';
import { GROUPS, type Group, type Operator, type Workload } from '../workload/operator.ts';
import { carbon, type Carbon } from './carbon.ts';
import { assertConservation } from './conservation.ts';
import { evaluateOperator, type OperatorResult } from './operator.ts';
import type { PricedDesign } from './price.ts';

/** Time and dynamic energy of some operators. */
export interface Share {
  time: Seconds;
  /** On-chip dynamic energy: array, SRAM, routers. */
  energy: Joules;
  /** The same with each operator counted for one layer only; what quirk Q11 takes for the whole. */
  energyOneLayer: Joules;
  /** Energy of off-chip traffic; beside the on-chip energy, never in it. */
  dram: Joules;
  macs: number;
}

export interface OperatorEvaluation extends OperatorResult {
  time: Seconds;
  energy: Joules;
  /** MACs over those that the array could have issued in the operator's time. */
  utilisation: number;
}

/** One design on one workload, with everything that its numbers rest on. */
export interface Evaluation {
  priced: PricedDesign;
  workload: Workload;
  preset: Preset;
  environment: Environment;
  operators: OperatorEvaluation[];
  groups: Record<Group, Share>;
  gemm: Share;
  nonlinear: Share;
  other: Share;
  total: Share;
  leakage: Watts;
  area: SquareMillimetres;
  carbon: Carbon;
}

/** Whole inference of `workload` on a priced design: time, energy, carbon. Pure; operators run one after another. */
export function evaluate(
  priced: PricedDesign,
  workload: Workload,
  preset: Preset,
  environment: Environment = DEFAULT_ENVIRONMENT,
): Evaluation {
  const { clock } = priced.technology;
  const system = { dramBitsPerCycle: dramBitsPerCycle(environment, clock), linkBits: environment.linkBits };
  const peak = peakMacs(priced.design);
  const groups = Object.fromEntries(GROUPS.map((group) => [group, emptyShare()])) as Record<Group, Share>;
  const [gemm, nonlinear, other, total] = [emptyShare(), emptyShare(), emptyShare(), emptyShare()];
  const operators = workload.operators.map((operator) => {
    const result = evaluateOperator(priced, operator, preset.repairs, system);
    const time = cyclesToSeconds(cycles(result.cycles), clock);
    const energy = energyOf(priced, result);
    const dramBits = result.dram.input + result.dram.weight + result.dram.output;
    const dram = joules(dramBits * environment.dramPicojoulesPerBit * 1e-12);
    const kind = operator.kind === 'gemm' ? gemm : operator.group === 'nonlinear' ? nonlinear : other;
    for (const share of [groups[operator.group], kind, total])
      add(share, operator, time, energy, dram, result.macs);
    const utilisation = result.cycles > 0 ? result.macs / (result.cycles * peak) : 0;
    return { ...result, time, energy, utilisation };
  });
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
    leakage: milliwattsToWatts(priced.leakage),
    area: priced.area,
    carbon: carbon(
      groups,
      total,
      milliwattsToWatts(priced.leakage),
      priced.area,
      preset.repairs,
      environment,
    ),
  };
  assertConservation(evaluation);
  return evaluation;
}

const emptyShare = (): Share => ({
  time: seconds(0),
  energy: joules(0),
  energyOneLayer: joules(0),
  dram: joules(0),
  macs: 0,
});

function add(
  share: Share,
  { layers }: Operator,
  time: Seconds,
  energy: Joules,
  dram: Joules,
  macs: number,
): void {
  share.time = seconds(share.time + time);
  share.energy = joules(share.energy + energy);
  share.energyOneLayer = joules(share.energyOneLayer + energy / layers);
  share.dram = joules(share.dram + dram);
  share.macs += macs;
}

/** On-chip dynamic energy of an operator: events, SRAM accesses, router activations. */
function energyOf({ eventEnergy, srams, router }: PricedDesign, result: OperatorResult): Joules {
  let energy = 0;
  for (const { event, count } of result.events) energy += eventEnergy[event]! * count;
  for (const memory of MEMORIES) {
    const { reads, writes } = result.accesses[memory];
    energy += srams[memory].read_nJ * reads + srams[memory].write_nJ * writes;
  }
  if (router !== undefined) energy += router.energy * result.routing;
  return nanojoulesToJoules(nanojoules(energy));
}
