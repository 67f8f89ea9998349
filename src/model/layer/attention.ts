import { type Arithmetic, kvOf, roundActivations } from '../arithmetic.ts';
import { emptyKv, type KvCache } from './kv-cache.ts';
import type { LayerKv } from './layer-kv.ts';
import { refuseMaskedScores, softmaxRows, softmaxWithin } from './score-rows.ts';

/** One sequence of a batch: `rows` new tokens behind those its cache holds. */
export interface Sequence {
  rows: number;
  cache?: KvCache;
  /** Where its rows lie: they see those of their own region alone (attention that looks both ways). */
  regions?: Int32Array | undefined;
}

export interface AttentionShape {
  heads: number;
  kvHeads: number;
  headDim: number;
  causal: boolean;
  /** Static scales of the key channels, [kvHeads × headDim]: see `keyScales`. Used where keys are INT4. */
  keyScales: () => Float32Array;
  /** Factor of scores; 1/√headDim when absent. */
  scale?: number;
  /** Scores become c·tanh(score/c) (Gemma 2). */
  cap?: number | undefined;
  /** Each position sees so many keys, itself included. */
  window?: number | undefined;
  /** Added to scores, [heads × rows × rows], where every sequence has as many rows. */
  bias?: Float32Array;
  /** One learned score a head that takes its share of each softmax, [heads]. */
  sinks?: Float32Array | undefined;
}

/**
 * Softmax rows handled at a time, a multiple of every array height: queries of one head, then those of the next.
 * Groups of consecutive rows share a sliding window (Mugi §4.1: heads and batch on rows).
 */
const TILE_ROWS = 256;

/** Queries of a head in a tile. A causal tile is as wide as its last query sees, so fewer waste less. */
const TILE_QUERIES = 64;

/** What attention reads, rotated: all sequences' rows one after another. */
export interface Projections {
  /** [rows × heads·headDim] */
  q: Float32Array;
  /** [rows × kvHeads·headDim] */
  k: Float32Array;
  /** [rows × kvHeads·headDim] */
  v: Float32Array;
}

/**
 * Scaled dot-product attention of every sequence of a batch.
 * @param cached layer by which the caches count, where it is not the place of the softmax
 * @returns [rows × heads·headDim]
 */
export function attention(
  layer: number,
  shape: AttentionShape,
  { q, k, v }: Projections,
  sequences: readonly Sequence[],
  arithmetic: Arithmetic,
  cached = layer,
): Float32Array {
  const out = new Float32Array(q.length);
  const width = shape.heads * shape.headDim;
  const kvWidth = shape.kvHeads * shape.headDim;
  const held = { kv: kvOf(arithmetic, layer), products: arithmetic.products };
  if (held.kv === 'int4') {
    const scales = shape.keyScales();
    q = scaledQueries(q, shape, scales);
    k = scaledKeys(k, kvWidth, scales);
  }
  let row = 0;
  for (const { rows, cache, regions } of sequences) {
    const kv = cache?.layer(cached, held) ?? emptyKv(shape, held, rows);
    kv.append(
      k.subarray(row * kvWidth, (row + rows) * kvWidth),
      v.subarray(row * kvWidth, (row + rows) * kvWidth),
    );
    const queries = q.subarray(row * width, (row + rows) * width);
    const result = out.subarray(row * width, (row + rows) * width);
    attendSequence(layer, shape, { queries, rows, out: result, regions }, kv, arithmetic);
    if (!cache) kv.dispose();
    row += rows;
  }
  return roundActivations(out, arithmetic);
}

/** Queries times the scales of the channels that they meet. */
export function scaledQueries(q: Float32Array, shape: AttentionShape, scales: Float32Array): Float32Array {
  const { heads, kvHeads, headDim } = shape;
  const scaled = new Float32Array(q.length);
  for (let at = 0, head = 0; at < q.length; at += headDim, head = (head + 1) % heads) {
    const from = Math.floor((head * kvHeads) / heads) * headDim;
    for (let i = 0; i < headDim; i++) scaled[at + i] = q[at + i] * scales[from + i];
  }
  return scaled;
}

/** Keys [rows × width] over the scales of their channels. */
function scaledKeys(k: Float32Array, width: number, scales: Float32Array): Float32Array {
  const scaled = new Float32Array(k.length);
  for (let at = 0; at < k.length; at += width)
    for (let i = 0; i < width; i++) scaled[at + i] = k[at + i] / scales[i];
  return scaled;
}

/** A block of scores: `heads` heads from `head` on, `count` queries from `first` on, [heads·count × columns]. */
interface Tile {
  head: number;
  heads: number;
  first: number;
  count: number;
  columns: number;
  scores: Float32Array;
}

/** Rows of a tile that go through one product: of one KV head, seeing the first `limit` tokens. */
interface Strip {
  kvHead: number;
  /** First row in the tile, and how many. */
  row: number;
  rows: number;
  limit: number;
}

interface Queries {
  queries: Float32Array;
  rows: number;
  out: Float32Array;
  regions?: Int32Array | undefined;
}

/** Attention of `rows` queries [rows × heads·headDim] to what `kv` holds; adds to `out` of the same shape. */
export function attendSequence(
  layer: number,
  shape: AttentionShape,
  { queries, rows, out, regions }: Queries,
  kv: LayerKv,
  arithmetic: Arithmetic,
): void {
  const { heads, causal } = shape;
  const past = causal ? kv.length - rows : 0;
  const skipMasked = causal && !arithmetic.nonlinear.readsMasked;
  const queriesAtOnce = Math.min(rows, TILE_QUERIES);
  const headsAtOnce = Math.min(heads, Math.floor(TILE_ROWS / queriesAtOnce));
  // Tiles take turns in one place: what lies behind a strip's limit is read by nothing.
  const room = new Float32Array(headsAtOnce * queriesAtOnce * kv.length);
  for (let head = 0; head < heads; head += headsAtOnce) {
    for (let first = 0; first < rows; first += queriesAtOnce) {
      const n = Math.min(headsAtOnce, heads - head);
      const count = Math.min(queriesAtOnce, rows - first);
      const columns = skipMasked ? past + first + count : kv.length;
      const scores = room.subarray(0, n * count * columns);
      const tile = { head, heads: n, first, count, columns, scores };
      const strips = stripsOf(tile, shape, kv, past, skipMasked);
      for (const strip of strips) scoreStrip(tile, strip, shape, queries, kv, arithmetic);
      if (shape.bias !== undefined) {
        addBias(tile, shape.bias, kv.length);
        roundActivations(scores, arithmetic);
      }
      const lengths = new Int32Array(n * count);
      for (let i = 0; i < lengths.length; i++) {
        lengths[i] = causal ? past + first + (i % count) + 1 : kv.length;
      }
      const place = { layer, firstHead: head, heads: n, rows: n * count };
      const { window = kv.length, sinks } = shape;
      if (regions !== undefined) {
        if (arithmetic.nonlinear.readsMasked) refuseMaskedScores();
        const own = Int32Array.from(lengths, (_, i) => regions[first + (i % count)]);
        softmaxWithin(scores, columns, own, regions, (close, width, visible) =>
          arithmetic.nonlinear.softmax({ ...place, scores: close, columns: width, lengths: visible }),
        );
      } else if (sinks === undefined && window >= kv.length) {
        arithmetic.nonlinear.softmax({ ...place, scores, columns, lengths });
      } else {
        if (arithmetic.nonlinear.readsMasked) refuseMaskedScores();
        const from = lengths.map((to) => Math.max(0, to - window));
        const rowSinks = sinks && Float32Array.from(lengths, (_, i) => sinks[head + Math.floor(i / count)]);
        softmaxRows(scores, columns, { from, to: lengths, sinks: rowSinks }, (close, width, visible) =>
          arithmetic.nonlinear.softmax({ ...place, scores: close, columns: width, lengths: visible }),
        );
      }
      // Products with INT4 values read probabilities in BF16 anyway.
      if (kv.kind !== 'int4') roundActivations(scores, arithmetic);
      for (const strip of strips) mixStrip(tile, strip, shape, kv, out);
    }
  }
}

/**
 * Cuts a tile into strips. Queries of one head are cut where their tokens' positions are multiples of the strip;
 * where one strip takes all queries, heads that share keys go together.
 */
function stripsOf(
  { head, heads, first, count }: Tile,
  shape: AttentionShape,
  kv: LayerKv,
  past: number,
  skipMasked: boolean,
): Strip[] {
  const strips: Strip[] = [];
  for (let h = 0; h < heads; h++) {
    const kvHead = Math.floor(((head + h) * shape.kvHeads) / shape.heads);
    for (let r = 0; r < count; ) {
      const position = past + first + r;
      const rows = Math.min(count - r, TILE_QUERIES - (position % TILE_QUERIES));
      const last = strips.at(-1);
      if (rows === count && last?.kvHead === kvHead && last.rows + rows <= TILE_ROWS) last.rows += rows;
      else {
        strips.push({
          kvHead,
          row: h * count + r,
          rows,
          limit: skipMasked ? position + rows : kv.length,
        });
      }
      r += rows;
    }
  }
  return strips;
}

/** Where row `i` of a tile lies in q and in the result: queries are rows, heads are columns of headDim. */
const placeOf = ({ head, first, count }: Tile, i: number, { heads, headDim }: AttentionShape): number =>
  ((first + (i % count)) * heads + head + Math.floor(i / count)) * headDim;

function scoreStrip(
  tile: Tile,
  strip: Strip,
  shape: AttentionShape,
  q: Float32Array,
  kv: LayerKv,
  arithmetic: Arithmetic,
): void {
  const { headDim } = shape;
  const { kvHead, row, rows, limit } = strip;
  const x = new Float32Array(rows * headDim);
  for (let i = 0; i < rows; i++) copyHead(q, placeOf(tile, row + i, shape), x, i * headDim, headDim);
  const { columns } = tile;
  const scores = tile.scores.subarray(row * columns, (row + rows) * columns);
  const { scale = 1 / Math.sqrt(headDim), cap } = shape;
  const bf16 = arithmetic.activations === 'bf16' && cap === undefined;
  kv.scores(kvHead, { x, rows, limit, y: scores, yStride: columns, after: { factor: scale, bf16 } });
  if (cap === undefined) return;
  capAll(scores, cap);
  roundActivations(scores, arithmetic);
}

/** Adds biases to the scores of a tile that sees all `keys`. */
function addBias({ head, first, count, columns, scores }: Tile, bias: Float32Array, keys: number): void {
  for (let i = 0; i < scores.length; i += columns) {
    const row = i / columns;
    const from = ((head + Math.floor(row / count)) * keys + first + (row % count)) * keys;
    for (let c = 0; c < columns; c++) scores[i + c] += bias[from + c];
  }
}

function mixStrip(tile: Tile, strip: Strip, shape: AttentionShape, kv: LayerKv, out: Float32Array): void {
  const { headDim } = shape;
  const { kvHead, row, rows, limit } = strip;
  const { columns } = tile;
  const p = tile.scores.subarray(row * columns, (row + rows) * columns);
  const mixed = kv.mix(kvHead, p, rows, columns, limit);
  for (let i = 0; i < rows; i++) copyHead(mixed, i * headDim, out, placeOf(tile, row + i, shape), headDim);
}

/** A head's row to its place; so few numbers are sooner copied one by one than by a view of them. */
function copyHead(x: Float32Array, from: number, y: Float32Array, to: number, headDim: number): void {
  for (let i = 0; i < headDim; i++) y[to + i] = x[from + i];
}

/** x becomes c·tanh(x/c), in place. */
export function capAll(x: Float32Array, cap: number): void {
  for (let i = 0; i < x.length; i++) x[i] = cap * Math.tanh(x[i] / cap);
}
