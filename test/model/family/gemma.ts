import { type Features, gatedFfn, geluTanh, plainAngles } from '../reference-decoder.ts';
import { LLAMA_NAMES, shapesOf, qkNorms, fourNorms, H, D } from '../family-shapes.ts';
import type { Case } from './case.ts';

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

export const GEMMA_CASES: Case[] = [
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
];
