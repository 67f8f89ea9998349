import { emissionOf, type Environment } from '../technology/environment.ts';
import {
  type GramsCO2e,
  gramsCO2e,
  JOULES_PER_MEGAJOULE,
  type Joules,
  SECONDS_PER_YEAR,
  type SquareMillimetres,
  type Watts,
} from '../units.ts';
import { type Group, GROUPS, type Operator } from '../workload/operator.ts';
import type { Share } from './share.ts';

export interface Carbon {
  /** Of running the inference, by group. */
  operational: Record<Group, GramsCO2e>;
  operationalTotal: GramsCO2e;
  /** Share of fabrication that falls on the inference, by its time in the chip's life. */
  embodied: GramsCO2e;
  /** Fabrication of the whole chip. */
  fabrication: GramsCO2e;
}

/** What carbon is made of: energy and time of the inference, and the chip. */
export interface CarbonBasis {
  operators: readonly { operator: Operator; energy: Joules }[];
  groups: Readonly<Record<Group, Share>>;
  total: Share;
  leakage: Watts;
  area: SquareMillimetres;
  environment: Environment;
}

/** Operational and embodied carbon (Mugi §2.4, §5.3). */
export function carbon({ groups, total, leakage, area, environment }: CarbonBasis): Carbon {
  const perJoule = emissionOf(environment);
  const operational = {} as Record<Group, GramsCO2e>;
  for (const group of GROUPS) {
    const { time, energy } = groups[group];
    operational[group] = gramsCO2e(perJoule * (leakage * time + energy));
  }
  const fabrication = environment.fabricationMJPerMm2 * area * JOULES_PER_MEGAJOULE * perJoule;
  const life = environment.lifetimeYears * SECONDS_PER_YEAR;
  return {
    operational,
    operationalTotal: sumOfGroups(operational),
    embodied: gramsCO2e((fabrication * total.time) / life),
    fabrication: gramsCO2e(fabrication),
  };
}

export function sumOfGroups(grams: Readonly<Record<Group, GramsCO2e>>): GramsCO2e {
  let sum = 0;
  for (const group of GROUPS) sum += grams[group];
  return gramsCO2e(sum);
}
