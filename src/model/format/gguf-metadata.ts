import { MugiError } from '../../errors.ts';
import { divides } from '../config/config-checks.ts';

/** Sizes of a decoder, by the keys of its config.json. */
export interface GgufShape {
  hidden_size: number;
  num_hidden_layers: number;
  intermediate_size: number;
  num_attention_heads: number;
  num_key_value_heads: number;
  head_dim: number;
  max_position_embeddings: number;
}

/** Typed access to the metadata of a GGUF file, whose keys begin with its architecture (ggml's docs/gguf.md). */
export class GgufMetadata {
  readonly architecture: string;
  readonly path: string;
  readonly #values: ReadonlyMap<string, unknown>;

  constructor(values: ReadonlyMap<string, unknown>, architecture: string, path: string) {
    this.#values = values;
    this.architecture = architecture;
    this.path = path;
  }

  key(name: string): string {
    return `${this.architecture}.${name}`;
  }

  /** The value under a whole key, as a number. */
  number(key: string, fallback?: number): number {
    const found = this.#values.get(key);
    // Some converters write one entry a layer; layers that differ are another model.
    const value =
      Array.isArray(found) && found.length > 0 && found.every((one) => one === found[0]) ? found[0] : found;
    if (typeof value === 'number' || typeof value === 'bigint') return Number(value);
    if (value === undefined && fallback !== undefined) return fallback;
    throw new MugiError({
      code: 'invalid-file',
      message: `the metadata key ${key} is ${value === undefined ? 'missing' : 'not a number'}`,
      path: this.path,
    });
  }

  positive(key: string, fallback?: number): number {
    const value = this.number(key, fallback);
    if (value > 0 && value < Infinity) return value;
    throw new MugiError({
      code: 'invalid-file',
      message: `the metadata key ${key} must be a number above 0`,
      path: `${this.path}: ${key}`,
      received: String(value),
    });
  }

  /** A size under the architecture's key of that name. */
  size(name: string, fallback?: number): number {
    const key = this.key(name);
    const value = this.number(key, fallback);
    if (Number.isInteger(value) && value > 0) return value;
    throw new MugiError({
      code: 'invalid-file',
      message: `the metadata key ${key} must be a positive whole number`,
      path: `${this.path}: ${key}`,
      received: String(value),
    });
  }

  shape(): GgufShape {
    const { path } = this;
    const hidden = this.size('embedding_length');
    const heads = this.size('attention.head_count');
    const kvHeads = this.size('attention.head_count_kv', heads);
    divides(path, this.key('attention.head_count'), heads, this.key('attention.head_count_kv'), kvHeads);
    if (!this.#values.has(this.key('attention.key_length'))) {
      divides(path, this.key('embedding_length'), hidden, this.key('attention.head_count'), heads);
    }
    return {
      hidden_size: hidden,
      num_hidden_layers: this.size('block_count'),
      intermediate_size: this.size('feed_forward_length'),
      num_attention_heads: heads,
      num_key_value_heads: kvHeads,
      head_dim: this.size('attention.key_length', hidden / heads),
      max_position_embeddings: this.size('context_length'),
    };
  }
}
