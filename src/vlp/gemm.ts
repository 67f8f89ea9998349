import { MugiError, unknownName, wholeNumber } from '../errors.ts';
import { flush, fromBits, multiply, quiet, round } from '../number/bf16.ts';
import type { QuantizedMatrix } from './quantize.ts';
import { checkAround, checkVectorSum, repeatedProduct, type VectorSum, vectorSum } from './vector-sum.ts';

/** How the node computes; docs/gemm.md gives the reasons. */
export interface GemmArithmetic {
  /**
   * `bf16`: the product, formed exactly (by iAcc as t·a), is rounded once to BF16; `exact`: it keeps its 11 bits;
   * `repeated`: BF16 additions make it, as in Carat (`repeatedProduct`).
   */
  product: 'bf16' | 'exact' | 'repeated';
  /** The format of oAcc and of the vector unit behind it; each addition and each scaling is rounded once to it. */
  accumulator: 'fp32' | 'bf16';
  /** `flush`: subnormal inputs, sums and scaled sums become zeros of their sign; `keep`: IEEE 754. */
  subnormals: 'keep' | 'flush';
  /**
   * Inner indices after which a partial sum leaves for the vector unit, which scales it and adds it to the total;
   * counted from the start of a group. Absent: chains end where a group of scales does.
   */
  chain?: number | undefined;
  /** What the array adds before an accumulator takes it; absent: every product by itself. BF16 accumulators only. */
  vector?: VectorSum | undefined;
}

/** The hardware: 16-bit value bus, BF16 output accumulators (Mugi §4, Fig. 9). */
export const NODE_ARITHMETIC: GemmArithmetic = { product: 'bf16', accumulator: 'bf16', subnormals: 'keep' };
/** The same node with FP32 output accumulators. */
export const FP32_ACCUMULATION: GemmArithmetic = { product: 'bf16', accumulator: 'fp32', subnormals: 'keep' };

const CHOICES = {
  product: ['bf16', 'exact', 'repeated'],
  accumulator: ['fp32', 'bf16'],
  subnormals: ['keep', 'flush'],
} as const;

/** The experiment without a design's sums: exact products, added in FP32. */
export const EXACT_SUMS: GemmArithmetic = { product: 'exact', accumulator: 'fp32', subnormals: 'keep' };

/** Chains in which the products of one output are added: groups of `group` inner indices, each cut after `chain`. */
export function chainsOf(inner: number, group: number, chain = group): number {
  const [whole, rest] = [Math.floor(inner / group), inner % group];
  return whole * Math.ceil(group / chain) + Math.ceil(rest / chain);
}

const SMALLEST_NORMAL = 2 ** -126;
const NAN_BITS = 0x7fc00000;

/** Subnormals to a zero of their sign. */
function flushed(value: number): number {
  if (Math.abs(value) >= SMALLEST_NORMAL || Number.isNaN(value)) return value;
  return value < 0 || Object.is(value, -0) ? -0 : 0;
}

/** a + b rounded once to BF16, for b of up to 11 significant bits, where the float64 sum may not be exact. */
export function addToBf16(a: number, b: number): number {
  const sum = a + b;
  const part = sum - a;
  const lost = a - (sum - part) + (b - part);
  // A tie is a float32. Where the sum is none, it lies on the same side of any tie as the exact sum.
  if (lost === 0 || Number.isNaN(lost) || Math.fround(sum) !== sum) return round(sum);
  return round(sum + Math.sign(lost) * Math.abs(sum) * 2 ** -52);
}

/**
 * The definition of VLP GEMM, y = x·Wᵀ: for each output and each chain of a group, products a·w (or the sums of
 * vectors of them, where the array adds some by itself) added to +0 in ascending inner index; the chain's sum times the group's scale; the scaled sums in ascending order, the first loaded
 * and the others added. IEEE rules for ±0, INF and NaN (0·INF is NaN); NaN results are 0x7fc00000.
 * @param x BF16 patterns, row-major [rows][inner]: tokens (weights) or the query heads of a group (KV cache)
 * @param weights INT4 operand [outputs][inner]
 * @returns FP32 values, row-major [rows][outputs]; with BF16 accumulators each is a BF16 value
 */
export function gemm(
  x: Uint16Array,
  rows: number,
  weights: QuantizedMatrix,
  arithmetic: GemmArithmetic = NODE_ARITHMETIC,
  result?: Float32Array,
): Float32Array {
  checkArithmetic(arithmetic);
  checkQuantizedMatrix(weights);
  const { outputs, inner, values, axis, groupSize } = weights;
  const y = checkProduct(x, rows, weights, result);
  const adjust = arithmetic.subnormals === 'flush' ? flushed : (value: number) => value;
  const wide = arithmetic.accumulator === 'fp32';
  const toAccumulator = wide ? Math.fround : round;
  const exact = arithmetic.product === 'exact';
  const add = (a: number, b: number): number =>
    adjust(wide ? Math.fround(a + b) : exact ? addToBf16(a, b) : round(a + b));
  // FP32 holds all 11 bits of a product; beyond FP32's range, or BF16's when rounded, it is INF.
  const product = (a: number, w: number): number =>
    exact ? Math.fround(a * w) : arithmetic.product === 'bf16' ? round(a * w) : repeatedProduct(a, w, round);
  const { vector } = arithmetic;
  const line = new Float32Array(vector === undefined ? 0 : inner);
  const group = axis === 'inner' ? groupSize : inner;
  const chain = Math.min(arithmetic.chain ?? group, group);
  for (let r = 0; r < rows; r++) {
    for (let o = 0; o < outputs; o++) {
      // −0 + v is v, also for v = −0: the first scaled sum is loaded.
      let total = -0;
      for (let k = 0; k < line.length; k++) line[k] = activation(x, r, o, k, weights, arithmetic);
      for (let start = 0, end = 0; start < inner; start = end) {
        const groupEnd = (Math.floor(start / group) + 1) * group;
        end = Math.min(start + chain, groupEnd, inner);
        let sum = 0;
        if (vector === undefined)
          for (let k = start; k < end; k++)
            sum = add(sum, product(activation(x, r, o, k, weights, arithmetic), values[o * inner + k]));
        else
          for (let k = start; k < end; k += vector.lanes) {
            const count = Math.min(vector.lanes, end - k);
            sum = add(sum, vectorSum(vector, { product, add }, line, values, o * inner, k, count));
          }
        if (axis === 'inner') {
          const place = o * Math.ceil(inner / group) + Math.floor(start / group);
          sum = adjust(toAccumulator(sum * fromBits(input(weights.scales[place], arithmetic))));
        }
        total = adjust(toAccumulator(total + sum));
      }
      y[r * outputs + o] = total;
    }
  }
  canonicalizeNaN(y);
  return y;
}

/** Refuses activations and results that do not fit a product; makes the result when there is none. */
function checkProduct(
  x: Uint16Array,
  rows: number,
  { outputs, inner }: QuantizedMatrix,
  y: Float32Array | undefined,
): Float32Array {
  wholeNumber('rows', rows, 1, 2 ** 30);
  const fail = (what: string, expected: number, received: number): never => {
    throw new MugiError({
      code: 'invalid-value',
      message: `the ${what} do not fit the shape of the product`,
      expected: `${expected} values for ${rows} rows of ${expected / rows}`,
      received: `${received} values`,
    });
  };
  if (x.length !== rows * inner) fail('activations', rows * inner, x.length);
  if (y !== undefined && y.length !== rows * outputs) fail('results', rows * outputs, y.length);
  return y ?? new Float32Array(rows * outputs);
}

/** A BF16 operand as the node reads it. */
function input(bits: number, arithmetic: GemmArithmetic): number {
  return arithmetic.subnormals === 'flush' ? flush(quiet(bits)) : quiet(bits);
}

/** The activation of row r and inner index k that meets output o: scaled first where the scale lies outside. */
function activation(
  x: Uint16Array,
  r: number,
  o: number,
  k: number,
  weights: QuantizedMatrix,
  arithmetic: GemmArithmetic,
): number {
  const { inner, axis, groupSize, scales } = weights;
  const bits = input(x[r * inner + k], arithmetic);
  if (axis === 'inner') return fromBits(bits);
  const scale = scales[Math.floor(o / groupSize) * inner + k];
  return fromBits(multiply(bits, scale, arithmetic.subnormals === 'flush'));
}

/** Every NaN of `values` to 0x7fc00000: engines and processors choose payloads freely, bits must not differ. */
export function canonicalizeNaN(values: Float32Array): void {
  let bits: Uint32Array | undefined;
  for (let i = 0; i < values.length; i++) {
    if (!Number.isNaN(values[i])) continue;
    bits ??= new Uint32Array(values.buffer, values.byteOffset, values.length);
    bits[i] = NAN_BITS;
  }
}

/** Refuses words outside the vocabulary, for arithmetic that comes from a user. */
export function checkArithmetic(arithmetic: GemmArithmetic): void {
  for (const key of ['product', 'accumulator', 'subnormals'] as const) {
    const known: readonly string[] = CHOICES[key];
    if (!known.includes(arithmetic[key])) throw unknownName(key, String(arithmetic[key]), known, key);
  }
  if (arithmetic.chain !== undefined) wholeNumber('chain', arithmetic.chain, 1, 2 ** 30);
  if (arithmetic.vector === undefined) return;
  checkVectorSum(arithmetic.vector);
  checkAround(arithmetic.vector, arithmetic.product, arithmetic.accumulator);
}

/** Refuses an operand whose parts do not fit together or whose values have no sign and 3-bit magnitude. */
export function checkQuantizedMatrix(matrix: QuantizedMatrix): void {
  const { outputs, inner, values, scales, axis, groupSize } = matrix;
  wholeNumber('outputs', outputs, 1, 2 ** 30);
  wholeNumber('inner', inner, 1, 2 ** 30);
  wholeNumber('group size', groupSize, 1, 2 ** 30);
  const expected =
    axis === 'inner' ? outputs * Math.ceil(inner / groupSize) : Math.ceil(outputs / groupSize) * inner;
  if (values.length !== outputs * inner || scales.length !== expected) {
    throw new MugiError({
      code: 'invalid-value',
      message: 'the parts of a quantised matrix do not fit its shape',
      expected: `${outputs * inner} values and ${expected} scales for ${outputs} × ${inner}`,
      received: `${values.length} values and ${scales.length} scales`,
    });
  }
  const bad = values.findIndex((value) => value < -7 || value > 7);
  if (bad < 0) return;
  throw new MugiError({
    code: 'invalid-value',
    message: 'INT4 values have a sign and a 3-bit magnitude; unpackNibbles clips −8 and counts it',
    path: `element ${bad}`,
    expected: 'whole numbers from -7 to 7',
    received: String(values[bad]),
  });
}
