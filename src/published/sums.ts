import { PUBLISHED_ARITHMETIC } from '../vlp/arithmetic.ts';
import type { Quirk } from './quirk.ts';

export const sums = {
  name: 'sums',
  published: 'every sum is one BF16 accumulator from its first term to its last, in GEMM and in softmax rows',
  repaired:
    'chains of products end with a tile of 256, and softmax rows cascade in the ring of the accumulator: same cycles, 4,096 keys sum to 1 within 1 %',
  design: (design) => {
    const { arithmetic } = design;
    const { softmax } = arithmetic;
    return {
      ...design,
      arithmetic: {
        ...arithmetic,
        products: PUBLISHED_ARITHMETIC.products,
        softmax: softmax.sum === 'fp32' ? softmax : PUBLISHED_ARITHMETIC.softmax,
      },
    };
  },
} as const satisfies Quirk;
