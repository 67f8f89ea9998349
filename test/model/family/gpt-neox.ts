import { dense, gelu, geluTanh, plainAngles } from '../reference-decoder.ts';
import { LLAMA_NAMES, shapesOf, biases, neoxShapes, H, FF, D } from '../family-shapes.ts';
import type { Case } from './case.ts';

/** GPT-NeoX and those that keep its LayerNorm: StableLM, StarCoder. */
export const GPT_NEOX_CASES: Case[] = [
  ...[false, true].map(
    (parallel): Case => ({
      title: `StableLM: LayerNorm, a part turned, a norm for each head, ${parallel ? 'halves side by side' : 'one after the other'}`,
      type: 'stablelm',
      config: {
        layer_norm_eps: 1e-5,
        partial_rotary_factor: 0.5,
        use_qkv_bias: true,
        qk_layernorm: true,
        use_parallel_residual: parallel,
        head_dim: undefined,
      },
      shapes: shapesOf(
        (at) => ({
          [`${at}.input_layernorm.bias`]: [H],
          [`${at}.post_attention_layernorm.bias`]: [H],
          ...Object.fromEntries(
            [0, 1, 2, 3].map((h) => [`${at}.self_attn.q_layernorm.norms.${h}.weight`, [D]]),
          ),
          ...Object.fromEntries([0, 1].map((h) => [`${at}.self_attn.k_layernorm.norms.${h}.weight`, [D]])),
          ...biases(
            at,
            ['self_attn.q_proj', 4 * D],
            ['self_attn.k_proj', 2 * D],
            ['self_attn.v_proj', 2 * D],
          ),
        }),
        parallel ? /post_attention/ : /^$/,
        { 'model.norm.bias': [H] },
      ),
      features: () => ({
        norm: 'layer',
        blocks: parallel ? 'parallel' : 'pre',
        qkNorm: 'each-head-layer',
        names: { ...LLAMA_NAMES, qNorm: 'self_attn.q_layernorm', kNorm: 'self_attn.k_layernorm' },
        angles: () => ({ size: 1, angles: plainAngles(500, 4) }),
      }),
    }),
  ),
  {
    title: 'StarCoder 2: LayerNorm, biases, a plain network, a window',
    type: 'starcoder2',
    config: {
      hidden_act: 'gelu_pytorch_tanh',
      norm_epsilon: 1e-5,
      use_bias: true,
      sliding_window: 5,
      head_dim: undefined,
      tie_word_embeddings: true,
    },
    shapes: shapesOf(
      (at) => ({
        [`${at}.input_layernorm.bias`]: [H],
        [`${at}.post_attention_layernorm.bias`]: [H],
        [`${at}.mlp.c_fc.weight`]: [FF, H],
        [`${at}.mlp.c_proj.weight`]: [H, FF],
        ...biases(
          at,
          ['self_attn.q_proj', 4 * D],
          ['self_attn.k_proj', 2 * D],
          ['self_attn.v_proj', 2 * D],
          ['self_attn.o_proj', H],
          ['mlp.c_fc', FF],
          ['mlp.c_proj', H],
        ),
      }),
      /lm_head|mlp\.(gate|up|down)_proj/,
      { 'model.norm.bias': [H] },
    ),
    features: (t) => ({
      norm: 'layer',
      window: () => 5,
      head: 'model.embed_tokens.weight',
      ffn: (at, h) => dense(t, `${at}.mlp.c_proj`, dense(t, `${at}.mlp.c_fc`, h).map(geluTanh)),
    }),
  },
  ...[true, false].map(
    (parallel): Case => ({
      title: `GPT-NeoX: queries, keys and values head by head, ${parallel ? 'halves side by side' : 'one after the other'}`,
      type: 'gpt_neox',
      config: {
        hidden_act: 'gelu',
        layer_norm_eps: 1e-5,
        rotary_pct: 0.5,
        rotary_emb_base: 500,
        rope_theta: undefined,
        num_key_value_heads: undefined,
        head_dim: undefined,
        use_parallel_residual: parallel,
      },
      shapes: neoxShapes(),
      features: (t) => ({
        norm: 'layer',
        blocks: parallel ? 'parallel-two' : 'pre',
        kvHeads: 4,
        embedding: 'gpt_neox.embed_in.weight',
        finalNorm: 'gpt_neox.final_layer_norm',
        head: 'embed_out.weight',
        layer: (n) => `gpt_neox.layers.${n}`,
        names: { ...LLAMA_NAMES, o: 'attention.dense' },
        angles: () => ({ size: 1, angles: plainAngles(500, 4) }),
        qkv: (at, _, h) => {
          const all = dense(t, `${at}.attention.query_key_value`, h);
          const take = (which: number) =>
            [0, 1, 2, 3].flatMap((head) => all.slice((3 * head + which) * D, (3 * head + which + 1) * D));
          return [take(0), take(1), take(2)];
        },
        ffn: (at, h) => dense(t, `${at}.mlp.dense_4h_to_h`, dense(t, `${at}.mlp.dense_h_to_4h`, h).map(gelu)),
      }),
    }),
  ),
];
