import { dense, type Features, gatedFfn, plainAngles, shares, silu } from '../reference-decoder.ts';
import { LLAMA_NAMES, shapesOf, EXPERT, olmoNorms, experts, FF, D } from '../family-shapes.ts';
import { mixed, yarn } from '../family-reference.ts';
import type { Case } from './case.ts';

const OLMO_2: Partial<Features> = {
  blocks: 'post',
  qkNorm: 'width',
  names: { ...LLAMA_NAMES, attentionOut: 'post_attention_layernorm', ffnOut: 'post_feedforward_layernorm' },
};

export const OLMO_CASES: Case[] = [
  {
    title: 'OLMo 1: norms without weights, clipped projections',
    type: 'olmo',
    config: { clip_qkv: 0.7 },
    shapes: shapesOf(undefined, /norm/),
    features: () => ({ norm: 'layer-bare', clip: 0.7 }),
  },
  {
    title: 'OLMo 2: norms behind the halves, and over the width of queries and keys',
    type: 'olmo2',
    config: {},
    shapes: shapesOf(olmoNorms, /input_layernorm/),
    features: () => OLMO_2,
  },
  {
    title: 'OLMo 3: windows with plain angles, full layers with YaRN',
    type: 'olmo3',
    config: {
      sliding_window: 4,
      layer_types: ['sliding_attention', 'full_attention', 'sliding_attention'],
      rope_scaling: {
        rope_type: 'yarn',
        factor: 8,
        original_max_position_embeddings: 8,
        attention_factor: 1.3,
        beta_fast: 8,
        beta_slow: 1,
      },
    },
    shapes: shapesOf(olmoNorms, /input_layernorm/),
    features: () => ({
      ...OLMO_2,
      window: (n) => (n === 1 ? Infinity : 4),
      angles: (n) =>
        n === 1 ? { ...yarn(500, 8, 8, 8, 1, true), size: 1.3 } : { size: 1, angles: plainAngles(500, D) },
    }),
  },
  {
    title: 'OLMoE: norms over the width, experts',
    type: 'olmoe',
    config: { num_experts: 4, num_experts_per_tok: 2, norm_topk_prob: false, clip_qkv: null },
    shapes: shapesOf(
      (at) => ({
        ...experts(at, 4, FF),
        [`${at}.self_attn.q_norm.weight`]: [4 * D],
        [`${at}.self_attn.k_norm.weight`]: [2 * D],
      }),
      /mlp\.(gate|up|down)_proj/,
    ),
    features: (t) => ({
      qkNorm: 'width',
      ffn: (at, h) =>
        mixed(shares(dense(t, `${at}.mlp.gate`, h), 2, 'all', false), (e) =>
          gatedFfn(t, silu, EXPERT)(`${at}.mlp.experts.${e}`, h),
        ),
    }),
  },
];
