import { MugiError } from '../../errors.ts';
import type { Checkpoint } from '../checkpoint.ts';
import { inVocabulary, unsupported } from '../config/config-checks.ts';
import type { DecoderConfig, RopeScaling } from '../config/config.ts';
import { readConfig } from '../config/read-config.ts';
import { GgufMetadata } from './gguf-metadata.ts';
import { ROPE_FACTORS } from './gguf-names.ts';

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
  const read = new GgufMetadata(metadata, architecture, path);
  const key = (name: string) => read.key(name);
  for (const [name, neutral] of NEUTRAL) {
    const value = metadata.get(key(name));
    if (value === undefined || neutral.includes(value)) continue;
    throw unsupported(path, key(name), String(value), `${neutral.join(' or ')}, or no such key`);
  }
  const shape = read.shape();
  const headDim = shape.head_dim;
  const valueDim = read.size('attention.value_length', headDim);
  if (valueDim !== headDim) {
    throw unsupported(path, key('attention.value_length'), String(valueDim), `the head size, ${headDim}`);
  }
  const vocab = checkpoint.tensors.get('model.embed_tokens.weight')?.shape[0] ?? read.size('vocab_size');
  const has = (name: string): boolean => checkpoint.has(`model.layers.0.${name}`);
  // llama.cpp takes a factor without a type for a linear one.
  const factor = metadata.get(key('rope.scaling.factor')) ?? 1;
  const scaling =
    metadata.get(key('rope.scaling.type')) ?? (factor === 0 || factor === 1 ? 'none' : 'linear');
  const raw = {
    model_type: metadata.has(key('attention.sliding_window')) ? 'mistral' : architecture,
    ...shape,
    hidden_act: 'silu',
    rms_norm_eps: read.positive(key('attention.layer_norm_rms_epsilon')),
    ...(metadata.has(key('attention.sliding_window'))
      ? { sliding_window: read.size('attention.sliding_window') }
      : {}),
    vocab_size: vocab,
    rope_theta: read.positive(key('rope.freq_base'), 10_000),
    partial_rotary_factor: read.size('rope.dimension_count', headDim) / headDim,
    ...(scaling === 'none' || factor === 0
      ? {}
      : {
          rope_scaling: {
            type: scaling,
            factor: read.positive(key('rope.scaling.factor'), 1),
            ...(metadata.has(key('rope.scaling.original_context_length'))
              ? { original_max_position_embeddings: read.size('rope.scaling.original_context_length') }
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
  const config = readConfig(raw, path);
  if (config.family !== 'decoder')
    throw new MugiError({ code: 'internal', message: 'a GGUF file is a decoder' });
  const factors = ropeFactors(checkpoint, headDim);
  // llama.cpp's converter reorders the rows of q and k for interleaved pairs in `llama`, not in `qwen2`.
  const interleaved = architecture === 'llama';
  return {
    ...config,
    modelType: architecture,
    bias: {
      qkv: has('self_attn.q_proj.bias'),
      output: has('self_attn.o_proj.bias'),
      mlp: ['gate', 'up', 'down'].some((name) => has(`mlp.${name}_proj.bias`)),
      head: false,
    },
    each: config.each.map((layer) =>
      layer.rope === undefined
        ? layer
        : { ...layer, rope: { ...layer.rope, interleaved, ...(factors && { scaling: factors }) } },
    ),
  };

  function tokens(at: string): number[] {
    if (!metadata.has(at)) return [];
    const ids = [read.number(at)];
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
