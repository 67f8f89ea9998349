import { round } from '../number/bf16.ts';
import { exp } from '../number/exp.ts';
import { drainLanes, newLanes } from '../number/lane-sums.ts';

const lanes = newLanes();

/**
 * Softmax of x[begin … end) in double precision, rounded to float32, into `out`; sums go by four lanes that take turns.
 * Entries that are `masked` become 0.
 * @param bf16 round scores and results to BF16 instead
 * @returns how many entries are masked
 */
export function exactSoftmaxRow(
  x: Float32Array,
  out: Float32Array,
  begin: number,
  end: number,
  masked: Uint8Array | undefined,
  bf16: boolean,
): number {
  let max = -Infinity;
  let dead = 0;
  for (let i = begin; i < end; i++) {
    if (masked !== undefined && masked[i] !== 0) dead += 1;
    else if (!(x[i] <= max)) max = x[i];
  }
  const origin = shift(max, bf16);
  for (let i = begin; i < end; i++) {
    const live = masked === undefined || masked[i] === 0;
    const y = live ? exp((bf16 ? round(x[i]) : x[i]) - origin) : 0;
    out[i] = y;
    lanes[(i - begin) & 3] += y;
  }
  const sum = drainLanes(lanes);
  // An empty row, or one of −∞ only, has no largest entry to be measured against: all 0.
  const scale = sum === 0 ? 0 : 1 / sum;
  for (let i = begin; i < end; i++) out[i] = bf16 ? round(out[i] * scale) : out[i] * scale;
  return dead;
}

/** What is subtracted from a row whose live entries are all −∞: anything finite, their exp is 0 either way. */
function shift(max: number, bf16: boolean): number {
  const top = bf16 ? round(max) : max;
  return top === -Infinity ? 0 : top;
}
