import type { Approximation, ElementwiseOperator } from '../../approximation/approximation.ts';
import { precise } from '../../approximation/precise.ts';
import { EXACT_ACTIVATIONS, type ExactActivation } from '../../vlp/exact-activations.ts';
import { functionNamed, type NonlinearFunction } from '../../vlp/function.ts';
import type { Statistics } from '../../vlp/statistics.ts';
import type { ActivationName } from '../config/config.ts';
import type { InverseSqrt } from './norm.ts';
import type { SinCos } from './rope.ts';
import { sharedKernels } from '../weight/kernel-memory.ts';
import type { WeightMatrix } from '../weight/weight-matrix.ts';

/** A softmax and its place in the model: `heads` heads of `rows / heads` rows each, beginning at `firstHead`. */
export interface AttentionSoftmax {
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

/** An activation and its place in the model: values [rows × width] of one layer's feed-forward half, replaced by results. */
export interface ActivationCall {
  layer: number;
  name: ActivationName;
  values: Float32Array;
  rows: number;
  width: number;
  /** What each result is multiplied with next (the up projection of a gated feed-forward), [rows × width]. */
  multiplier?: Float32Array;
  /**
   * The matrix that consumes the results: says how much an error in each of the `width` columns matters. Absent: all alike.
   */
  next?: WeightMatrix;
}

/** What computes a model's nonlinear functions: exactly, by VLP, or by a rival approximation. Works in place. */
export interface NonlinearEvaluator {
  /** Masked scores are to be computed too, because what becomes of them depends on their value. */
  readonly readsMasked?: boolean;
  softmax(call: AttentionSoftmax): void;
  activation(call: ActivationCall): void;
  /** Of norms, rotary embeddings and routers: exact where left out. */
  readonly inverseSqrt?: InverseSqrt | undefined;
  readonly sinCos?: SinCos | undefined;
  readonly router?: ((scores: Float32Array) => ArrayLike<number>) | undefined;
}

/** A unit whose functions are those of `approximation`, the same in all layers. */
export function unitOf(
  approximation: Approximation,
  options: { statistics?: Statistics } = {},
): NonlinearEvaluator {
  const softmax = approximation.softmax();
  const activations = new Map<ActivationName, ElementwiseOperator>();
  return {
    softmax({ scores, rows, columns, lengths }) {
      softmax.apply(scores, scores, rows, columns, { lengths, ...options });
    },
    activation({ name, values, rows, width }) {
      let operator = activations.get(name);
      if (!operator) {
        operator = approximation.elementwise(activationFunction(name));
        activations.set(name, operator);
      }
      operator.apply(values, values, rows, width, options);
    },
  };
}

const plain = unitOf(precise());

/** Exact functions in double precision, rounded once to float32: the reference of every comparison. */
export const exactNonlinear: NonlinearEvaluator = {
  softmax({ scores, rows, columns, lengths }) {
    sharedKernels().vector.softmax(scores, rows, columns, lengths);
  },
  activation(call) {
    if (Object.hasOwn(EXACT_ACTIVATIONS, call.name))
      sharedKernels().vector.activation(call.name as ExactActivation, call.values);
    else plain.activation(call);
  },
};

const RELU: NonlinearFunction = {
  name: 'relu',
  title: 'max(0, x)',
  exact: (x) => Math.max(0, x),
  domain: 'both',
  above: { positive: 'pass', negative: 0 },
  zero: 0,
  monotone: true,
};

/** The function that a configuration names. */
export const activationFunction = (name: ActivationName): NonlinearFunction =>
  name === 'relu' ? RELU : functionNamed(name);
