import { round } from '../number/bf16.ts';
import { REGION_CODE } from '../vlp/statistics.ts';
import type { Interval, SoftmaxOptions } from './approximation.ts';

/*
 * What happens to the inputs of a method without windows: zeros, NaN and infinities apart, an input is inside the
 * interval in which the method approximates, or above it.
 */

function codeOf(x: number, { from, to }: Interval): number {
  if (!Number.isFinite(x)) return REGION_CODE.special;
  if (x < from || x > to) return REGION_CODE.above;
  return x === 0 ? REGION_CODE.zero : REGION_CODE.inside;
}

/** Fills `regions` for the inputs `x`, which count by their BF16 rounding. */
export function recordRegions(regions: Uint8Array, x: Float32Array, interval: Interval): void {
  for (let i = 0; i < regions.length; i++) regions[i] = codeOf(round(x[i]), interval);
}

/** The same for a softmax along rows of `cols` scores: an entry counts by its distance from the row maximum. */
export function recordSoftmaxRegions(
  regions: Uint8Array,
  scores: Float32Array,
  cols: number,
  { masked, lengths }: SoftmaxOptions,
  interval: Interval,
): void {
  for (let begin = 0; begin < regions.length; begin += cols) {
    const end = begin + (lengths === undefined ? cols : lengths[begin / cols]);
    const live = (i: number): boolean => i < end && (masked === undefined || masked[i] === 0);
    let max = -Infinity;
    for (let i = begin; i < end; i++) if (live(i) && !(scores[i] <= max)) max = scores[i];
    const top = round(max);
    for (let i = begin; i < begin + cols; i++) {
      regions[i] = live(i) ? codeOf(round(round(scores[i]) - top), interval) : REGION_CODE.masked;
    }
  }
}
