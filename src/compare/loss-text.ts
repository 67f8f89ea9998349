import type { LossDifference, LossMeasurement } from '../accuracy/score/loss-increase.ts';

/** The measurement that a comparison shows beside speed and energy. */
export interface ComparedAccuracy extends LossMeasurement {
  /** The measured model is the one whose hardware is compared. */
  own: boolean;
}

/** What a loss was measured on. */
export const measuredOn = ({ targets, data }: Pick<LossMeasurement, 'targets' | 'data'>): string =>
  `${targets} targets of ${data === 'embedded' ? 'the embedded text' : 'its data'}`;

/** A measured loss increase in words: `+0.0004 ± 0.0022 tie`. */
export function lossText({ loss_increase, loss_increase_ci95, tie }: LossDifference): string {
  const sign = loss_increase < 0 ? '−' : '+';
  const size = `${sign}${Math.abs(loss_increase).toFixed(4)}`;
  if (!Number.isFinite(loss_increase_ci95)) return `${size} (one block: no interval)`;
  return `${size} ± ${loss_increase_ci95.toFixed(4)}${tie ? ' tie' : ''}`;
}
