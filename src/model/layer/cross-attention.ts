import { type Arithmetic, kvOf, roundActivations } from '../arithmetic.ts';
import { type AttentionShape, attendSequence, scaledQueries } from './attention.ts';
import { emptyKv } from './kv-cache.ts';
import type { LayerKv } from './layer-kv.ts';

/** Keys and values [rows × heads·headDim] that another sequence attends to, held as the arithmetic says of the layer. */
export function heldKv(
  layer: number,
  shape: AttentionShape,
  { k, v }: { k: Float32Array; v: Float32Array },
  arithmetic: Arithmetic,
): LayerKv {
  const width = shape.kvHeads * shape.headDim;
  const held = { kv: kvOf(arithmetic, layer), products: arithmetic.products };
  const kv = emptyKv(shape, held, k.length / width);
  const scales = held.kv === 'int4' ? shape.keyScales() : undefined;
  kv.append(scales === undefined ? k : k.map((x, i) => x / scales[i % width]), v);
  return kv;
}

/**
 * Attention of sequences to what was held for each of them: every query sees all of it.
 * @param rows queries of each sequence
 * @returns [Σ rows × heads·headDim]
 */
export function crossAttention(
  layer: number,
  shape: AttentionShape,
  q: Float32Array,
  held: readonly LayerKv[],
  rows: readonly number[],
  arithmetic: Arithmetic,
): Float32Array {
  const width = shape.heads * shape.headDim;
  const queries = kvOf(arithmetic, layer) === 'int4' ? scaledQueries(q, shape, shape.keyScales()) : q;
  const out = new Float32Array(q.length);
  let at = 0;
  for (const [i, kv] of held.entries()) {
    const [from, to] = [at * width, (at + rows[i]) * width];
    const part = { queries: queries.subarray(from, to), rows: rows[i], out: out.subarray(from, to) };
    attendSequence(layer, shape, part, kv, arithmetic);
    at += rows[i];
  }
  return roundActivations(out, arithmetic);
}
