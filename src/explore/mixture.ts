import type { Metric } from '../evaluate/evaluation.ts';
import { energyEfficiency } from '../evaluate/metric/define.ts';
import { type MetricName, METRICS } from '../evaluate/metrics.ts';

/** Shares of tokens that models have, from their weights. */
export function sharesOf(models: readonly { weight: number }[]): number[] {
  const sum = models.reduce((total, { weight }) => total + weight, 0);
  return models.map(({ weight }) => weight / sum);
}

type Mixed = (name: MetricName) => number;

/** Metrics that multiply or divide others: a mean of them would be of no chip, so they follow from the means of those. */
const DERIVED: Partial<Record<string, (mixed: Mixed) => number>> = {
  power_W: (mixed) => mixed('energy_J') / mixed('time_s'),
  energy_delay_product_Js: (mixed) => mixed('energy_J') * mixed('time_s'),
  energy_efficiency_tokens_per_s_per_MJ: (mixed) =>
    energyEfficiency(mixed('tokens_per_s'), mixed('energy_J')),
  power_efficiency_tokens_per_s_per_W: (mixed) => mixed('tokens_per_s') / mixed('power_W'),
} satisfies Partial<Record<MetricName, (mixed: Mixed) => number>>;

const BY_NAME = new Map<string, Pick<Metric, 'name' | 'better'>>(
  METRICS.map((metric) => [metric.name, metric]),
);

/**
 * A metric of several models that share a chip, each with its share of the tokens: what a token costs is averaged
 * arithmetically, what is made a second or a joule harmonically, since it is the times and the energies that add up.
 * Power, efficiencies and the energy-delay product follow from mixed energy, time and throughput by their definitions.
 * @param valuesOf a metric of each model; NaN where its inference has none
 */
export function mixtureOf(
  { name, better }: Pick<Metric, 'name' | 'better'>,
  valuesOf: (name: string) => readonly number[],
  shares: readonly number[],
): number {
  const derived = DERIVED[name];
  if (derived !== undefined) return derived((one) => mixtureOf(BY_NAME.get(one)!, valuesOf, shares));
  const values = valuesOf(name);
  let sum = 0;
  if (better !== 'higher') {
    for (let i = 0; i < values.length; i++) sum += shares[i] * values[i];
    return sum;
  }
  for (let i = 0; i < values.length; i++) sum += shares[i] / values[i];
  return 1 / sum;
}
