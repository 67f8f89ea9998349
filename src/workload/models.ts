import { unknownName } from '../errors.ts';
import type { ModelShape } from './model.ts';
import { MODELS_TODAY } from './models-today.ts';
import { SWIN_NOTES, swinStack } from './shapes/swin.ts';
import { vitStack } from './shapes/vit.ts';
import { whisperStacks } from './shapes/whisper.ts';

const TABLE_1 = 'Mugi Table 1';

const llama2 = (
  name: string,
  title: string,
  count: number,
  hidden: number,
  heads: number,
  kvHeads: number,
  ffn: number,
): ModelShape => ({
  name,
  title,
  source: `${TABLE_1}; vocabulary of Touvron et al. 2023`,
  stacks: [
    {
      kind: 'decoder',
      vocabulary: 32000,
      maxContext: 4096,
      tiedEmbeddings: false,
      layers: [
        {
          count,
          hidden,
          attention: [{ heads, kvHeads, headDim: hidden / heads }],
          ffn: { hidden: ffn, gated: true, activation: 'silu' },
          norm: 'rmsnorm',
          norms: 2,
          rope: true,
        },
      ],
    },
  ],
});

const whisper = (name: string, title: string, layers: number, heads: number, hidden: number): ModelShape => {
  const half = { layers, heads, ffn: 4 * hidden };
  return {
    name,
    title,
    source: `${TABLE_1}; vocabulary, mel bins and decoder of the openai/${name} checkpoint`,
    stacks: whisperStacks({
      hidden,
      encoder: half,
      decoder: half,
      activation: 'gelu',
      melBins: 80,
      sourcePositions: 1500,
      targetPositions: 448,
      vocabulary: 51865,
    }),
  };
};

const swinV2 = (
  name: string,
  title: string,
  checkpoint: string,
  embed: number,
  depth: number,
  heads: number,
  window: number,
): ModelShape => ({
  name,
  title,
  source: `${TABLE_1}; window and depths of the ${checkpoint} checkpoint`,
  notes: SWIN_NOTES[2],
  stacks: [
    swinStack({
      version: 2,
      image: 256,
      patch: 4,
      channels: 3,
      embed,
      depths: [2, 2, depth, 2],
      heads: [heads, 2 * heads, 4 * heads, 8 * heads],
      window,
      mlpRatio: 4,
      activation: 'gelu',
      classes: 1000,
    }),
  ],
});

const vivitBase: ModelShape = {
  name: 'vivit-base',
  title: 'ViViT base, 32 frames of 224 × 224 in tubelets of 2 × 16 × 16',
  source: `${TABLE_1}; tubelets and classes of the google/vivit-b-16x2-kinetics400 checkpoint`,
  notes: ['3136 tubelets as in Table 1 of the paper, and the class token'],
  stacks: [
    vitStack({
      layers: 12,
      hidden: 768,
      heads: 12,
      ffn: 3072,
      activation: 'gelu',
      input: [32, 224, 224],
      patch: [2, 16, 16],
      channels: 3,
      classes: 400,
    }),
  ],
};

/** Built-in models by name: the paper's, then those of today. */
export const MODELS: readonly ModelShape[] = [
  llama2('llama-2-7b', 'Llama 2 7B', 32, 4096, 32, 32, 11008),
  llama2('llama-2-13b', 'Llama 2 13B', 40, 5120, 40, 40, 13824),
  llama2('llama-2-70b', 'Llama 2 70B, GQA with 8 KV heads', 80, 8192, 64, 8, 28672),
  llama2('llama-2-70b-mha', 'Llama 2 70B without GQA, as the paper also models it', 80, 8192, 64, 64, 28672),
  whisper('whisper-tiny', 'Whisper tiny, 30 s of speech', 4, 6, 384),
  whisper('whisper-large', 'Whisper large, 30 s of speech', 32, 20, 1280),
  swinV2('swinv2-tiny', 'SwinV2 tiny, 256 × 256', 'swinv2-tiny-patch4-window8-256', 96, 6, 3, 8),
  swinV2(
    'swinv2-large',
    'SwinV2 large, 256 × 256',
    'swinv2-large-patch4-window12to16-192to256-22kto1k-ft',
    192,
    18,
    6,
    16,
  ),
  vivitBase,
  ...MODELS_TODAY,
];

/** The built-in model of this name; throws MugiError with the nearest name. */
export function modelNamed(name: string): ModelShape {
  const model = MODELS.find((candidate) => candidate.name === name.toLowerCase());
  if (model !== undefined) return model;
  throw unknownName(
    'model',
    name,
    MODELS.map((candidate) => candidate.name),
  );
}
