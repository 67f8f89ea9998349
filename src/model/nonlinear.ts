import type { ActivationName } from './config.ts';
import { exactActivation } from './exact-activation.ts';
import type { WeightMatrix } from './weight-matrix.ts';

/** Where a softmax stands in the model: `heads` heads of `rows / heads` rows each, beginning at `firstHead`. */
export interface SoftmaxCall {
  layer: number;
  firstHead: number;
  heads: number;
  /** scores [rows × columns], replaced by probabilities. */
  scores: Float32Array;
  rows: number;
  columns: number;
  /** Row r attends to its first `lengths[r]` columns; the rest is masked and becomes exactly 0. */
  lengths: Int32Array;
}

/** Where an activation stands: values [rows × width] of one layer's feed-forward half, replaced by results. */
export interface ActivationCall {
  layer: number;
  name: ActivationName;
  values: Float32Array;
  rows: number;
  width: number;
  /** What each result is multiplied with next (the up projection of a gated feed-forward), [rows × width]. */
  multiplier?: Float32Array;
  /** The matrix that consumes the results: says how much an error in each of the `width` columns matters. */
  next: WeightMatrix;
}

/** What computes a model's nonlinear functions: exactly, by VLP, or by a rival approximation. Works in place. */
export interface NonlinearUnit {
  softmax(call: SoftmaxCall): void;
  activation(call: ActivationCall): void;
}

/** Softmax and activations in double precision, rounded once to float32. */
export const exactNonlinear: NonlinearUnit = {
  softmax({ scores, rows, columns, lengths }) {
    for (let r = 0; r < rows; r++) {
      const at = r * columns;
      const end = at + lengths[r]!;
      let max = -Infinity;
      for (let i = at; i < end; i++) if (scores[i]! > max) max = scores[i]!;
      let sum = 0;
      for (let i = at; i < end; i++) sum += scores[i] = Math.exp(scores[i]! - max);
      const scale = 1 / sum;
      for (let i = at; i < end; i++) scores[i]! *= scale;
      scores.fill(0, end, at + columns);
    }
  },
  activation({ name, values }) {
    const f = exactActivation(name);
    for (let i = 0; i < values.length; i++) values[i] = f(values[i]!);
  },
};
