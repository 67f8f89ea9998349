import { type Arithmetic, roundToBf16 } from './arithmetic.ts';
import { gemm, gemmTransposed } from './gemm.ts';
import type { KvCache } from './kv-cache.ts';
import { KEY_GROUP, quantiseKeys, quantiseValues } from './kv-quantisation.ts';

/** One sequence of a batch: `rows` new tokens behind those its cache holds. */
export interface Sequence {
  rows: number;
  cache?: KvCache;
}

export interface AttentionShape {
  heads: number;
  kvHeads: number;
  headDim: number;
  causal: boolean;
}

/**
 * Softmax rows handled at a time, a multiple of every array height, so that groups of consecutive rows that share
 * a sliding window (Mugi §4.1: heads and batch on rows) do not depend on it.
 */
const TILE_ROWS = 256;

/** Rows of one product inside a tile; causal tiles skip the columns that all of them mask. */
const STRIP_ROWS = 64;

/**
 * Scaled dot-product attention of every sequence of a batch.
 * @param q [rows × heads·headDim], k and v [rows × kvHeads·headDim], all sequences' rows one after another, rotated
 * @returns [rows × heads·headDim]
 */
export function attention(
  layer: number,
  shape: AttentionShape,
  q: Float32Array,
  k: Float32Array,
  v: Float32Array,
  sequences: readonly Sequence[],
  arithmetic: Arithmetic,
): Float32Array {
  const out = new Float32Array(q.length);
  const width = shape.heads * shape.headDim;
  const kvWidth = shape.kvHeads * shape.headDim;
  let row = 0;
  for (const { rows, cache } of sequences) {
    const keys = k.subarray(row * kvWidth, (row + rows) * kvWidth);
    const values = v.subarray(row * kvWidth, (row + rows) * kvWidth);
    const all = cache ? cache.append(layer, keys, values) : { keys, values };
    const queries = q.subarray(row * width, (row + rows) * width);
    const result = out.subarray(row * width, (row + rows) * width);
    const int4 = arithmetic.kv === 'int4' ? quantised(layer, shape, all, cache) : undefined;
    attendSequence(
      layer,
      shape,
      queries,
      all.keys,
      int4?.keys,
      int4?.values ?? all.values,
      rows,
      result,
      arithmetic,
    );
    row += rows;
  }
  return out;
}

function quantised(
  layer: number,
  { kvHeads, headDim }: AttentionShape,
  { keys, values }: { keys: Float32Array; values: Float32Array },
  cache: KvCache | undefined,
): { keys: Float32Array; values: Float32Array } {
  if (cache) return cache.quantised(layer, headDim);
  return { keys: quantiseKeys(keys, kvHeads * headDim), values: quantiseValues(values, headDim) };
}

function attendSequence(
  layer: number,
  shape: AttentionShape,
  q: Float32Array,
  keys: Float32Array,
  int4Keys: Float32Array | undefined,
  values: Float32Array,
  rows: number,
  out: Float32Array,
  arithmetic: Arithmetic,
): void {
  const { heads, kvHeads, headDim, causal } = shape;
  const kvWidth = kvHeads * headDim;
  const total = keys.length / kvWidth;
  const past = total - rows;
  const skipMasked = causal && !arithmetic.nonlinear.readsMasked;
  const strip = int4Keys ? Math.min(STRIP_ROWS, KEY_GROUP) : STRIP_ROWS;
  const queriesAtOnce = Math.min(rows, TILE_ROWS);
  const headsAtOnce = Math.min(heads, Math.max(1, Math.floor(TILE_ROWS / rows)));
  for (let head = 0; head < heads; head += headsAtOnce) {
    const n = Math.min(headsAtOnce, heads - head);
    for (let first = 0; first < rows; first += queriesAtOnce) {
      const count = Math.min(queriesAtOnce, rows - first);
      const columns = skipMasked ? past + first + count : total;
      const scores = new Float32Array(n * count * columns);
      const lengths = new Int32Array(n * count);
      for (let h = 0; h < n; h++) {
        for (let r = 0; r < count; r++) lengths[h * count + r] = causal ? past + first + r + 1 : total;
      }
      forStrips(n, count, past + first, strip, (h, r, size) => {
        const kv = Math.floor(((head + h) * kvHeads) / heads) * headDim;
        const queries = {
          data: q,
          offset: ((first + r) * heads + head + h) * headDim,
          stride: heads * headDim,
        };
        const limit = skipMasked ? past + first + r + size : total;
        // Keys of complete groups are INT4; the group that is still filling is held as computed.
        const full = int4Keys ? (causal ? past + first + r : total) : 0;
        const packed = full - (full % KEY_GROUP);
        const at = (h * count + r) * columns;
        const scale = 1 / Math.sqrt(headDim);
        const part = (data: Float32Array, from: number, to: number) =>
          gemmTransposed(
            queries,
            { data, offset: from * kvWidth + kv, stride: kvWidth },
            { data: scores, offset: at + from, stride: columns },
            size,
            to - from,
            headDim,
            scale,
          );
        if (int4Keys && packed > 0) part(int4Keys, 0, packed);
        part(keys, packed, limit);
      });
      if (arithmetic.activations === 'bf16') roundToBf16(scores);
      arithmetic.nonlinear.softmax({
        layer,
        firstHead: head,
        heads: n,
        scores,
        rows: n * count,
        columns,
        lengths,
      });
      if (arithmetic.activations === 'bf16') roundToBf16(scores);
      forStrips(n, count, past + first, strip, (h, r, size) => {
        const kv = Math.floor(((head + h) * kvHeads) / heads) * headDim;
        gemm(
          { data: scores, offset: (h * count + r) * columns, stride: columns },
          { data: values, offset: kv, stride: kvWidth },
          { data: out, offset: ((first + r) * heads + head + h) * headDim, stride: heads * headDim },
          size,
          headDim,
          skipMasked ? past + first + r + size : total,
        );
      });
    }
  }
  if (arithmetic.activations === 'bf16') roundToBf16(out);
}

/** Cuts each head's `count` rows into strips that end at multiples of `strip` in absolute position. */
function forStrips(
  heads: number,
  count: number,
  position: number,
  strip: number,
  visit: (head: number, row: number, size: number) => void,
): void {
  for (let h = 0; h < heads; h++) {
    for (let r = 0; r < count; ) {
      const size = Math.min(count - r, strip - ((position + r) % strip));
      visit(h, r, size);
      r += size;
    }
  }
}
