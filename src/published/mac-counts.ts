import type { Design } from '../design/design.ts';
import { editEvent, isBuiltIn, isSimd } from './edit.ts';
import type { Quirk } from './quirk.ts';

export const macCounts = {
  name: 'mac-counts',
  published:
    'arrays of multiply-accumulate cells load weights once for 256 outputs of a tile, and then into every register; fewer outputs than lanes are scaled on all lanes',
  repaired:
    'counts are those of the cycle models: each weight as often as it enters the array, of a SIMD array into its own row of registers, and as many lanes scale as have outputs',
  design(design) {
    if (!isBuiltIn(design)) return design;
    const counted: Design = { ...design, array: { ...design.array, counting: 'artifact' } };
    if (!isSimd(design)) return counted;
    const { columns } = design.array;
    return editEvent(counted, 'weight load', ['weight_register'], (count) => count * columns);
  },
} as const satisfies Quirk;
