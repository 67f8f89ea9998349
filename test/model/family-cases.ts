import {
  dense,
  type Features,
  gatedFfn,
  gelu,
  geluTanh,
  plainAngles,
  shares,
  silu,
} from './reference-decoder.ts';
import {
  type Shapes,
  LLAMA_NAMES,
  shapesOf,
  biases,
  EXPERT,
  qkNorms,
  fourNorms,
  olmoNorms,
  experts,
  neoxShapes,
  H,
  FF,
  V,
  D,
} from './family-shapes.ts';
import { mixed, matrixOf, ossFfn, yarn } from './family-reference.ts';
import type { TestTensors } from './write-checkpoint.ts';

const GEMMA_2: Partial<Features> = {
  norm: 'rms+1',
  blocks: 'around',
  embeddingScale: Math.sqrt(H),
  head: 'model.embed_tokens.weight',
  names: {
    ...LLAMA_NAMES,
    ffnNorm: 'pre_feedforward_layernorm',
    attentionOut: 'post_attention_layernorm',
    ffnOut: 'post_feedforward_layernorm',
  },
};

const OLMO_2: Partial<Features> = {
  blocks: 'post',
  qkNorm: 'width',
  names: { ...LLAMA_NAMES, attentionOut: 'post_attention_layernorm', ffnOut: 'post_feedforward_layernorm' },
};

export interface Case {
  /** The family, and what of it is switched on. */
  title: string;
  type: string;
  config: object;
  shapes: Shapes;
  features: (t: TestTensors) => Partial<Features>;
}

export const CASES: Case[] = [
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
  {
    title: 'Gemma 1: norms from one, scaled embedding, the tanh form',
    type: 'gemma',
    config: { hidden_act: 'gelu', hidden_activation: null, tie_word_embeddings: true },
    shapes: shapesOf(undefined, /lm_head/),
    features: (t) => ({
      norm: 'rms+1',
      embeddingScale: Math.sqrt(H),
      head: 'model.embed_tokens.weight',
      ffn: gatedFfn(t, geluTanh),
    }),
  },
  {
    title: 'Gemma 2: four norms, caps, a window in every other layer',
    type: 'gemma2',
    config: {
      hidden_act: undefined,
      hidden_activation: 'gelu_pytorch_tanh',
      query_pre_attn_scalar: 13,
      attn_logit_softcapping: 1.5,
      final_logit_softcapping: 2,
      sliding_window: 3,
      tie_word_embeddings: true,
    },
    shapes: shapesOf(fourNorms, /lm_head/),
    features: (t) => ({
      ...GEMMA_2,
      scoreScale: 13 ** -0.5,
      scoreCap: 1.5,
      logitCap: 2,
      window: (n) => (n % 2 === 0 ? 3 : Infinity),
      ffn: gatedFfn(t, geluTanh),
    }),
  },
  {
    title: 'Gemma 3: local and global angles, norms of queries and keys',
    type: 'gemma3_text',
    config: {
      hidden_act: undefined,
      hidden_activation: 'gelu_pytorch_tanh',
      query_pre_attn_scalar: 13,
      rope_theta: 5000,
      rope_local_base_freq: 50,
      rope_scaling: { rope_type: 'linear', factor: 8 },
      sliding_window: 3,
      sliding_window_pattern: 3,
      tie_word_embeddings: true,
    },
    shapes: shapesOf((at) => ({ ...fourNorms(at), ...qkNorms(at) }), /lm_head/),
    features: (t) => ({
      ...GEMMA_2,
      qkNorm: 'head',
      scoreScale: 13 ** -0.5,
      window: (n) => (n === 2 ? Infinity : 3),
      angles: (n) => ({
        size: 1,
        angles: n === 2 ? plainAngles(5000, D).map((f) => f / 8) : plainAngles(50, D),
      }),
      ffn: gatedFfn(t, geluTanh),
    }),
  },
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
  {
    title: 'SmolLM3: layers without positions',
    type: 'smollm3',
    config: { no_rope_layers: [1, 0, 1] },
    shapes: shapesOf(),
    features: () => ({ angles: (n) => (n === 1 ? undefined : { size: 1, angles: plainAngles(500, D) }) }),
  },
  {
    title: 'Command R: one norm without a shift, neighbours turn, scaled logits, tied',
    type: 'cohere',
    config: { layer_norm_eps: 1e-5, logit_scale: 0.3, tie_word_embeddings: true, use_qk_norm: false },
    shapes: shapesOf(undefined, /lm_head|post_attention/),
    features: () => ({
      norm: 'layer-no-bias',
      blocks: 'parallel',
      interleaved: true,
      logitScale: 0.3,
      head: 'model.embed_tokens.weight',
    }),
  },
  {
    title: 'Command R7B: windows turn, full layers know no positions',
    type: 'cohere2',
    config: {
      layer_norm_eps: 1e-5,
      logit_scale: 0.3,
      tie_word_embeddings: true,
      sliding_window: 4,
      sliding_window_pattern: 2,
    },
    shapes: shapesOf(undefined, /lm_head|post_attention/),
    features: () => ({
      norm: 'layer-no-bias',
      blocks: 'parallel',
      interleaved: true,
      logitScale: 0.3,
      head: 'model.embed_tokens.weight',
      window: (n) => (n % 2 === 0 ? 4 : Infinity),
      angles: (n) => (n % 2 === 0 ? { size: 1, angles: plainAngles(500, D) } : undefined),
    }),
  },
  ...['glm', 'glm4'].map(
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
          ...biases(
            at,
            ['self_attn.q_proj', 4 * D],
            ['self_attn.k_proj', 2 * D],
            ['self_attn.v_proj', 2 * D],
          ),
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
  ),
];
