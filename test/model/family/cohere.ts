import { plainAngles } from '../reference-decoder.ts';
import { shapesOf, D } from '../family-shapes.ts';
import type { Case } from './case.ts';

export const COHERE_CASES: Case[] = [
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
];
