import { isMugi } from './edit.ts';
import type { Quirk } from './quirk.ts';

export const fillDrain = {
  name: 'fill-drain',
  published: 'no fill, drain or latency',
  repaired: 'systolic folds, VLP tail, adder trees',
  design(design) {
    const { pipeline } = design.array;
    // Cycles of Mugi's simulated node come and go as a whole, with `node-cycles`.
    if (isMugi(design) && pipeline.kind === 'tail' && pipeline.perTile !== undefined) return design;
    return { ...design, array: { ...design.array, pipeline: { kind: 'ideal' } } };
  },
} as const satisfies Quirk;
