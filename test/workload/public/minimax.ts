import type { PublicModel } from './card.ts';
import { firstThen, siluDecoder } from './shapes.ts';

/** Text-01 and M1, which have the same shapes; `more` names the layers that attend. */
const lightning = (model_type: string, more: Record<string, unknown>): PublicModel => ({
  config: siluDecoder(model_type, 6144, 9216, 80, [64, 8], 200_064, {
    head_dim: 128,
    num_local_experts: 32,
    num_experts_per_tok: 2,
    ...more,
  }),
  parameters: 456_000,
  // The report's 45.9 B leave both embeddings out.
  active: 48_400,
});
const attends = Array.from({ length: 80 }, (_, i) => (i + 1) % 8 === 0);
const OWN_KEYS = { rotary_dim: 64, attn_type_list: attends.map(Number) };

/** MiniMax. */
export const MINIMAX: Readonly<Record<string, PublicModel>> = {
  'MiniMax-Text-01': lightning('minimax_text_01', OWN_KEYS),
  'MiniMax-M1': lightning('minimax_m1', OWN_KEYS),
  'MiniMax-M1-hf': lightning('minimax', {
    layer_types: attends.map((one) => (one ? 'full_attention' : 'linear_attention')),
  }),
  'MiniMax-M2': {
    config: siluDecoder('minimax_m2', 3072, 1536, 62, [48, 8], 200_064, {
      head_dim: 128,
      rotary_dim: 64,
      num_local_experts: 256,
      num_experts_per_tok: 8,
    }),
    parameters: 228_700,
  },
  'MiniMax-M3': {
    config: siluDecoder('minimax_m3', 6144, 3072, 60, [64, 4], 200_064, {
      head_dim: 128,
      rotary_dim: 64,
      hidden_act: 'swigluoai',
      dense_intermediate_size: 12_288,
      shared_intermediate_size: 3072,
      num_local_experts: 128,
      num_experts_per_tok: 4,
      n_shared_experts: 1,
      qk_norm_type: 'per_head',
      moe_layer_freq: firstThen(3, 60),
      sparse_attention_config: {
        sparse_attention_freq: firstThen(3, 60),
        sparse_index_dim: 128,
        sparse_num_index_heads: 4,
        sparse_topk_blocks: 16,
        sparse_block_size: 128,
      },
    }),
    summed: true,
    parameters: 426_200,
  },
};
