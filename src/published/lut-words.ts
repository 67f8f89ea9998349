import type { Design } from '../design/design.ts';
import { isMugi } from './edit.ts';
import type { Quirk } from './quirk.ts';

/** Eight rows of eight entries of 4 bits are read, of all exponents (twelve) written, through words of 128 bits. */
const wordsOf = ({ arithmetic: { lut } }: Design): Design['nonlinear']['lutWords'] => ({
  read: 8 * Math.ceil((8 * 4) / 128),
  write: Math.ceil((8 * lut.exponents * 4) / 128),
});

export const lutWords = {
  name: 'lut-words',
  published: 'look-up table entries of 4 bits, of which a row is read eight at a time',
  repaired: 'BF16 words, 12 exponents to a row',
  design: (design) =>
    isMugi(design) ? { ...design, nonlinear: { ...design.nonlinear, lutWords: wordsOf(design) } } : design,
} as const satisfies Quirk;
