import type { Quirk } from './quirk.ts';

export const scales = {
  name: 'scales',
  published: 'scales of weights, keys and values are neither stored nor moved, and only results are scaled',
  repaired:
    '16 bits for 256 weights and for the key and the value of a token and head, through the weight SRAM, and into the cache; queries and probabilities are scaled, too',
  design: (design) => ({ ...design, scaleBits: 0 }),
} as const satisfies Quirk;
