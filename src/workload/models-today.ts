import { modelFromConfig } from './hf-config.ts';
import type { ModelShape } from './model.ts';

/**
 * Models of today beside the paper's, as facts of the config.json of their checkpoints. They are read as a user's
 * file is, so that one reading of a family holds for both; `source` names the checkpoint.
 */

type Facts = Readonly<Record<string, unknown>>;

const sizes = (
  model_type: string,
  hidden_size: number,
  intermediate_size: number,
  num_hidden_layers: number,
  [num_attention_heads, num_key_value_heads]: readonly [heads: number, kvHeads: number],
  head_dim: number,
  vocab_size: number,
  max_position_embeddings: number,
  more: Facts = {},
): Facts => ({
  model_type,
  hidden_size,
  intermediate_size,
  num_hidden_layers,
  num_attention_heads,
  num_key_value_heads,
  head_dim,
  vocab_size,
  max_position_embeddings,
  ...more,
});

const LONG = 131_072;
const TIED = { tie_word_embeddings: true };

const llama3 = (
  hidden: number,
  ffn: number,
  layers: number,
  heads: number,
  headDim = 128,
  more: Facts = {},
) => sizes('llama', hidden, ffn, layers, [heads, 8], headDim, 128_256, LONG, more);

const qwen3 = (hidden: number, ffn: number, layers: number, heads: number, more: Facts = {}) =>
  sizes('qwen3', hidden, ffn, layers, [heads, 8], 128, 151_936, 40_960, more);

const qwen3Moe = (hidden: number, width: number, layers: number, heads: number) =>
  sizes('qwen3_moe', hidden, 6144, layers, [heads, 4], 128, 151_936, 40_960, {
    moe_intermediate_size: width,
    num_experts: 128,
    num_experts_per_tok: 8,
  });

const gemma3 = (
  hidden: number,
  ffn: number,
  layers: number,
  heads: readonly [number, number],
  headDim: number,
  more: Facts = {},
) =>
  sizes('gemma3_text', hidden, ffn, layers, heads, headDim, 262_208, LONG, { sliding_window: 1024, ...more });

const gptOss = (layers: number, experts: number) =>
  sizes('gpt_oss', 2880, 2880, layers, [64, 8], 64, 201_088, LONG, {
    sliding_window: 128,
    num_local_experts: experts,
    num_experts_per_tok: 4,
    quantization_config: {
      quant_method: 'mxfp4',
      modules_to_not_convert: [
        'model.layers.*.self_attn',
        'model.layers.*.mlp.router',
        'model.embed_tokens',
        'lm_head',
      ],
    },
  });

/** Name, phrase, checkpoint, facts. */
const FACTS: readonly (readonly [string, string, string, Facts])[] = [
  ['llama-3.1-8b', 'Llama 3.1 8B', 'meta-llama/Llama-3.1-8B', llama3(4096, 14_336, 32, 32)],
  ['llama-3.1-70b', 'Llama 3.1 and 3.3 70B', 'meta-llama/Llama-3.1-70B', llama3(8192, 28_672, 80, 64)],
  ['llama-3.1-405b', 'Llama 3.1 405B', 'meta-llama/Llama-3.1-405B', llama3(16_384, 53_248, 126, 128)],
  ['llama-3.2-1b', 'Llama 3.2 1B', 'meta-llama/Llama-3.2-1B', llama3(2048, 8192, 16, 32, 64, TIED)],
  ['llama-3.2-3b', 'Llama 3.2 3B', 'meta-llama/Llama-3.2-3B', llama3(3072, 8192, 28, 24, 128, TIED)],
  ['qwen3-0.6b', 'Qwen 3 0.6B', 'Qwen/Qwen3-0.6B', qwen3(1024, 3072, 28, 16, TIED)],
  ['qwen3-1.7b', 'Qwen 3 1.7B', 'Qwen/Qwen3-1.7B', qwen3(2048, 6144, 28, 16, TIED)],
  ['qwen3-4b', 'Qwen 3 4B', 'Qwen/Qwen3-4B', qwen3(2560, 9728, 36, 32, TIED)],
  ['qwen3-8b', 'Qwen 3 8B', 'Qwen/Qwen3-8B', qwen3(4096, 12_288, 36, 32)],
  ['qwen3-14b', 'Qwen 3 14B', 'Qwen/Qwen3-14B', qwen3(5120, 17_408, 40, 40)],
  ['qwen3-32b', 'Qwen 3 32B', 'Qwen/Qwen3-32B', qwen3(5120, 25_600, 64, 64)],
  ['qwen3-30b-a3b', 'Qwen 3 30B, 3B active', 'Qwen/Qwen3-30B-A3B', qwen3Moe(2048, 768, 48, 32)],
  ['qwen3-235b-a22b', 'Qwen 3 235B, 22B active', 'Qwen/Qwen3-235B-A22B', qwen3Moe(4096, 1536, 94, 64)],
  [
    'gemma-3-1b',
    'Gemma 3 1B',
    'google/gemma-3-1b-pt',
    gemma3(1152, 6912, 26, [4, 1], 256, {
      vocab_size: 262_144,
      sliding_window: 512,
      max_position_embeddings: 32_768,
    }),
  ],
  ['gemma-3-4b', 'Gemma 3 4B, its text part', 'google/gemma-3-4b-pt', gemma3(2560, 10_240, 34, [8, 4], 256)],
  [
    'gemma-3-12b',
    'Gemma 3 12B, its text part',
    'google/gemma-3-12b-pt',
    gemma3(3840, 15_360, 48, [16, 8], 256),
  ],
  [
    'gemma-3-27b',
    'Gemma 3 27B, its text part',
    'google/gemma-3-27b-pt',
    gemma3(5376, 21_504, 62, [32, 16], 128),
  ],
  [
    'mistral-small-24b',
    'Mistral Small 3.1 and 3.2 24B, the text part',
    'mistralai/Mistral-Small-3.1-24B-Base-2503',
    sizes('mistral', 5120, 32_768, 40, [32, 8], 128, 131_072, LONG, { sliding_window: null }),
  ],
  ['phi-4', 'Phi 4 14B', 'microsoft/phi-4', sizes('phi3', 5120, 17_920, 40, [40, 10], 128, 100_352, 16_384)],
  [
    'phi-4-mini',
    'Phi 4 mini 3.8B',
    'microsoft/Phi-4-mini-instruct',
    sizes('phi3', 3072, 8192, 32, [24, 8], 128, 200_064, LONG, { ...TIED, partial_rotary_factor: 0.75 }),
  ],
  ['gpt-oss-20b', 'GPT-OSS 20B, experts in MXFP4', 'openai/gpt-oss-20b', gptOss(24, 32)],
  ['gpt-oss-120b', 'GPT-OSS 120B, experts in MXFP4', 'openai/gpt-oss-120b', gptOss(36, 128)],
  [
    'deepseek-v3',
    'DeepSeek V3 and R1, 671B, 37B active, FP8',
    'deepseek-ai/DeepSeek-V3',
    {
      model_type: 'deepseek_v3',
      hidden_size: 7168,
      intermediate_size: 18_432,
      moe_intermediate_size: 2048,
      num_hidden_layers: 61,
      num_attention_heads: 128,
      num_key_value_heads: 128,
      first_k_dense_replace: 3,
      n_routed_experts: 256,
      n_shared_experts: 1,
      num_experts_per_tok: 8,
      q_lora_rank: 1536,
      kv_lora_rank: 512,
      qk_nope_head_dim: 128,
      qk_rope_head_dim: 64,
      v_head_dim: 128,
      vocab_size: 129_280,
      max_position_embeddings: 163_840,
      quantization_config: { quant_method: 'fp8', weight_block_size: [128, 128] },
    },
  ],
];

/** A model that is read from its facts when somebody looks inside: commands name many and use one. */
function lazily(name: string, title: string, checkpoint: string, facts: Facts): ModelShape {
  let made: ModelShape | undefined;
  const model = (): ModelShape => (made ??= modelFromConfig(facts, checkpoint, name));
  return {
    name,
    title,
    source: `config.json of ${checkpoint}`,
    get stacks() {
      return model().stacks;
    },
    get weightBits() {
      return model().weightBits;
    },
    get kvBits() {
      return model().kvBits;
    },
    get notes() {
      return model().notes;
    },
  };
}

/** Built-in models of today. */
export const MODELS_TODAY: readonly ModelShape[] = FACTS.map((facts) => lazily(...facts));
