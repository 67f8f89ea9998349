import type { Metric } from '../evaluate/evaluation.ts';

/** Shares of tokens that models have, from their weights. */
export function sharesOf(models: readonly { weight: number }[]): number[] {
  const sum = models.reduce((total, { weight }) => total + weight, 0);
  return models.map(({ weight }) => weight / sum);
}

/**
 * A metric of several models that share a chip, each with its share of the tokens: what a token costs is averaged
 * arithmetically, what is made a second or a joule harmonically, since it is the times and the energies that add up.
 */
export function meanOf(
  { better }: Pick<Metric, 'better'>,
  values: readonly number[],
  shares: readonly number[],
): number {
  let sum = 0;
  if (better !== 'higher') {
    for (let i = 0; i < values.length; i++) sum += shares[i] * values[i];
    return sum;
  }
  for (let i = 0; i < values.length; i++) sum += shares[i] / values[i];
  return 1 / sum;
}
