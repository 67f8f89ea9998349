import { dense, plainAngles, silu } from '../reference-decoder.ts';
import { LLAMA_NAMES, shapesOf, biases, H, FF, D } from '../family-shapes.ts';
import type { Case } from './case.ts';

export const GLM_CASES = ['glm', 'glm4'].map(
  (type): Case => ({
    title: `${type}: neighbours turn in half of each head${type === 'glm4' ? ', norms on both sides' : ''}`,
    type,
    config: { attention_bias: true, partial_rotary_factor: 0.5 },
    shapes: shapesOf(
      (at) => ({
        [`${at}.mlp.gate_up_proj.weight`]: [2 * FF, H],
        ...(type === 'glm4'
          ? { [`${at}.post_self_attn_layernorm.weight`]: [H], [`${at}.post_mlp_layernorm.weight`]: [H] }
          : {}),
        ...biases(at, ['self_attn.q_proj', 4 * D], ['self_attn.k_proj', 2 * D], ['self_attn.v_proj', 2 * D]),
      }),
      /mlp\.(gate|up)_proj/,
    ),
    features: (t) => ({
      blocks: type === 'glm4' ? 'around' : 'pre',
      names: { ...LLAMA_NAMES, attentionOut: 'post_self_attn_layernorm', ffnOut: 'post_mlp_layernorm' },
      interleaved: true,
      angles: () => ({ size: 1, angles: plainAngles(500, 4) }),
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
);
