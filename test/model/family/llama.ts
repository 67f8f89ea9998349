import { dense, gatedFfn, plainAngles, shares, silu } from '../reference-decoder.ts';
import { shapesOf, biases, H, FF, D } from '../family-shapes.ts';
import { mixed, matrixOf, yarn } from '../family-reference.ts';
import type { Case } from './case.ts';

/** Llama and those that follow it: Mistral, SmolLM, Granite. */
export const LLAMA_CASES: Case[] = [
  {
    title: 'Llama 3.1: rescaled waves, biases everywhere',
    type: 'llama',
    config: {
      attention_bias: true,
      mlp_bias: true,
      rope_scaling: {
        rope_type: 'llama3',
        factor: 8,
        low_freq_factor: 1,
        high_freq_factor: 4,
        original_max_position_embeddings: 16,
      },
    },
    shapes: shapesOf((at) =>
      biases(
        at,
        ['self_attn.q_proj', 4 * D],
        ['self_attn.k_proj', 2 * D],
        ['self_attn.v_proj', 2 * D],
        ['self_attn.o_proj', H],
        ['mlp.gate_proj', FF],
        ['mlp.up_proj', FF],
        ['mlp.down_proj', H],
      ),
    ),
    features: () => ({
      angles: () => ({
        size: 1,
        angles: plainAngles(500, D).map((f) => {
          const wave = (2 * Math.PI) / f;
          if (wave < 16 / 4) return f;
          if (wave > 16 / 1) return f / 8;
          const smooth = (16 / wave - 1) / (4 - 1);
          return ((1 - smooth) * f) / 8 + smooth * f;
        }),
      }),
    }),
  },
  {
    title: 'Mistral: a window in every layer, shorter than the text',
    type: 'mistral',
    config: { sliding_window: 4 },
    shapes: shapesOf(),
    features: () => ({ window: () => 4 }),
  },
  {
    title: 'Ministral 3: YaRN, queries that grow',
    type: 'ministral3',
    config: {
      rope_theta: undefined,
      rope_parameters: {
        rope_type: 'yarn',
        rope_theta: 500,
        factor: 4,
        original_max_position_embeddings: 8,
        beta_fast: 4,
        beta_slow: 0.5,
        llama_4_scaling_beta: 0.3,
      },
    },
    shapes: shapesOf(),
    features: () => ({
      angles: () => yarn(500, 4, 8, 4, 0.5, true),
      queryGrowth: (p) => 1 + 0.3 * Math.log(1 + Math.floor(p / 8)),
    }),
  },
  {
    title: 'Mixtral: two of four experts, weights that sum to one',
    type: 'mixtral',
    config: { num_local_experts: 4, num_experts_per_tok: 2, sliding_window: null },
    shapes: shapesOf(
      (at) => ({
        [`${at}.block_sparse_moe.gate.weight`]: [4, H],
        ...Object.fromEntries(
          [0, 1, 2, 3].flatMap((e) => [
            [`${at}.block_sparse_moe.experts.${e}.w1.weight`, [FF, H]],
            [`${at}.block_sparse_moe.experts.${e}.w3.weight`, [FF, H]],
            [`${at}.block_sparse_moe.experts.${e}.w2.weight`, [H, FF]],
          ]),
        ),
      }),
      /mlp\./,
    ),
    features: (t) => ({
      ffn: (at, h) => {
        const moe = `${at}.block_sparse_moe`;
        const chosen = shares(dense(t, `${moe}.gate`, h), 2, 'all', true);
        return mixed(chosen, (e) => gatedFfn(t, silu, ['w1', 'w3', 'w2'])(`${moe}.experts.${e}`, h));
      },
    }),
  },
  {
    title: 'Granite: four multipliers',
    type: 'granite',
    config: {
      embedding_multiplier: 3,
      attention_multiplier: 0.2,
      residual_multiplier: 0.4,
      logits_scaling: 5,
    },
    shapes: shapesOf(),
    features: () => ({ embeddingScale: 3, scoreScale: 0.2, residualScale: 0.4, logitScale: 1 / 5 }),
  },
  {
    title: 'Granite MoE: stacked experts, softmax of the chosen',
    type: 'granitemoe',
    config: {
      embedding_multiplier: 3,
      attention_multiplier: 0.2,
      residual_multiplier: 0.4,
      logits_scaling: 5,
      num_local_experts: 4,
      num_experts_per_tok: 2,
    },
    shapes: shapesOf(
      (at) => ({
        [`${at}.block_sparse_moe.router.layer.weight`]: [4, H],
        [`${at}.block_sparse_moe.input_linear.weight`]: [4, 2 * FF, H],
        [`${at}.block_sparse_moe.output_linear.weight`]: [4, H, FF],
      }),
      /mlp/,
    ),
    features: (t) => ({
      embeddingScale: 3,
      scoreScale: 0.2,
      residualScale: 0.4,
      logitScale: 1 / 5,
      ffn: (at, h) => {
        const moe = `${at}.block_sparse_moe`;
        return mixed(shares(dense(t, `${moe}.router.layer`, h), 2, 'chosen', false), (e) => {
          const both = matrixOf(t, `${moe}.input_linear.weight`, e, h);
          const middle = both.slice(0, FF).map((g, i) => silu(g) * both[FF + i]);
          return matrixOf(t, `${moe}.output_linear.weight`, e, middle);
        });
      },
    }),
  },
  {
    title: 'SmolLM3: layers without positions',
    type: 'smollm3',
    config: { no_rope_layers: [1, 0, 1] },
    shapes: shapesOf(),
    features: () => ({ angles: (n) => (n === 1 ? undefined : { size: 1, angles: plainAngles(500, D) }) }),
  },
];
