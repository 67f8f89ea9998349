import { type Hertz, JOULES_PER_KWH } from '../units.ts';

/** What a schedule may do beyond running operators one by one: scores that stay on the chip, weights fetched ahead. */
export const SCHEDULES = ['fused', 'prefetch'] as const;
export type ScheduleName = (typeof SCHEDULES)[number];

/** What surrounds the chip and what its energy and area cost the world. Every value has its source beside it. */
export interface Environment {
  /** Off-chip bandwidth, GB/s (decimal). */
  dramGBps: number;
  /** Energy of one bit from or to DRAM. */
  dramPicojoulesPerBit: number;
  /** Width of a mesh link of one channel, bits per cycle. */
  linkBits: number;
  /** Carbon intensity of electricity, gCO2e per kWh. */
  carbonIntensity: number;
  /** Energy to fabricate one mm², MJ. */
  fabricationMJPerMm2: number;
  lifetimeYears: number;
  /** None when absent. */
  schedule?: readonly ScheduleName[];
}

export const DEFAULT_ENVIRONMENT: Environment = {
  // Mugi §5.2: HBM of 256 GB/s.
  dramGBps: 256,
  // HBM2, O'Connor et al., MICRO 2017.
  dramPicojoulesPerBit: 3.9,
  // Ours: the paper gives no width and says that the NoC does not limit compute (Mugi §5.2).
  linkBits: 1024,
  // World average (ACT, ISCA 2022), as in the Mugi artifact.
  carbonIntensity: 301,
  // Brunvand et al., Dark Silicon Considered Harmful, as in the Mugi artifact.
  fabricationMJPerMm2: 0.55,
  lifetimeYears: 5,
};

export const dramBitsPerCycle = ({ dramGBps }: Environment, clock: Hertz): number => (dramGBps * 8e9) / clock;

/** Grams of CO2e that a joule of electricity emits. */
export const emissionOf = ({ carbonIntensity }: Environment): number => carbonIntensity / JOULES_PER_KWH;
