import { multiplyAll, roundAll } from '../number/bf16.ts';
import { drainLanes, newLanes } from '../number/lane-sums.ts';
import { exactSoftmaxRow } from '../vlp/exact-softmax.ts';
import { EXACT_ACTIVATIONS, type ExactActivation } from '../vlp/exact-activations.ts';

/** Weights of a norm: of LayerNorm where there is a bias, else of RMSNorm. */
export interface NormWeights {
  weight: Float32Array;
  bias?: Float32Array | undefined;
}

/** Sine and cosine of each row's angles, [rows × pairs]. */
export interface Angles {
  cos: Float32Array;
  sin: Float32Array;
  pairs: number;
}

/**
 * What a model does between products, on FP32 rows, in place. Every result is computed in double precision and rounded
 * once to FP32; where `bf16` says so, that is then rounded to BF16.
 */
export interface VectorKernels {
  /**
   * Exact softmax of rows of x [rows × columns], src/vlp/exact-softmax.ts. Entries behind the first
   * lengths[r] become 0.
   */
  softmax(x: Float32Array, rows: number, columns: number, lengths: Int32Array): void;
  /** Exact activation, src/vlp/exact-activations.ts. */
  activation(name: ExactActivation, x: Float32Array): void;
  /** x [rows × width] to (x − mean)/√(variance + ε)·weight + bias; without a bias to x/√(mean x² + ε)·weight. */
  normalise(x: Float32Array, norm: NormWeights, epsilon: number): void;
  /**
   * Turns pairs of the `heads` heads of x [rows × heads·width] by the angles of their row: elements i and i + pairs of a
   * head, or 2i and 2i + 1 where they are `neighbours`.
   */
  rotate(x: Float32Array, heads: number, width: number, angles: Angles, neighbours: boolean): void;
  /** x + y */
  add(x: Float32Array, y: Float32Array, bf16: boolean): void;
  /** x times a factor, or times y element by element. */
  multiply(x: Float32Array, by: number | Float32Array, bf16: boolean): void;
  /** x rounded to BF16; infinities and NaN stay what they are. */
  round(x: Float32Array): void;
}

const lanes = newLanes();

/** A row's mean, and 1/√(variance + ε): for RMSNorm those about 0. */
function momentsOf(
  row: Float32Array,
  centred: boolean,
  epsilon: number,
  inverseSqrt: (x: number) => number,
): { mean: number; scale: number } {
  const width = row.length;
  if (centred) for (let i = 0; i < width; i++) lanes[i & 3] += row[i];
  const mean = drainLanes(lanes) / width;
  for (let i = 0; i < width; i++) lanes[i & 3] += (row[i] - mean) * (row[i] - mean);
  return { mean, scale: inverseSqrt(drainLanes(lanes) / width + epsilon) };
}

/** The definition of `normalise`, with any unit for 1/√x. */
export function normaliseRows(
  x: Float32Array,
  { weight, bias }: NormWeights,
  epsilon: number,
  inverseSqrt: (x: number) => number,
): void {
  const width = weight.length;
  for (let at = 0; at < x.length; at += width) {
    const { mean, scale } = momentsOf(x.subarray(at, at + width), bias !== undefined, epsilon, inverseSqrt);
    for (let i = 0; i < width; i++) {
      const y = (x[at + i] - mean) * scale * weight[i];
      x[at + i] = bias === undefined ? y : y + bias[i];
    }
  }
}

/** The definition. */
export const VECTOR_DEFINITION: VectorKernels = {
  softmax(x, rows, columns, lengths) {
    for (let r = 0; r < rows; r++) {
      const [begin, length] = [r * columns, lengths[r]];
      exactSoftmaxRow(x, x, begin, begin + length, undefined, false);
      x.fill(0, begin + length, begin + columns);
    }
  },
  activation(name, x) {
    const f = EXACT_ACTIVATIONS[name];
    for (let i = 0; i < x.length; i++) x[i] = f(x[i]);
  },
  normalise: (x, norm, epsilon) => normaliseRows(x, norm, epsilon, (square) => 1 / Math.sqrt(square)),
  rotate(x, heads, width, { cos, sin, pairs }, neighbours) {
    const [step, partner] = neighbours ? [2, 1] : [1, pairs];
    for (let head = 0, at = 0; at < x.length; head++, at += width) {
      const angle = Math.floor(head / heads) * pairs;
      for (let i = 0; i < pairs; i++) {
        const [a, b] = [x[at + i * step], x[at + i * step + partner]];
        x[at + i * step] = a * cos[angle + i] - b * sin[angle + i];
        x[at + i * step + partner] = a * sin[angle + i] + b * cos[angle + i];
      }
    }
  },
  add(x, y, bf16) {
    for (let i = 0; i < x.length; i++) x[i] += y[i];
    if (bf16) roundAll(x);
  },
  multiply(x, by, bf16) {
    if (bf16) return multiplyAll(x, by);
    for (let i = 0; i < x.length; i++) x[i] *= typeof by === 'number' ? by : by[i];
  },
  round: roundAll,
};
