import { dense, geluTanh, plainAngles, silu } from '../reference-decoder.ts';
import { LLAMA_NAMES, shapesOf, biases, H, FF, V, D } from '../family-shapes.ts';
import type { Case } from './case.ts';

export const PHI_CASES: Case[] = [
  ...(['short', 'long'] as const).map(
    (which): Case => ({
      title: `Phi 3 and 4: fused matrices, LongRoPE (${which} factors), a part of each head turned, a window`,
      type: 'phi3',
      config: {
        partial_rotary_factor: 0.75,
        sliding_window: 6,
        original_max_position_embeddings: which === 'long' ? 8 : 32,
        rope_scaling: { type: 'longrope', short_factor: [1, 1.5, 2], long_factor: [2, 5, 9] },
      },
      shapes: shapesOf(
        (at) => ({
          [`${at}.self_attn.qkv_proj.weight`]: [8 * D, H],
          [`${at}.mlp.gate_up_proj.weight`]: [2 * FF, H],
        }),
        /self_attn\.[qkv]_proj|mlp\.(gate|up)_proj/,
      ),
      features: (t) => ({
        window: () => 6,
        angles: () => {
          const original = which === 'long' ? 8 : 32;
          const factors = which === 'long' ? [2, 5, 9] : [1, 1.5, 2];
          return {
            size: Math.sqrt(1 + Math.log(64 / original) / Math.log(original)),
            angles: plainAngles(500, 6).map((f, i) => f / factors[i]),
          };
        },
        qkv: (at, _, h) => {
          const all = dense(t, `${at}.self_attn.qkv_proj`, h);
          return [all.slice(0, 4 * D), all.slice(4 * D, 6 * D), all.slice(6 * D)];
        },
        ffn: (at, h) => {
          const both = dense(t, `${at}.mlp.gate_up_proj`, h);
          return dense(
            t,
            `${at}.mlp.down_proj`,
            both.slice(0, FF).map((g, i) => silu(g) * both[FF + i]),
          );
        },
      }),
    }),
  ),
  {
    title: 'Phi 2: halves side by side behind one norm, biases, a part turned',
    type: 'phi',
    config: { hidden_act: 'gelu_new', layer_norm_eps: 1e-5, partial_rotary_factor: 0.5, head_dim: undefined },
    shapes: shapesOf(
      (at) => ({
        [`${at}.input_layernorm.bias`]: [H],
        [`${at}.self_attn.dense.weight`]: [H, H],
        [`${at}.mlp.fc1.weight`]: [FF, H],
        [`${at}.mlp.fc2.weight`]: [H, FF],
        ...biases(
          at,
          ['self_attn.q_proj', 4 * D],
          ['self_attn.k_proj', 2 * D],
          ['self_attn.v_proj', 2 * D],
          ['self_attn.dense', H],
          ['mlp.fc1', FF],
          ['mlp.fc2', H],
        ),
      }),
      /post_attention|o_proj|mlp\..*_proj|model\.norm/,
      { 'model.final_layernorm.weight': [H], 'model.final_layernorm.bias': [H], 'lm_head.bias': [V] },
    ),
    features: (t) => ({
      norm: 'layer',
      blocks: 'parallel',
      names: { ...LLAMA_NAMES, o: 'self_attn.dense' },
      finalNorm: 'model.final_layernorm',
      headBias: 'lm_head.bias',
      angles: () => ({ size: 1, angles: plainAngles(500, 4) }),
      ffn: (at, h) => dense(t, `${at}.mlp.fc2`, dense(t, `${at}.mlp.fc1`, h).map(geluTanh)),
    }),
  },
];
