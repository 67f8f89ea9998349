import { CONTROLS } from '../artifact/systolic.ts';
import { editComponents, isSystolic } from './edit.ts';
import type { Quirk } from './quirk.ts';

export const systolicControl = {
  name: 'systolic-control',
  published: 'counters, comparators and adders of systolic control are priced as registers',
  repaired: 'as what they are',
  design: (design) =>
    isSystolic(design)
      ? editComponents(design, (part) => (part.name in CONTROLS ? { ...part, class: 'register' } : part))
      : design,
} as const satisfies Quirk;
