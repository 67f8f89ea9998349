import { dense, gatedFfn, shares, silu } from '../reference-decoder.ts';
import { shapesOf, biases, EXPERT, qkNorms, experts, H, D } from '../family-shapes.ts';
import { mixed, yarn } from '../family-reference.ts';
import type { Case } from './case.ts';

export const QWEN_CASES: Case[] = [
  {
    title: 'Qwen 2: biases of q, k and v, a window from the second layer on',
    type: 'qwen2',
    config: { use_sliding_window: true, sliding_window: 5, max_window_layers: 1 },
    shapes: shapesOf((at) =>
      biases(at, ['self_attn.q_proj', 4 * D], ['self_attn.k_proj', 2 * D], ['self_attn.v_proj', 2 * D]),
    ),
    features: () => ({ window: (n) => (n >= 1 ? 5 : Infinity) }),
  },
  {
    title: 'Qwen 2.5 at long context: YaRN with a factor of its own',
    type: 'qwen2',
    config: { rope_scaling: { type: 'yarn', factor: 4, original_max_position_embeddings: 16 } },
    shapes: shapesOf((at) =>
      biases(at, ['self_attn.q_proj', 4 * D], ['self_attn.k_proj', 2 * D], ['self_attn.v_proj', 2 * D]),
    ),
    features: () => ({ angles: () => yarn(500, 4, 16, 32, 1, true) }),
  },
  {
    title: 'Qwen 3: norms of queries and keys, tied embeddings',
    type: 'qwen3',
    config: { tie_word_embeddings: true },
    shapes: shapesOf(qkNorms, /lm_head/),
    features: () => ({ qkNorm: 'head', head: 'model.embed_tokens.weight' }),
  },
  {
    title: 'Qwen 3 MoE: dense first layer, weights as the softmax gives them',
    type: 'qwen3_moe',
    config: {
      num_experts: 5,
      num_experts_per_tok: 3,
      moe_intermediate_size: 24,
      norm_topk_prob: false,
      mlp_only_layers: [0],
    },
    shapes: {
      ...shapesOf(
        (at) => ({ ...qkNorms(at), ...experts(at, 5, 24) }),
        /layers\.([12]\.mlp\.(gate_proj|up|down)|0\.mlp\.(gate\.|experts))/,
      ),
    },
    features: (t) => ({
      qkNorm: 'head',
      ffn: (at, h, n) => {
        if (n === 0) return gatedFfn(t, silu)(at, h);
        const chosen = shares(dense(t, `${at}.mlp.gate`, h), 3, 'all', false);
        return mixed(chosen, (e) => gatedFfn(t, silu, EXPERT)(`${at}.mlp.experts.${e}`, h));
      },
    }),
  },
  {
    title: 'Qwen 2 MoE: a shared expert behind its own gate',
    type: 'qwen2_moe',
    config: {
      num_experts: 4,
      num_experts_per_tok: 2,
      moe_intermediate_size: 24,
      shared_expert_intermediate_size: 36,
      norm_topk_prob: true,
    },
    shapes: shapesOf(
      (at) => ({
        ...experts(at, 4, 24),
        [`${at}.mlp.shared_expert.gate_proj.weight`]: [36, H],
        [`${at}.mlp.shared_expert.up_proj.weight`]: [36, H],
        [`${at}.mlp.shared_expert.down_proj.weight`]: [H, 36],
        [`${at}.mlp.shared_expert_gate.weight`]: [1, H],
        ...biases(at, ['self_attn.q_proj', 4 * D], ['self_attn.k_proj', 2 * D], ['self_attn.v_proj', 2 * D]),
      }),
      /mlp\.(gate_proj|up_proj|down_proj)/,
    ),
    features: (t) => ({
      ffn: (at, h) => {
        const chosen = shares(dense(t, `${at}.mlp.gate`, h), 2, 'all', true);
        const routed = mixed(chosen, (e) => gatedFfn(t, silu, EXPERT)(`${at}.mlp.experts.${e}`, h));
        const own = gatedFfn(t, silu, EXPERT)(`${at}.mlp.shared_expert`, h);
        const [gate] = dense(t, `${at}.mlp.shared_expert_gate`, h);
        return routed.map((v, i) => v + own[i] / (1 + Math.exp(-gate)));
      },
    }),
  },
];
