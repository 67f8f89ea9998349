import { PUBLISHED_ARITHMETIC } from '../vlp/arithmetic.ts';
import { CASCADE } from '../artifact/mugi.ts';
import { MAXIMUM_CYCLES, nodeOf, tileCycles } from '../design/mugi-nonlinear.ts';
import type { Design } from '../design/design.ts';
import { isMugi } from './edit.ts';
import type { Quirk } from './quirk.ts';

export const sums = {
  name: 'sums',
  published: 'every sum is one BF16 accumulator from its first term to its last, in GEMM and in softmax rows',
  repaired:
    'chains of products end with a tile of 256, and softmax rows cascade in the ring of Mugi’s accumulator: a way back to the adder of each row, 14 % more additions a key, a frame more a tile of rows; 4,096 keys sum to 1 within 1 %',
  design: (design) => {
    const { arithmetic } = design;
    const { softmax } = arithmetic;
    return {
      ...(isMugi(design) ? withoutCascade(design) : design),
      arithmetic: {
        ...arithmetic,
        products: PUBLISHED_ARITHMETIC.products,
        softmax: softmax.sum === 'fp32' ? softmax : PUBLISHED_ARITHMETIC.softmax,
      },
    };
  },
} as const satisfies Quirk;

/** The gates, the additions and the frame of the cascade taken back. */
function withoutCascade(design: Design): Design {
  const { components, events, nonlinear } = design;
  const { softmax } = nonlinear;
  return {
    ...design,
    components: components.filter(({ name }) => !CASCADE.includes(name)),
    events: { ...events, sum: events.sum.filter(({ component }) => !CASCADE.includes(component)) },
    nonlinear: {
      ...nonlinear,
      softmax: {
        ...softmax,
        rules: softmax.rules.map((rule) =>
          rule.event === 'sum' ? { ...rule, share: 1 + MAXIMUM_CYCLES } : rule,
        ),
        ...(softmax.sequence && {
          sequence: { ...softmax.sequence, perTile: tileCycles({ ...nodeOf(design), rowSum: 'bf16' }) },
        }),
      },
    },
  };
}
