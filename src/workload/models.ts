import { unknownName } from '../errors.ts';
import type { Model } from './model.ts';

const TABLE_1 = 'Mugi Table 1';

const llama2 = (
  name: string,
  title: string,
  count: number,
  hidden: number,
  heads: number,
  kvHeads: number,
  ffn: number,
): Model => ({
  name,
  title,
  source: TABLE_1,
  stacks: [
    {
      kind: 'decoder',
      vocabulary: 32000,
      maxContext: 4096,
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

/** Built-in models, by name. */
export const MODELS: readonly Model[] = [
  llama2('llama-2-7b', 'Llama 2 7B', 32, 4096, 32, 32, 11008),
  llama2('llama-2-13b', 'Llama 2 13B', 40, 5120, 40, 40, 13824),
  llama2('llama-2-70b', 'Llama 2 70B, GQA with 8 KV heads', 80, 8192, 64, 8, 28672),
  llama2('llama-2-70b-mha', 'Llama 2 70B without GQA, as the paper also models it', 80, 8192, 64, 64, 28672),
];

export function modelNamed(name: string): Model {
  const model = MODELS.find((candidate) => candidate.name === name.toLowerCase());
  if (model !== undefined) return model;
  throw unknownName(
    'model',
    name,
    MODELS.map((candidate) => candidate.name),
  );
}
