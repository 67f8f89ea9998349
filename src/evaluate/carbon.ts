import type { Repairs } from '../preset.ts';
import type { Environment } from '../technology/environment.ts';
import { type GramsCO2e, gramsCO2e, type SquareMillimetres, type Watts } from '../units.ts';
import type { Group } from '../workload/operator.ts';
import type { Share } from './share.ts';

export interface Carbon {
  /** Of running the inference, by group; zero where the published model leaves a group out. */
  operational: Record<Group, GramsCO2e>;
  operationalTotal: GramsCO2e;
  /** Share of fabrication that falls on the inference, by its time in the chip's life. */
  embodied: GramsCO2e;
  /** Fabrication of the whole chip. */
  fabrication: GramsCO2e;
}

/** Groups of Fig. 15; the output head is left out as published (spared its operational part, not its time). */
const PUBLISHED_GROUPS: readonly Group[] = ['projection', 'attention', 'ffn', 'nonlinear'];
const SECONDS_PER_YEAR = 365 * 24 * 3600;
const MEGAJOULES_PER_KWH = 3.6;

/** Operational and embodied carbon (Mugi §2.4, §5.3), with quirk Q11 unless "carbon" is repaired. */
export function carbon(
  groups: Record<Group, Share>,
  total: Share,
  leakage: Watts,
  area: SquareMillimetres,
  repairs: Repairs,
  environment: Environment,
): Carbon {
  const gramsPerJoule = environment.carbonIntensity / (MEGAJOULES_PER_KWH * 1e6);
  const operational = {} as Record<Group, GramsCO2e>;
  let sum = 0;
  for (const group of Object.keys(groups) as Group[]) {
    const { time, energy, energyOneLayer } = groups[group];
    const oneLayer = !repairs.carbon && group !== 'nonlinear';
    const counted = repairs.carbon || PUBLISHED_GROUPS.includes(group);
    const grams = counted ? gramsPerJoule * (leakage * time + (oneLayer ? energyOneLayer : energy)) : 0;
    operational[group] = gramsCO2e(grams);
    sum += grams;
  }
  const fabrication = environment.fabricationMJPerMm2 * area * 1e6 * gramsPerJoule;
  const life = environment.lifetimeYears * SECONDS_PER_YEAR;
  return {
    operational,
    operationalTotal: gramsCO2e(sum),
    embodied: gramsCO2e((fabrication * total.time) / life),
    fabrication: gramsCO2e(fabrication),
  };
}
