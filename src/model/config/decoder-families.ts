import type { Config } from '../../huggingface/config.ts';
import type { ActivationName, Blocks, DecoderConfig, QkNorm, RouterConfig } from './config.ts';
import { type DecoderNames, layerNames, NEOX_NAMES } from './decoder-names.ts';

/**
 * In what a family differs from Llama when it is run. Sizes, windows and experts come from the reader that workloads use;
 * here stands what costs nothing there: where norms stand, biases, factors, caps, names of weights. The facts are those of
 * the families' modelling files in transformers 4.57.
 */
export interface DecoderTraits {
  names?: DecoderNames;
  blocks?: Blocks;
  norm?: Partial<DecoderConfig['norm']>;
  /** Keys of the norms' epsilon, and its value where the file has none. */
  epsilon?: readonly [key: string, fallback: number];
  activationKeys?: readonly string[];
  /** The activation where no key says it. */
  activation?: ActivationName;
  /** Parts of the family that are not run: a key under which a file has one, and what it says then. */
  refuses?: readonly { key: string; when: boolean; received: string; expected: string }[];
  qkNorm?: QkNorm | undefined;
  bias?: Partial<DecoderConfig['bias']>;
  scale?: Partial<DecoderConfig['scale']>;
  cap?: Partial<DecoderConfig['cap']>;
  clip?: number | undefined;
  sinks?: boolean;
  router?: Partial<RouterConfig>;
  /** Base of the rotary angles where the file has none. */
  theta?: number;
  interleaved?: boolean;
  /** Rotary embedding of layers with a window, where it is another one. */
  local?: { theta: number } | 'unscaled';
  /** Layers with full attention know no positions (Command R7B). */
  noRopeInFull?: boolean;
}

type Traits = (config: Config) => DecoderTraits;

const HEAD_NORM: QkNorm = { over: 'head', kind: 'rms' };
const WIDTH_NORM: QkNorm = { over: 'width', kind: 'rms' };
const SHIFTED = { kind: 'layer', weights: 'scale-and-shift' } as const;
const SCALED = { kind: 'layer', weights: 'scale' } as const;
const optional = (config: Config, key: string): number | undefined =>
  config.value(key) === undefined ? undefined : config.number(key, 1);

const llama: Traits = () => ({});

/** Gemma 1 to 3: weights of norms count from 1, embedding rows times √hidden. */
function gemma(config: Config): DecoderTraits {
  return {
    norm: { offset: 1 },
    scale: { embedding: Math.sqrt(config.size('hidden_size')) },
    // Its first files say `gelu`; the model was made with the tanh form, which transformers takes without this key.
    activationKeys: ['hidden_activation'],
    activation: 'gelu-tanh',
  };
}

function gemma2(config: Config): DecoderTraits {
  const base = gemma(config);
  return {
    ...base,
    names: layerNames({ ffnNorm: 'pre_feedforward_layernorm' }),
    blocks: 'around',
    scale: { ...base.scale, scores: config.number('query_pre_attn_scalar', 256) ** -0.5 },
    cap: {
      scores: config.mentions('attn_logit_softcapping') ? optional(config, 'attn_logit_softcapping') : 50,
      logits: config.mentions('final_logit_softcapping') ? optional(config, 'final_logit_softcapping') : 30,
    },
  };
}

const gemma3: Traits = (config) => ({
  ...gemma2(config),
  cap: {
    scores: optional(config, 'attn_logit_softcapping'),
    logits: optional(config, 'final_logit_softcapping'),
  },
  qkNorm: HEAD_NORM,
  theta: 1e6,
  local: { theta: config.number('rope_local_base_freq', 10_000, 1e12) },
});

const mixtral: Traits = () => ({
  names: layerNames({
    router: 'block_sparse_moe.gate',
    experts: { kind: 'each', at: 'block_sparse_moe.experts', gate: 'w1', up: 'w3', down: 'w2' },
  }),
  router: { softmax: 'all', normalise: true },
  theta: 1e6,
});

const qwenRouter = (config: Config): DecoderTraits['router'] => ({
  softmax: 'all',
  normalise: config.flag('norm_topk_prob', false),
});

const phi3: Traits = () => ({
  names: layerNames({
    qkv: { name: 'self_attn.qkv_proj', order: 'parts' },
    gateUp: 'mlp.gate_up_proj',
  }),
  epsilon: ['rms_norm_eps', 1e-5],
});

const POST = layerNames({ attentionOut: 'post_attention_layernorm', ffnOut: 'post_feedforward_layernorm' });
const olmo2: Traits = () => ({
  names: POST,
  blocks: 'post',
  qkNorm: WIDTH_NORM,
  epsilon: ['rms_norm_eps', 1e-5],
});

function granite(config: Config): DecoderTraits {
  return {
    scale: {
      embedding: config.number('embedding_multiplier', 1),
      scores: config.number('attention_multiplier', 1),
      residual: config.number('residual_multiplier', 1),
      logits: 1 / config.number('logits_scaling', 1),
    },
  };
}

function stablelm(config: Config): DecoderTraits {
  return {
    names: layerNames({ qNorm: 'self_attn.q_layernorm', kNorm: 'self_attn.k_layernorm' }),
    norm: SHIFTED,
    epsilon: ['layer_norm_eps', 1e-5],
    blocks: config.flag('use_parallel_residual', false) ? 'parallel' : 'pre',
    qkNorm: config.flag('qk_layernorm', false) ? { over: 'each-head', kind: 'layer' } : undefined,
    bias: { qkv: config.flag('use_qkv_bias', false), output: false },
  };
}

function starcoder2(config: Config): DecoderTraits {
  const bias = config.flag('use_bias', true);
  return {
    names: layerNames({ up: 'mlp.c_fc', down: 'mlp.c_proj' }),
    norm: SHIFTED,
    epsilon: ['norm_epsilon', 1e-5],
    bias: { qkv: bias, output: bias, mlp: bias },
  };
}

function gptNeox(config: Config): DecoderTraits {
  const bias = config.flag('attention_bias', true);
  return {
    names: NEOX_NAMES,
    norm: SHIFTED,
    epsilon: ['layer_norm_eps', 1e-5],
    blocks: config.flag('use_parallel_residual', true) ? 'parallel-two' : 'pre',
    bias: { qkv: bias, output: bias, mlp: true },
    theta: config.number('rotary_emb_base', 10_000, 1e12),
  };
}

const phi: Traits = (config) => ({
  refuses: [
    {
      key: 'qk_layernorm',
      when: config.flag('qk_layernorm', false),
      received: 'true',
      expected: 'false',
    },
  ],
  names: {
    ...layerNames({
      o: 'self_attn.dense',
      up: 'mlp.fc1',
      down: 'mlp.fc2',
    }),
    finalNorm: 'final_layernorm',
  },
  norm: SHIFTED,
  epsilon: ['layer_norm_eps', 1e-5],
  blocks: 'parallel',
  bias: { qkv: true, output: true, mlp: true, head: true },
});

const cohere: Traits = (config) => ({
  norm: SCALED,
  epsilon: ['layer_norm_eps', 1e-5],
  blocks: 'parallel',
  scale: { logits: config.number('logit_scale', 0.0625) },
  interleaved: true,
});

const gptOss: Traits = (config) => ({
  names: layerNames({
    router: 'mlp.router',
    experts: { kind: 'alternating', gateUp: 'mlp.experts.gate_up_proj', down: 'mlp.experts.down_proj' },
  }),
  epsilon: ['rms_norm_eps', 1e-5],
  bias: { qkv: true, output: true },
  sinks: true,
  // Its files say `silu`, which is not what the modelling file computes: x · sigmoid(1.702 x).
  activationKeys: [],
  activation: 'gelu-quick',
  router: { softmax: 'chosen', bias: true, limit: config.number('swiglu_limit', 7) },
  theta: 150_000,
});

/** What is run, by `model_type`: the families of Llama's shape. */
export const DECODERS: Readonly<Record<string, Traits>> = {
  llama,
  mistral: llama,
  ministral: llama,
  ministral3: llama,
  mixtral,
  qwen2: () => ({ bias: { qkv: true, output: false } }),
  qwen3: () => ({ qkNorm: HEAD_NORM }),
  qwen2_moe: (config) => ({
    bias: { qkv: config.flag('qkv_bias', true), output: false },
    router: qwenRouter(config),
  }),
  qwen3_moe: (config) => ({ qkNorm: HEAD_NORM, router: qwenRouter(config) }),
  gemma,
  gemma2,
  gemma3_text: gemma3,
  phi,
  phi3,
  olmo: (config) => ({
    norm: { kind: 'layer', weights: 'none' },
    epsilon: ['layer_norm_eps', 1e-5],
    clip: optional(config, 'clip_qkv'),
  }),
  olmo2,
  olmo3: (config) => ({ ...olmo2(config), local: 'unscaled' }),
  olmoe: (config) => ({
    qkNorm: WIDTH_NORM,
    epsilon: ['rms_norm_eps', 1e-5],
    clip: optional(config, 'clip_qkv'),
    router: qwenRouter(config),
  }),
  granite,
  granitemoe: (config) => ({
    ...granite(config),
    refuses: [
      {
        key: 'shared_intermediate_size',
        when: config.count(0, 'shared_intermediate_size') > 0,
        received: 'a shared expert',
        expected: 'none',
      },
    ],
    names: layerNames({
      router: 'block_sparse_moe.router.layer',
      experts: {
        kind: 'stacked',
        gateUp: 'block_sparse_moe.input_linear.weight',
        down: 'block_sparse_moe.output_linear.weight',
      },
    }),
    router: { softmax: 'chosen' },
  }),
  stablelm,
  starcoder2,
  gpt_neox: gptNeox,
  gpt_oss: gptOss,
  smollm3: () => ({ theta: 2e6 }),
  cohere,
  cohere2: (config) => ({ ...cohere(config), noRopeInFull: true }),
  glm: (config) => ({
    names: layerNames({ gateUp: 'mlp.gate_up_proj' }),
    interleaved: true,
    bias: { qkv: config.flag('attention_bias', false), output: false },
    epsilon: ['rms_norm_eps', 1.5625e-7],
  }),
  glm4: (config) => ({
    names: layerNames({
      gateUp: 'mlp.gate_up_proj',
      attentionOut: 'post_self_attn_layernorm',
      ffnOut: 'post_mlp_layernorm',
    }),
    blocks: 'around',
    interleaved: true,
    bias: { qkv: config.flag('attention_bias', false), output: false },
    epsilon: ['rms_norm_eps', 1.5625e-7],
  }),
};
