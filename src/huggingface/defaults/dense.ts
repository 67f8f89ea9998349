import type { Values } from '../config.ts';
import { like, LLAMA, MISTRAL, OLMO, QWEN, QWEN_WINDOW, SILU } from './like.ts';

/** `gelu_pytorch_tanh` under Gemma's key; files of the first Gemma have `hidden_act` instead. */
const GEMMA = { hidden_act: undefined, hidden_activation: 'gelu_pytorch_tanh', tie_word_embeddings: true };
const GEMMA_2 = {
  hidden: 2304,
  ffn: 9216,
  layers: 26,
  heads: 8,
  kv: 4,
  headDim: 256,
  vocabulary: 256_000,
  positions: 8192,
};
const COHERE = { hidden: 8192, ffn: 22_528, layers: 40, heads: 64, vocabulary: 256_000, positions: 8192 };
const GLM_4 = like(
  { ...LLAMA, ffn: 13_696, layers: 40, kv: 2, headDim: 128, vocabulary: 151_552, positions: 131_072 },
  { partial_rotary_factor: 0.5 },
);

/** Decoders with one network a layer. */
export const DENSE: Readonly<Record<string, Values>> = {
  llama: like(LLAMA),
  llama_bidirec: like(LLAMA),
  internlm: SILU,
  xverse: SILU,
  helium: like({
    hidden: 2560,
    ffn: 7040,
    layers: 24,
    heads: 20,
    headDim: 128,
    vocabulary: 48_000,
    positions: 4096,
  }),
  arcee: like(
    { hidden: 2560, ffn: 18_432, layers: 32, heads: 32, vocabulary: 32_000, positions: 4096 },
    { hidden_act: 'relu2' },
  ),
  bitnet: like(
    { hidden: 2560, ffn: 6912, layers: 30, heads: 20, kv: 5, vocabulary: 128_256, positions: 2048 },
    { hidden_act: 'relu2' },
  ),
  minicpmv: like(QWEN, QWEN_WINDOW),
  minicpmo: like(QWEN, QWEN_WINDOW),
  mistral: like(MISTRAL, { sliding_window: 4096 }),
  ministral: like({ ...MISTRAL, positions: 32_768 }, { sliding_window: 4096 }),
  ministral3: like({ ...MISTRAL, layers: 34, headDim: 128, vocabulary: 131_072, positions: 262_144 }),
  qwen2: like(QWEN, QWEN_WINDOW),
  qwen3: like({ ...QWEN, headDim: 128 }, QWEN_WINDOW),
  gemma: like(
    {
      hidden: 3072,
      ffn: 24_576,
      layers: 28,
      heads: 16,
      kv: 16,
      headDim: 256,
      vocabulary: 256_000,
      positions: 8192,
    },
    GEMMA,
  ),
  gemma2: like(GEMMA_2, { ...GEMMA, sliding_window: 4096 }),
  gemma3_text: like(
    { ...GEMMA_2, vocabulary: 262_208, positions: 131_072 },
    { ...GEMMA, sliding_window: 4096, sliding_window_pattern: 6 },
  ),
  gemma4_text: { ...GEMMA, sliding_window: 512 },
  phi: {
    hidden_size: 2048,
    intermediate_size: 8192,
    num_hidden_layers: 24,
    num_attention_heads: 32,
    vocab_size: 51_200,
    max_position_embeddings: 2048,
    hidden_act: 'gelu_new',
    partial_rotary_factor: 0.5,
    tie_word_embeddings: false,
  },
  phi3: like({ ...LLAMA, hidden: 3072, ffn: 8192, vocabulary: 32_064, positions: 4096 }),
  olmo: like(OLMO),
  olmo2: like(OLMO),
  olmo3: like(OLMO, { sliding_window: 4096 }),
  granite: like(LLAMA),
  smollm3: like(
    { hidden: 2048, ffn: 11_008, layers: 36, heads: 16, kv: 4, vocabulary: 128_256, positions: 32_768 },
    { no_rope_layer_interval: 4, tie_word_embeddings: true },
  ),
  exaone: { activation_function: 'silu', tie_word_embeddings: false },
  exaone4: SILU,
  hunyuan_v1_dense: SILU,
  minicpm3: SILU,
  ernie4_5: { hidden_act: 'silu', tie_word_embeddings: true },
  nemotron: { hidden_act: 'relu2', partial_rotary_factor: 0.5, tie_word_embeddings: false },
  glm: GLM_4,
  glm4: GLM_4,
  glm4v_text: GLM_4,
  cohere: like(COHERE, { tie_word_embeddings: true }),
  cohere2: like(COHERE, { tie_word_embeddings: true, sliding_window: 4096, sliding_window_pattern: 4 }),
  stablelm: like(
    { hidden: 2560, ffn: 6912, layers: 32, heads: 32, kv: 32, vocabulary: 50_304, positions: 4096 },
    { partial_rotary_factor: 0.25 },
  ),
  starcoder2: like(
    { hidden: 3072, ffn: 12_288, layers: 30, heads: 24, kv: 2, vocabulary: 49_152, positions: 4096 },
    { hidden_act: 'gelu_pytorch_tanh', tie_word_embeddings: true },
  ),
};
