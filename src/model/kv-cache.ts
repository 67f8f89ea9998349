/** Keys and values of one sequence, per layer: rows of kvHeads·headDim float32, appended as tokens come. */
export class KvCache {
  readonly #width: number;
  readonly #keys: Float32Array[] = [];
  readonly #values: Float32Array[] = [];
  readonly #lengths: number[] = [];

  /** @param width kvHeads · headDim */
  constructor(width: number) {
    this.#width = width;
  }

  /** Tokens held by `layer`; by every layer between forward passes. */
  length(layer = 0): number {
    return this.#lengths[layer] ?? 0;
  }

  /** Appends rows to a layer and returns all its rows, [length × width] each. */
  append(
    layer: number,
    keys: Float32Array,
    values: Float32Array,
  ): { keys: Float32Array; values: Float32Array } {
    const past = this.length(layer);
    const length = past + keys.length / this.#width;
    const room = (this.#keys[layer]?.length ?? 0) / this.#width;
    if (length > room) {
      const size = Math.max(64, 2 * room, length) * this.#width;
      this.#keys[layer] = grown(this.#keys[layer], size);
      this.#values[layer] = grown(this.#values[layer], size);
    }
    this.#keys[layer]!.set(keys, past * this.#width);
    this.#values[layer]!.set(values, past * this.#width);
    this.#lengths[layer] = length;
    const all = length * this.#width;
    return { keys: this.#keys[layer]!.subarray(0, all), values: this.#values[layer]!.subarray(0, all) };
  }
}

function grown(old: Float32Array | undefined, size: number): Float32Array {
  const array = new Float32Array(size);
  if (old) array.set(old);
  return array;
}
