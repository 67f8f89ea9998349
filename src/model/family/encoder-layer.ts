import { type Arithmetic, roundActivations } from '../arithmetic.ts';
import { attention, type Sequence } from '../layer/attention.ts';
import type { ActivationName } from '../config/config.ts';
import { addInPlace, type Linear } from '../layer/linear.ts';
import type { Norm } from '../layer/norm.ts';
import { normalise } from './norms.ts';

/** The parts that BERT's and ViT's encoder layers share; they differ in where the norms stand. */
export interface EncoderLayer {
  q: Linear;
  k: Linear;
  v: Linear;
  o: Linear;
  up: Linear;
  down: Linear;
  attentionNorm: Norm;
  /** See `AttentionShape`. */
  keyScales: () => Float32Array;
  ffnNorm: Norm;
}

export interface EncoderShape {
  heads: number;
  headDim: number;
  ffn: number;
  activation: ActivationName;
  epsilon: number;
  /** Norm before each half (ViT) or after its residual addition (BERT). */
  normFirst: boolean;
}

/** One bidirectional encoder layer, x [rows × hidden] to x, in place where it can. */
export function encoderLayer(
  n: number,
  layer: EncoderLayer,
  shape: EncoderShape,
  x: Float32Array,
  sequences: readonly Sequence[],
  arithmetic: Arithmetic,
): Float32Array {
  const rows = sequences.reduce((sum, { rows }) => sum + rows, 0);
  const { heads, headDim, normFirst } = shape;
  const norm = (input: Float32Array, own: Norm) => normalise(input, rows, own, shape.epsilon, arithmetic);

  const h = normFirst ? norm(x, layer.attentionNorm) : x;
  const q = layer.q.apply(h, rows, arithmetic);
  const k = layer.k.apply(h, rows, arithmetic);
  const v = layer.v.apply(h, rows, arithmetic);
  const attended = attention(
    n,
    { heads, kvHeads: heads, headDim, causal: false, keyScales: layer.keyScales },
    { q, k, v },
    sequences,
    arithmetic,
  );
  addInPlace(x, layer.o.apply(attended, rows, arithmetic));
  const middle = normFirst
    ? roundActivations(x, arithmetic)
    : norm(roundActivations(x, arithmetic), layer.attentionNorm);

  const up = layer.up.apply(normFirst ? norm(middle, layer.ffnNorm) : middle, rows, arithmetic);
  arithmetic.nonlinear.activation({
    layer: n,
    name: shape.activation,
    values: up,
    rows,
    width: shape.ffn,
    next: layer.down.weight,
  });
  addInPlace(middle, layer.down.apply(roundActivations(up, arithmetic), rows, arithmetic));
  return normFirst
    ? roundActivations(middle, arithmetic)
    : norm(roundActivations(middle, arithmetic), layer.ffnNorm);
}
