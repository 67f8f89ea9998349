import { type Arithmetic, roundActivations } from '../arithmetic.ts';
import type { DecoderConfig, QkNorm } from '../config/config.ts';
import { type Norm, normalised } from '../layer/norm.ts';
import type { Weights } from '../weight/weights.ts';

/** Reads norms of the hidden width as the family stores them. */
export function normReader(w: Weights, { hidden, norm }: DecoderConfig): (name: string) => Norm {
  const none = norm.kind === 'layer' ? new Float32Array(hidden) : undefined;
  return (name) => {
    if (norm.weights === 'none') return { weight: new Float32Array(hidden).fill(1), bias: none };
    const stored = w.vector(`${name}.weight`, hidden);
    return {
      weight: norm.offset === 0 ? stored : stored.map((x) => x + norm.offset),
      bias: norm.weights === 'scale-and-shift' ? w.vector(`${name}.bias`, hidden) : none,
    };
  };
}

/** Normalises rows and rounds as the arithmetic asks. */
export const normalise = (
  x: Float32Array,
  rows: number,
  norm: Norm,
  epsilon: number,
  arithmetic: Arithmetic,
): Float32Array =>
  roundActivations(normalised(x, rows, norm, epsilon, arithmetic.nonlinear.inverseSqrt), arithmetic);

/**
 * Normalises queries or keys [rows × heads·headDim], head by head or over their width, and rounds as the arithmetic asks;
 * returns a new array.
 */
export function normaliseHeads(
  x: Float32Array,
  { over, kind }: QkNorm,
  weight: Float32Array,
  headDim: number,
  epsilon: number,
  arithmetic: Arithmetic,
): Float32Array {
  const ones = over === 'each-head' ? new Float32Array(headDim).fill(1) : weight;
  const norm = { weight: ones, bias: kind === 'rms' ? undefined : new Float32Array(ones.length) };
  const y = normalised(x, x.length / ones.length, norm, epsilon, arithmetic.nonlinear.inverseSqrt);
  if (over === 'each-head') for (let i = 0; i < y.length; i++) y[i] *= weight[i % weight.length];
  return roundActivations(y, arithmetic);
}
