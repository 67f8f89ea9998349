import { shapesOf, biases, H, FF, D } from '../family-shapes.ts';
import { ossFfn, yarn } from '../family-reference.ts';
import type { Case } from './case.ts';

export const GPT_OSS_CASES: Case[] = [
  {
    title: 'GPT-OSS: sinks, clamped experts with biases, windows, YaRN that is not rounded to pairs',
    type: 'gpt_oss',
    config: {
      attention_bias: true,
      num_local_experts: 4,
      num_experts_per_tok: 2,
      swiglu_limit: 0.8,
      sliding_window: 4,
      hidden_act: 'silu',
      layer_types: ['sliding_attention', 'full_attention', 'sliding_attention'],
      rope_scaling: {
        rope_type: 'yarn',
        factor: 32,
        original_max_position_embeddings: 16,
        beta_fast: 4,
        beta_slow: 1,
        truncate: false,
      },
    },
    shapes: shapesOf(
      (at) => ({
        [`${at}.self_attn.sinks`]: [4],
        [`${at}.mlp.router.weight`]: [4, H],
        [`${at}.mlp.router.bias`]: [4],
        [`${at}.mlp.experts.gate_up_proj`]: [4, H, 2 * FF],
        [`${at}.mlp.experts.gate_up_proj_bias`]: [4, 2 * FF],
        [`${at}.mlp.experts.down_proj`]: [4, FF, H],
        [`${at}.mlp.experts.down_proj_bias`]: [4, H],
        ...biases(
          at,
          ['self_attn.q_proj', 4 * D],
          ['self_attn.k_proj', 2 * D],
          ['self_attn.v_proj', 2 * D],
          ['self_attn.o_proj', H],
        ),
      }),
      /mlp\.(gate|up|down)_proj/,
    ),
    features: (t) => ({
      sinks: true,
      window: (n) => (n === 1 ? Infinity : 4),
      angles: () => yarn(500, 32, 16, 4, 1, false),
      ffn: (at, h) => ossFfn(t, at, h, 0.8),
    }),
  },
];
