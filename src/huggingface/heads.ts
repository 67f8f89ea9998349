import { MugiError } from '../errors.ts';
import type { Config } from './config.ts';

/** Heads of an attention layer, and how wide each is. */
export interface Heads {
  heads: number;
  kvHeads: number;
  headDim: number;
}

/** As many KV heads as the file says, and a head size that need not be hidden / heads. */
export function headsOf(config: Config, hidden: number, given?: number): Heads {
  const heads = config.size('num_attention_heads');
  const kvHeads = given ?? config.sizeOr(heads, 'num_key_value_heads');
  if (heads % kvHeads !== 0) {
    throw config.invalid('num_key_value_heads', `a divisor of num_attention_heads = ${heads}`, kvHeads);
  }
  return { heads, kvHeads, headDim: headDimOf(config, hidden, heads) };
}

/** `head_dim`, the family's own default, or hidden / heads. */
export const headDimOf = (config: Config, hidden: number, heads: number): number =>
  config.optionalSize('head_dim') ?? headSize(config, 'num_attention_heads', hidden, heads);

/** hidden / heads, which must be whole; `key` is the key of the heads. */
export function headSize(config: Config, key: string, hidden: number, heads: number): number {
  if (hidden % heads === 0) return hidden / heads;
  throw config.invalid(key, `a divisor of the hidden size ${hidden}`, heads);
}

/**
 * Longest sequence. Llama 1 files from before transformers 4.28 call it `max_sequence_length`. Unbounded when
 * neither the file nor the family has one.
 */
export const positionsOf = (config: Config): number =>
  config.sizeOr(
    Infinity,
    'max_position_embeddings',
    'max_sequence_length',
    'max_seq_len',
    'seq_length',
    'n_positions',
    'model_max_length',
  );

/**
 * Sliding window of the layers that have one. Qwen 2 and 3 files state a window and switch it off: their
 * `use_sliding_window` is false unless the file says otherwise. An explicit null switches it off everywhere.
 */
export function windowOf(config: Config): number | undefined {
  if (!config.flag('use_sliding_window', true)) return undefined;
  return config.optionalSize('sliding_window');
}

/** Rotary embedding as transformers reads it: `rope_parameters` (5.0) holds what stood in three keys before. */
export interface Rotary {
  theta: number;
  /** Share of a head that is turned, in (0, 1]. */
  partial: number;
  /** `rope_parameters` or `rope_scaling`, where there is one. */
  scaling: { name: 'rope_parameters' | 'rope_scaling'; values: Config } | undefined;
  /** Layers of different types have rotary embeddings of their own; this is that of full attention. */
  byLayerType: boolean;
}

/** @param fallback the base of the angles where the file has none */
export function rotaryOf(config: Config, fallback = 10_000): Rotary {
  const name = config.has('rope_parameters') ? 'rope_parameters' : 'rope_scaling';
  const found = config.object(name);
  // One object a layer type (Gemma 3 and 4 in transformers 5): the layers with full attention decide.
  const full = found?.object('full_attention');
  const values = full ?? found;
  const theta = values?.has('rope_theta')
    ? values.number('rope_theta', 1, 1e12)
    : config.number('rope_theta', fallback, 1e12);
  const partial = values?.has('partial_rotary_factor')
    ? values.number('partial_rotary_factor', 1, 1)
    : config.number('partial_rotary_factor', 1, 1);
  return {
    theta,
    partial,
    scaling: values === undefined ? undefined : { name, values },
    byLayerType: full !== undefined,
  };
}

/** Elements of a head that are turned; undefined for all of them. */
export const rotaryDim = (headDim: number, partial: number): number | undefined =>
  partial < 1 ? Math.max(1, Math.floor(headDim * partial)) : undefined;

/** Refuses what is no JSON object. */
export function noObject(json: unknown, path: string): MugiError {
  return new MugiError({
    code: 'invalid-file',
    message: 'the file does not hold a JSON object',
    path,
    expected: 'a Hugging Face config.json',
    received: json === null ? 'null' : Array.isArray(json) ? 'an array' : `a ${typeof json}`,
  });
}
