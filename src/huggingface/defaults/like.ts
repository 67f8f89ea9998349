import type { Values } from '../config.ts';

interface Sizes {
  hidden: number;
  ffn: number;
  layers: number;
  heads: number;
  /** As many as there are heads when absent. */
  kv?: number;
  headDim?: number;
  vocabulary: number;
  positions: number;
}

/** Keys of Llama and its relatives. */
export const like = (s: Sizes, more: Values = {}): Values => ({
  hidden_size: s.hidden,
  intermediate_size: s.ffn,
  num_hidden_layers: s.layers,
  num_attention_heads: s.heads,
  ...(s.kv === undefined ? {} : { num_key_value_heads: s.kv }),
  ...(s.headDim === undefined ? {} : { head_dim: s.headDim }),
  vocab_size: s.vocabulary,
  max_position_embeddings: s.positions,
  hidden_act: 'silu',
  tie_word_embeddings: false,
  ...more,
});

export const LLAMA = { hidden: 4096, ffn: 11008, layers: 32, heads: 32, vocabulary: 32_000, positions: 2048 };
export const MISTRAL = { ...LLAMA, ffn: 14_336, kv: 8, positions: 131_072 };
export const OLMO = { ...LLAMA, vocabulary: 50_304 };
export const QWEN = { ...LLAMA, ffn: 22_016, kv: 32, vocabulary: 151_936, positions: 32_768 };
/** `use_sliding_window` is false: the window of the files is not used. */
export const QWEN_WINDOW = { use_sliding_window: false, sliding_window: 4096, max_window_layers: 28 };

/** What files say themselves but for these two. */
export const SILU: Values = { hidden_act: 'silu', tie_word_embeddings: false };
