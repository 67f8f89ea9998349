import type { Metric } from './evaluation.ts';

/**
 * How many times better a value is than that of a baseline, the one convention of × for every quantity: above 1 is better,
 * whichever way the metric points. Nothing where no way is better, or where there is no ratio.
 * @param ratio the value over the baseline's
 */
export function gainOf({ better }: Pick<Metric, 'better'>, ratio: number | undefined): number | undefined {
  if (better === undefined || ratio === undefined || !(ratio > 0) || !Number.isFinite(ratio))
    return undefined;
  return better === 'higher' ? ratio : 1 / ratio;
}

/** Gains within this of 1 are neither better nor worse: two decimals show them as 1.00. */
const TIE = 0.005;

/** What a gain is, for its colour. */
export const verdict = (gain: number): 'better' | 'same' | 'worse' =>
  Math.abs(gain - 1) < TIE ? 'same' : gain > 1 ? 'better' : 'worse';

/** A gain as people read it: `1.28×`, `12.3×`, `0.0879×`. */
export function gainText(gain: number): string {
  if (gain >= 100) return `${gain.toFixed(0)}×`;
  if (gain >= 10) return `${gain.toFixed(1)}×`;
  return gain >= 0.1 ? `${gain.toFixed(2)}×` : `${gain.toPrecision(2)}×`;
}
