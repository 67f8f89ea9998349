import { MugiError } from '../../errors.ts';
import type { Checkpoint } from '../checkpoint.ts';
import { divides, inVocabulary, unsupported } from '../config/config-checks.ts';
import type { DecoderConfig, RopeScaling } from '../config/config.ts';
import { readConfig } from '../config/read-config.ts';

/** llama.cpp's tensor of divisors of the rotary frequencies: how its converter writes Llama 3's rescaling. */
export const ROPE_FACTORS = 'rope_freqs.weight';

/** Metadata keys that change what a model computes, and the values under which they do not. */
const NEUTRAL: readonly (readonly [string, readonly unknown[]])[] = [
  ['expert_count', [0]],
  ['rope.scaling.type', ['none', 'linear', 'yarn']],
  ['rope.scale_linear', [0, 1]],
  ['rope.scaling.attn_factor', [1]],
  // Below 0, llama.cpp takes what the type says (`llama_context_params`).
  ['rope.scaling.yarn_ext_factor', [-1, 1]],
  ['rope.scaling.yarn_attn_factor', [1]],
  ['rope.scaling.yarn_beta_fast', [32]],
  ['rope.scaling.yarn_beta_slow', [1]],
  ['rope.scaling.yarn_log_multiplier', [0]],
];

/**
 * Reads the metadata of a GGUF file of architecture llama (Llama, Mistral) or qwen2.
 * @throws MugiError for metadata that is missing or not valid
 */
export function ggufConfig(
  architecture: 'llama' | 'qwen2',
  metadata: ReadonlyMap<string, unknown>,
  checkpoint: Checkpoint,
): DecoderConfig {
  const { path } = checkpoint;
  const key = (name: string) => `${architecture}.${name}`;
  const number = (name: string, fallback?: number): number => {
    const found = metadata.get(name);
    // Some converters write one entry a layer; layers that differ are another model.
    const value =
      Array.isArray(found) && found.length > 0 && found.every((one) => one === found[0]) ? found[0] : found;
    if (typeof value === 'number' || typeof value === 'bigint') return Number(value);
    if (value === undefined && fallback !== undefined) return fallback;
    throw new MugiError({
      code: 'invalid-file',
      message: `the metadata key ${name} is ${value === undefined ? 'missing' : 'not a number'}`,
      path,
    });
  };
  const positive = (name: string, fallback?: number): number => {
    const value = number(name, fallback);
    if (value > 0 && value < Infinity) return value;
    throw new MugiError({
      code: 'invalid-file',
      message: `the metadata key ${name} must be a number above 0`,
      path: `${path}: ${name}`,
      received: String(value),
    });
  };
  const size = (name: string, fallback?: number): number => {
    const value = number(key(name), fallback);
    if (Number.isInteger(value) && value > 0) return value;
    throw new MugiError({
      code: 'invalid-file',
      message: `the metadata key ${key(name)} must be a positive whole number`,
      path: `${path}: ${key(name)}`,
      received: String(value),
    });
  };
  for (const [name, neutral] of NEUTRAL) {
    const value = metadata.get(key(name));
    if (value === undefined || neutral.includes(value)) continue;
    throw unsupported(path, key(name), String(value), `${neutral.join(' or ')}, or no such key`);
  }
  const hidden = size('embedding_length');
  const heads = size('attention.head_count');
  const kvHeads = size('attention.head_count_kv', heads);
  divides(path, key('attention.head_count'), heads, key('attention.head_count_kv'), kvHeads);
  if (!metadata.has(key('attention.key_length'))) {
    divides(path, key('embedding_length'), hidden, key('attention.head_count'), heads);
  }
  const headDim = size('attention.key_length', hidden / heads);
  const valueDim = size('attention.value_length', headDim);
  if (valueDim !== headDim) {
    throw unsupported(path, key('attention.value_length'), String(valueDim), `the head size, ${headDim}`);
  }
  const vocab = checkpoint.tensors.get('model.embed_tokens.weight')?.shape[0] ?? size('vocab_size');
  const has = (name: string): boolean => checkpoint.has(`model.layers.0.${name}`);
  // llama.cpp takes a factor without a type for a linear one.
  const factor = metadata.get(key('rope.scaling.factor')) ?? 1;
  const scaling =
    metadata.get(key('rope.scaling.type')) ?? (factor === 0 || factor === 1 ? 'none' : 'linear');
  const raw = {
    model_type: metadata.has(key('attention.sliding_window')) ? 'mistral' : architecture,
    hidden_size: hidden,
    num_hidden_layers: size('block_count'),
    num_attention_heads: heads,
    num_key_value_heads: kvHeads,
    head_dim: headDim,
    intermediate_size: size('feed_forward_length'),
    hidden_act: 'silu',
    rms_norm_eps: positive(key('attention.layer_norm_rms_epsilon')),
    max_position_embeddings: size('context_length'),
    ...(metadata.has(key('attention.sliding_window'))
      ? { sliding_window: size('attention.sliding_window') }
      : {}),
    vocab_size: vocab,
    rope_theta: positive(key('rope.freq_base'), 10_000),
    partial_rotary_factor: size('rope.dimension_count', headDim) / headDim,
    ...(scaling === 'none' || factor === 0
      ? {}
      : {
          rope_scaling: {
            type: scaling,
            factor: positive(key('rope.scaling.factor'), 1),
            ...(metadata.has(key('rope.scaling.original_context_length'))
              ? { original_max_position_embeddings: size('rope.scaling.original_context_length') }
              : {}),
          },
        }),
    tie_word_embeddings: !checkpoint.has('lm_head.weight'),
    ...(metadata.get('tokenizer.ggml.add_bos_token') === false
      ? {}
      : { bos_token_id: tokens('tokenizer.ggml.bos_token_id') }),
    // Instruct models end a turn with a token of its own.
    eos_token_id: ['eos', 'eot', 'eom'].flatMap((name) => tokens(`tokenizer.ggml.${name}_token_id`)),
  };
  const read = readConfig(raw, path);
  if (read.family !== 'decoder')
    throw new MugiError({ code: 'internal', message: 'a GGUF file is a decoder' });
  const factors = ropeFactors(checkpoint, headDim);
  // llama.cpp's converter reorders the rows of q and k for interleaved pairs in `llama`, not in `qwen2`.
  const interleaved = architecture === 'llama';
  return {
    ...read,
    modelType: architecture,
    bias: {
      qkv: has('self_attn.q_proj.bias'),
      output: has('self_attn.o_proj.bias'),
      mlp: ['gate', 'up', 'down'].some((name) => has(`mlp.${name}_proj.bias`)),
      head: false,
    },
    each: read.each.map((layer) =>
      layer.rope === undefined
        ? layer
        : { ...layer, rope: { ...layer.rope, interleaved, ...(factors && { scaling: factors }) } },
    ),
  };

  function tokens(at: string): number[] {
    if (!metadata.has(at)) return [];
    const ids = [number(at)];
    inVocabulary(path, at, ids, vocab);
    return ids;
  }
}

function ropeFactors(checkpoint: Checkpoint, headDim: number): RopeScaling | undefined {
  if (!checkpoint.has(ROPE_FACTORS)) return undefined;
  const factors = checkpoint.read(ROPE_FACTORS, [headDim / 2]);
  checkpoint.close();
  const bad = factors.findIndex((factor) => !(factor > 0));
  if (bad < 0) return { type: 'factors', factors: [...factors] };
  throw new MugiError({
    code: 'invalid-file',
    message: `tensor ${ROPE_FACTORS} must hold positive divisors (element ${bad} is ${factors[bad]})`,
    path: checkpoint.path,
  });
}
