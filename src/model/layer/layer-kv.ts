import { quantizeKeys, quantizeValues } from '../../vlp/quantize.ts';
import { type Arithmetic, INT4_PRODUCTS } from '../arithmetic.ts';
import { free, type Allocation, allocate } from '../weight/kernel-memory.ts';

/** Tokens whose keys share a scale per channel; 32 as in KIVI (Liu et al., 2024), whose layout this is. */
export const KEY_GROUP = 32;

/** Tokens that one matrix of the kernels holds: a cache grows by so many. */
const CHUNK = 128;

export interface KvShape {
  kvHeads: number;
  headDim: number;
}

/** Keys [tokens × headDim] and values, transposed [headDim × tokens], of one head and up to `CHUNK` tokens. */
interface Chunk {
  keys: Allocation;
  values: Allocation;
}

/**
 * Keys and values of one sequence and layer in kernel memory, as FP32 or as INT4. INT4 values have one scale per token
 * and head; INT4 keys one per channel and complete group of `KEY_GROUP` tokens. A query sees the group that its own
 * token is in as it was computed, so that no token's key depends on a later one.
 */
export class LayerKv {
  readonly #shape: KvShape;
  readonly #int4: boolean;
  /** By head, then by position. */
  readonly #chunks: Chunk[][];
  #length = 0;
  /** INT4 only: keys that queries see as computed, rows from token `#recentFrom` on. */
  #recent = new Float32Array(0);
  #recentFrom = 0;
  /** INT4 only: tokens whose keys are quantised. */
  #packed = 0;

  constructor(shape: KvShape, kind: Arithmetic['kv']) {
    this.#shape = shape;
    this.#int4 = kind === 'int4';
    this.#chunks = Array.from({ length: shape.kvHeads }, () => []);
  }

  get kind(): Arithmetic['kv'] {
    return this.#int4 ? 'int4' : 'fp32';
  }

  get length(): number {
    return this.#length;
  }

  /** Takes in rows [tokens × kvHeads·headDim]. */
  append(keys: Float32Array, values: Float32Array): void {
    const { kvHeads, headDim } = this.#shape;
    const width = kvHeads * headDim;
    const begin = this.#length;
    this.#length += keys.length / width;
    for (const [head, chunks] of this.#chunks.entries()) {
      while (chunks.length * CHUNK < this.#length) chunks.push(this.#chunk());
      forChunks(begin, this.#length, (n, at, count, from) => {
        const first = (from - begin) * width + head * headDim;
        const part = values.subarray(first);
        this.#writeValues(chunks[n].values, at, count, part, width);
        if (!this.#int4) writeKeys(chunks[n].keys, at, count, keys.subarray(first), width, headDim);
      });
    }
    if (this.#int4) this.#quantiseKeys(keys, begin);
  }

  /**
   * Scores of one head for queries that see the first `limit` tokens, the first of them being token `position`:
   * y[r][t] = x[r]·k[t], rows `yStride` apart. x [rows × headDim]
   */
  scores(
    head: number,
    x: Float32Array,
    rows: number,
    position: number,
    limit: number,
    y: Float32Array,
    yStride: number,
  ): void {
    const { kvHeads, headDim } = this.#shape;
    const chunks = this.#chunks[head];
    const full = this.#int4 ? Math.min(position - (position % KEY_GROUP), this.#packed) : 0;
    if (full > 0) {
      forChunks(0, full, (n, _, count, from) => {
        const { kernels, matrix } = chunks[n].keys;
        kernels.gemmInt4(x, rows, matrix, INT4_PRODUCTS, y.subarray(from), { to: count, yStride });
      });
    }
    if (!this.#int4) {
      forChunks(0, limit, (n, _, count, from) => {
        const { kernels, matrix } = chunks[n].keys;
        kernels.gemm(x, rows, matrix, y.subarray(from), { to: count, yStride });
      });
    } else if (full < limit) {
      const { kernels } = chunks[0].keys;
      const first = ((full - this.#recentFrom) * kvHeads + head) * headDim;
      const strides = { output: kvHeads * headDim, inner: 1 };
      const recent = kernels.packF32(this.#recent.subarray(first), limit - full, headDim, strides);
      kernels.gemm(x, rows, recent, y.subarray(full), { yStride });
      recent.dispose();
    }
  }

  /** Probabilities times values of one head: out[r] = Σ_t p[r][t]·v[t] over t < limit. p rows `pStride` apart. */
  mix(head: number, p: Float32Array, rows: number, pStride: number, limit: number): Float32Array {
    let out: Float32Array | undefined;
    forChunks(0, limit, (n, _, count, from) => {
      const { kernels, matrix } = this.#chunks[head][n].values;
      const part = { inner: count, xStride: pStride };
      const y = this.#int4
        ? kernels.gemmInt4(p.subarray(from), rows, matrix, INT4_PRODUCTS, undefined, part)
        : kernels.gemm(p.subarray(from), rows, matrix, undefined, part);
      if (out) for (let i = 0; i < y.length; i++) out[i] += y[i];
      else out = y;
    });
    return out!;
  }

  dispose(): void {
    for (const { keys, values } of this.#chunks.flat()) {
      free(keys);
      free(values);
    }
  }

  #chunk(): Chunk {
    const { headDim } = this.#shape;
    const bytes = (CHUNK * headDim * (this.#int4 ? 4 : 32)) / 8;
    const make = (outputs: number, inner: number, group: number) =>
      allocate(bytes, (kernels) =>
        this.#int4 ? kernels.reserveInt4(outputs, inner, group) : kernels.reserveF32(outputs, inner),
      );
    return { keys: make(CHUNK, headDim, KEY_GROUP), values: make(headDim, CHUNK, headDim) };
  }

  #writeValues(
    { kernels, matrix }: Allocation,
    at: number,
    count: number,
    rows: Float32Array,
    stride: number,
  ) {
    const { headDim } = this.#shape;
    const place = { output: 0, inner: at };
    if (this.#int4) {
      kernels.writeInt4(matrix, place, quantizeValues(close(rows, count, stride, headDim), count, headDim));
    } else {
      kernels.writeF32(matrix, place, { output: headDim, inner: count }, rows, { output: 1, inner: stride });
    }
  }

  /** Quantises the groups that are complete now; keeps what the queries of the new tokens see as computed. */
  #quantiseKeys(keys: Float32Array, begin: number): void {
    const { kvHeads, headDim } = this.#shape;
    const width = kvHeads * headDim;
    const from = begin - (begin % KEY_GROUP);
    const old = this.#recent.subarray((from - this.#recentFrom) * width, (begin - this.#recentFrom) * width);
    const recent = new Float32Array(old.length + keys.length);
    recent.set(old);
    recent.set(keys, old.length);
    this.#recent = recent;
    this.#recentFrom = from;
    for (; this.#packed + KEY_GROUP <= this.#length; this.#packed += KEY_GROUP) {
      const place = { output: this.#packed % CHUNK, inner: 0 };
      for (const [head, chunks] of this.#chunks.entries()) {
        const rows = recent.subarray((this.#packed - from) * width + head * headDim);
        const group = quantizeKeys(close(rows, KEY_GROUP, width, headDim), KEY_GROUP, headDim, KEY_GROUP);
        const { kernels, matrix } = chunks[Math.floor(this.#packed / CHUNK)].keys;
        kernels.writeInt4(matrix, place, group);
      }
    }
  }
}

function writeKeys(
  { kernels, matrix }: Allocation,
  at: number,
  count: number,
  rows: Float32Array,
  stride: number,
  headDim: number,
): void {
  const shape = { output: count, inner: headDim };
  kernels.writeF32(matrix, { output: at, inner: 0 }, shape, rows, { output: stride, inner: 1 });
}

/** Cuts tokens [begin, end) at the ends of chunks: chunk, place in it, how many, and the first token. */
function forChunks(
  begin: number,
  end: number,
  visit: (chunk: number, at: number, count: number, from: number) => void,
): void {
  for (let from = begin; from < end; ) {
    const at = from % CHUNK;
    const count = Math.min(end - from, CHUNK - at);
    visit((from - at) / CHUNK, at, count, from);
    from += count;
  }
}

/** Rows of `width` that lie `stride` apart, close together. */
function close(rows: Float32Array, count: number, stride: number, width: number): Float32Array {
  if (stride === width) return rows.subarray(0, count * width);
  const out = new Float32Array(count * width);
  for (let r = 0; r < count; r++) out.set(rows.subarray(r * stride, r * stride + width), r * width);
  return out;
}
