import { MugiError } from '../../errors.ts';
import type { Checkpoint } from '../checkpoint.ts';
import { divides, inVocabulary, unsupported } from '../config/config-checks.ts';
import type { LlamaConfig, Rope } from '../config/config.ts';

/** llama.cpp's tensor of divisors of the rotary frequencies: how its converter writes Llama 3's rescaling. */
export const ROPE_FACTORS = 'rope_freqs.weight';

/** Metadata keys that change what a model computes, and the values under which they do not. */
const NEUTRAL: readonly (readonly [string, readonly unknown[]])[] = [
  ['expert_count', [0]],
  ['rope.scaling.type', ['none']],
  ['rope.scaling.factor', [0, 1]],
  ['rope.scale_linear', [0, 1]],
];

/**
 * Reads the metadata of a GGUF file of architecture llama (Llama, Mistral) or qwen2.
 * @throws MugiError for metadata that is missing or not valid
 */
export function ggufConfig(
  architecture: 'llama' | 'qwen2',
  metadata: ReadonlyMap<string, unknown>,
  checkpoint: Checkpoint,
): LlamaConfig {
  const { path } = checkpoint;
  const key = (name: string) => `${architecture}.${name}`;
  const number = (name: string, fallback?: number): number => {
    const value = metadata.get(name);
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
  for (const name of ['attention.value_length', 'rope.dimension_count']) {
    const value = size(name, headDim);
    if (value !== headDim) throw unsupported(path, key(name), String(value), `the head size, ${headDim}`);
  }
  const vocab = checkpoint.tensors.get('model.embed_tokens.weight')?.shape[0] ?? size('vocab_size');
  const token = (name: string): readonly number[] => {
    if (!metadata.has(name)) return [];
    const ids = [number(name)];
    inVocabulary(path, name, ids, vocab);
    return ids;
  };
  const context = size('context_length');
  return {
    family: 'llama',
    modelType: architecture,
    hidden,
    layers: size('block_count'),
    heads,
    kvHeads,
    headDim,
    ffn: size('feed_forward_length'),
    activation: 'silu',
    epsilon: positive(key('attention.layer_norm_rms_epsilon')),
    // Up to its sliding window a model attends to everything, as in a Hugging Face configuration.
    context: Math.min(context, size('attention.sliding_window', context)),
    vocab,
    rope: {
      theta: positive(key('rope.freq_base'), 10_000),
      // llama.cpp's converter reorders the rows of q and k for interleaved pairs in `llama`, not in `qwen2`.
      interleaved: architecture === 'llama',
      scaling: ropeFactors(checkpoint, headDim),
    },
    qkvBias: checkpoint.has('model.layers.0.self_attn.q_proj.bias'),
    outputBias: checkpoint.has('model.layers.0.self_attn.o_proj.bias'),
    mlpBias: false,
    tied: !checkpoint.has('lm_head.weight'),
    bos: token('tokenizer.ggml.bos_token_id')[0],
    eos: token('tokenizer.ggml.eos_token_id'),
  };
}

function ropeFactors(checkpoint: Checkpoint, headDim: number): Rope['scaling'] {
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
