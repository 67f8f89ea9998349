import { KEY_GROUP, quantiseKeys, quantiseValues } from './kv-quantisation.ts';

/** Keys and values of one sequence, per layer: rows of kvHeads·headDim float32, appended as tokens come. */
export class KvCache {
  readonly #width: number;
  readonly #keys: Float32Array[] = [];
  readonly #values: Float32Array[] = [];
  readonly #lengths: number[] = [];
  /** INT4 copies, and how many tokens of them are up to date. */
  readonly #int4: { keys: Float32Array; values: Float32Array; keysDone: number; valuesDone: number }[] = [];

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

  /**
   * The layer's keys and values as INT4 and back; keys behind the last complete group are not filled in. Only what
   * came since the last call is quantised.
   */
  quantised(layer: number, headDim: number): { keys: Float32Array; values: Float32Array } {
    const size = this.#keys[layer]!.length;
    let held = this.#int4[layer] ?? {
      keys: new Float32Array(size),
      values: new Float32Array(size),
      keysDone: 0,
      valuesDone: 0,
    };
    if (held.keys.length < size)
      held = { ...held, keys: grown(held.keys, size), values: grown(held.values, size) };
    const length = this.length(layer);
    const groups = length - (length % KEY_GROUP);
    const w = this.#width;
    if (groups > held.keysDone) {
      held.keys.set(
        quantiseKeys(this.#keys[layer]!.subarray(held.keysDone * w, groups * w), w),
        held.keysDone * w,
      );
    }
    const fresh = this.#values[layer]!.subarray(held.valuesDone * w, length * w);
    held.values.set(quantiseValues(fresh, headDim), held.valuesDone * w);
    this.#int4[layer] = { ...held, keysDone: groups, valuesDone: length };
    return { keys: held.keys.subarray(0, length * w), values: held.values.subarray(0, length * w) };
  }
}

function grown(old: Float32Array | undefined, size: number): Float32Array {
  const array = new Float32Array(size);
  if (old) array.set(old);
  return array;
}
