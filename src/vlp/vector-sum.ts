import { MugiError, unknownName, wholeNumber } from '../errors.ts';
import { MIN_NORMAL, round } from '../number/bf16.ts';

/**
 * What an array adds by itself before an accumulator takes the sum: `lanes` neighbouring inner indices, counted from
 * the start of a chain; the last vector of a chain may be shorter. Every addition is rounded once to BF16.
 * - `chain`: one product after the other, from +0 on, as down a column of a weight-stationary systolic array.
 * - `tree`: neighbours in pairs, then pairs of them, as in a dot product; missing products are +0.
 * - `integer`: exact. The activations of a vector are aligned to its largest exponent, as FIGNA does (HPCA 2024), and
 *   what falls below `guardBits` bits under the eight significant ones is cut off; the sum is rounded once.
 */
export interface VectorSum {
  lanes: number;
  order: (typeof VECTOR_ORDERS)[number];
  /** `integer` alone. */
  guardBits?: number;
}

const VECTOR_ORDERS = ['chain', 'tree', 'integer'] as const;

/** Bits that FIGNA's front end keeps below the eight significant ones of the largest activation. Our choice. */
export const GUARD_BITS = 4;

/** Most lanes of a vector; a sum of integers stays a float32 then. */
const MOST_LANES = 256;

/** Refuses words outside the vocabulary. */
export function checkVectorSum({ lanes, order, guardBits = GUARD_BITS }: VectorSum): void {
  wholeNumber('lanes', lanes, 1, MOST_LANES);
  wholeNumber('guardBits', guardBits, 0, 5);
  const known: readonly string[] = VECTOR_ORDERS;
  if (!known.includes(order)) throw unknownName('order', order, known, 'order');
}

/** The product of an activation and an INT4 weight, and the sum of two values, as the array rounds them. */
interface Steps {
  product(activation: number, weight: number): number;
  add(a: number, b: number): number;
}

/**
 * The sum of one vector.
 * @param activations BF16 values, of which `count` from `from` on are the vector's
 * @param weights INT4 values at the same places behind `offset`
 */
export function vectorSum(
  { order, guardBits = GUARD_BITS }: VectorSum,
  { product, add }: Steps,
  activations: Float32Array,
  weights: Int8Array,
  offset: number,
  from: number,
  count: number,
): number {
  switch (order) {
    case 'chain': {
      let sum = 0;
      for (let k = from; k < from + count; k++) sum = add(sum, product(activations[k], weights[offset + k]));
      return sum;
    }
    case 'tree': {
      const values = new Float32Array(count);
      for (let i = 0; i < count; i++) values[i] = product(activations[from + i], weights[offset + from + i]);
      for (let width = count; width > 1; width = Math.ceil(width / 2))
        for (let i = 0; 2 * i < width; i++)
          values[i] = add(values[2 * i], 2 * i + 1 < width ? values[2 * i + 1] : 0);
      return values[0];
    }
    case 'integer': {
      const unit = unitOf(activations.subarray(from, from + count), guardBits);
      let sum = 0;
      for (let k = from; k < from + count; k++) {
        // The front end reads subnormals as zero.
        const value = Math.abs(activations[k]) < MIN_NORMAL ? 0 : activations[k];
        sum += Math.trunc(value / unit) * weights[offset + k];
      }
      return fromInteger(sum, unit);
    }
  }
}

/** The unit of a vector's integers: the last place kept of its largest activation; NaN where one is no finite number. */
function unitOf(vector: Float32Array, guardBits: number): number {
  let largest = 0;
  for (const value of vector) {
    if (!Number.isFinite(value)) return Number.NaN;
    largest = Math.max(largest, Math.abs(value));
  }
  // The exponent of zeros and subnormals is that of the smallest normal value less one, which none of them reaches.
  const place = largest < MIN_NORMAL ? -127 : exponentOf(largest);
  return 2 ** (place - 7 - guardBits);
}

function exponentOf(x: number): number {
  let exponent = Math.floor(Math.log2(x));
  while (2 ** exponent > x) exponent--;
  while (2 ** (exponent + 1) <= x) exponent++;
  return exponent;
}

/** A whole number of units, rounded once to eight bits; results below the normal range are zeros of their sign. */
function fromInteger(sum: number, unit: number): number {
  if (Number.isNaN(unit)) return Number.NaN;
  const value = round(sum) * unit;
  if (Math.abs(value) < MIN_NORMAL) return value < 0 ? -0 : 0;
  return round(value);
}

/** Significands of FP8 with their hidden bit: 8…15. */
const HIDDEN = 8;

/**
 * A product as a Carat column and row make it (Carat, ASPLOS 2024; BF16 adders after Mugi §5.2.1): (8 + t)·a grows by
 * BF16 additions of 2·a from 8·a, for odd t from 8·a + a; a weight in FP8 picks t by its mantissa and shifts by its
 * exponent. So 3·a and 6·a are rounded twice, 7·a three times, and 8·a may overflow where the product would not.
 * @param round how an addition is rounded
 */
export function repeatedProduct(
  activation: number,
  weight: number,
  round: (value: number) => number,
): number {
  const magnitude = Math.abs(weight);
  // The column adds +0 first, which makes a zero positive.
  const start = round(HIDDEN * activation + 0);
  if (magnitude === 0) return start * weight;
  const exponent = Math.floor(Math.log2(magnitude));
  const mantissa = (magnitude * HIDDEN) / 2 ** exponent - HIDDEN;
  let value = mantissa % 2 === 0 ? start : round(start + activation);
  for (let t = mantissa % 2; t < mantissa; t += 2) value = round(value + 2 * activation);
  return (Math.sign(weight) * value * 2 ** exponent) / HIDDEN;
}

/** Refuses what no array with vectors computes: its products are rounded once, FIGNA's are exact; accumulators are BF16. */
export function checkAround({ order }: VectorSum, product: string, accumulator: string): void {
  const expected = order === 'integer' ? 'exact' : 'bf16';
  const [path, received, right] =
    product === expected
      ? (['accumulator', accumulator, 'bf16'] as const)
      : (['product', product, expected] as const);
  if (received === right) return;
  throw new MugiError({
    code: 'invalid-value',
    message: `sums of vectors (${order}) have ${expected} products and BF16 accumulators`,
    path,
    expected: right,
    received,
    nearest: right,
  });
}
