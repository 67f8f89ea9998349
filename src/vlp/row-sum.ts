import { MugiError } from '../errors.ts';
import * as bf16 from '../number/bf16.ts';

/**
 * How the exponentials of a softmax row are added. Each addition is rounded once to the format in the name.
 * - `fp32`, `bf16`: one key after the other, from +0 on. A BF16 sum stands still once a term is below half a step.
 * - `bf16-chains`: chains of `ROW_CHAIN` keys, each from +0 on; the vector unit adds the chains.
 * - `bf16-cascade`: eight keys make a sum, eight such sums one of the next of four levels, in the ring of the output
 *   accumulator, of which one key after the other uses one place in eight. The last level has no end.
 * - `bf16-compensated`: what each addition loses is taken from the next term (Kahan, CACM 8, 1965).
 */
export const ROW_SUMS = ['fp32', 'bf16', 'bf16-chains', 'bf16-cascade', 'bf16-compensated'] as const;
export type RowSum = (typeof ROW_SUMS)[number];

/** How softmax turns its sum into probabilities. */
export const NORMALISATIONS = ['reciprocal', 'divide', 'vlp', 'vlp-newton'] as const;
export type Normalisation = (typeof NORMALISATIONS)[number];

/** Keys of a chain. */
const ROW_CHAIN = 128;
/** Terms of a sum of the cascade, and its levels: every second of the ring's eight places, for an adder of two stages. */
export const CASCADE_TERMS = 8;
export const CASCADE_LEVELS = 4;

const add = (a: number, b: number): number => bf16.round(a + b);

/** The sum of `count` BF16 values from `begin` on, as a row accumulator forms it. Zeros at the end change nothing. */
export function rowSum(values: Float32Array, begin: number, count: number, sum: RowSum): number {
  switch (sum) {
    case 'fp32':
      return serial(values, begin, count, (a, b) => Math.fround(a + b));
    case 'bf16':
      return serial(values, begin, count, add);
    case 'bf16-chains': {
      let total = 0;
      for (let at = 0; at < count; at += ROW_CHAIN) {
        total = add(total, serial(values, begin + at, Math.min(ROW_CHAIN, count - at), add));
      }
      return total;
    }
    case 'bf16-cascade':
      return cascade(values, begin, count);
    case 'bf16-compensated': {
      let total = 0;
      let excess = 0;
      for (let i = begin; i < begin + count; i++) {
        const term = add(values[i], -excess);
        const next = add(total, term);
        excess = add(add(next, -total), -term);
        total = next;
      }
      return total;
    }
  }
}

function serial(
  values: Float32Array,
  begin: number,
  count: number,
  plus: (a: number, b: number) => number,
): number {
  let sum = 0;
  for (let i = begin; i < begin + count; i++) sum = plus(sum, values[i]);
  return sum;
}

function cascade(values: Float32Array, begin: number, count: number): number {
  const levels = new Float64Array(CASCADE_LEVELS);
  for (let i = 0; i < count; i++) {
    levels[0] = add(levels[0], values[begin + i]);
    for (let level = 1, keys = i + 1; level < CASCADE_LEVELS && keys % CASCADE_TERMS === 0; level++) {
      levels[level] = add(levels[level], levels[level - 1]);
      levels[level - 1] = 0;
      keys /= CASCADE_TERMS;
    }
  }
  return levels.reduce((sum, level) => add(level, sum));
}

/**
 * Bound on |ln(sum as formed ∕ exact sum)| of `count` values that are not negative, `rounding` being what one rounding
 * may change: as many roundings as a term meets on its longest way. The compensated sum's is Kahan's, doubled.
 */
export function rowSumError(count: number, sum: RowSum, rounding: number): number {
  switch (sum) {
    case 'fp32':
      return count * 2 ** -24 * 1.01;
    case 'bf16':
      return count * rounding;
    case 'bf16-chains':
      return (Math.min(count, ROW_CHAIN) + Math.ceil(count / ROW_CHAIN)) * rounding;
    case 'bf16-cascade': {
      const below = CASCADE_LEVELS - 1;
      return (CASCADE_TERMS * below + Math.ceil(count / CASCADE_TERMS ** below) + below) * rounding;
    }
    case 'bf16-compensated':
      return Math.min(count * rounding, 4 * rounding + 4 * count * rounding ** 2);
  }
}

/** Refuses sums that no row accumulator forms. */
export function checkRowSum(sum: string): RowSum {
  const found = ROW_SUMS.find((known) => known === sum);
  if (found !== undefined) return found;
  throw new MugiError({
    code: 'unknown-name',
    message: `unknown sum of a softmax row "${sum}"`,
    path: 'accumulate',
    expected: ROW_SUMS.join(', '),
    received: sum,
    nearest: sum === 'float32' ? 'fp32' : undefined,
  });
}
