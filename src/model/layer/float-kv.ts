import { allocate, type Allocation, free } from '../weight/kernel-memory.ts';
import type { KvShape, LayerKv, ScoreProduct } from './layer-kv.ts';

/** Tokens that one matrix of the kernels holds: a cache grows by so many. */
const CHUNK = 128;

/** Keys [tokens × headDim] and values, transposed [headDim × tokens], of one head and up to `CHUNK` tokens. */
interface Chunk {
  keys: Allocation;
  values: Allocation;
}

/** Keys and values of one sequence and layer as computed, in FP32. */
export class FloatKv implements LayerKv {
  readonly kind = 'fp32';
  readonly #shape: KvShape;
  /** By head, then by position. */
  readonly #chunks: Chunk[][];
  #length = 0;

  constructor(shape: KvShape) {
    this.#shape = shape;
    this.#chunks = Array.from({ length: shape.kvHeads }, () => []);
  }

  get length(): number {
    return this.#length;
  }

  append(keys: Float32Array, values: Float32Array): void {
    const { kvHeads, headDim } = this.#shape;
    const width = kvHeads * headDim;
    const begin = this.#length;
    this.#length += keys.length / width;
    for (const [head, chunks] of this.#chunks.entries()) {
      while (chunks.length * CHUNK < this.#length) chunks.push(this.#chunk());
      forChunks(begin, this.#length, (n, at, count, from) => {
        const first = (from - begin) * width + head * headDim;
        const { keys: k, values: v } = chunks[n];
        const token = { output: width, inner: 1 };
        const [place, shape] = [
          { output: at, inner: 0 },
          { output: count, inner: headDim },
        ];
        k.kernels.writeF32(k.matrix, place, shape, keys.subarray(first), token);
        const turned = { output: 1, inner: width };
        const column = { output: headDim, inner: count };
        v.kernels.writeF32(v.matrix, { output: 0, inner: at }, column, values.subarray(first), turned);
      });
    }
  }

  scores(head: number, { x, rows, limit, y, yStride, after }: ScoreProduct): void {
    forChunks(0, limit, (n, _, count, from) => {
      const { kernels, matrix } = this.#chunks[head][n].keys;
      kernels.gemm(x, rows, matrix, y.subarray(from), { to: count, yStride, after });
    });
  }

  mix(head: number, p: Float32Array, rows: number, pStride: number, limit: number): Float32Array {
    let out: Float32Array | undefined;
    forChunks(0, limit, (n, _, count, from) => {
      const { kernels, matrix } = this.#chunks[head][n].values;
      const y = kernels.gemm(p.subarray(from), rows, matrix, undefined, { inner: count, xStride: pStride });
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
    const make = (outputs: number, inner: number) =>
      allocate(CHUNK * headDim * 4, (kernels) => kernels.reserveF32(outputs, inner));
    return { keys: make(CHUNK, headDim), values: make(headDim, CHUNK) };
  }
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
