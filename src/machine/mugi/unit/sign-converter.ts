import { concat, mux } from '../../../hardware/bits.ts';
import { module } from '../../../hardware/module.ts';

/**
 * SC (Mugi Fig. 9): a product's sign is the sign of t·a times the sign of the weight. Two mappings overlap, so
 * the sign is kept per parity. In nonlinear mode the sign chose the LUT half already and is kept as zero.
 */
export class SignConverter {
  /** Sign bit in place (0 or 0x8000), [parity × rows + row]. */
  readonly mask: Uint16Array;
  readonly #rows: number;

  constructor(rows: number) {
    this.#rows = rows;
    this.mask = new Uint16Array(2 * rows);
  }

  take(parity: number, row: number, negative: boolean): void {
    this.mask[parity * this.#rows + row] = negative ? 0x8000 : 0;
  }

  clear(parity: number): void {
    this.mask.fill(0, parity * this.#rows, (parity + 1) * this.#rows);
  }
}

export const signConverterModule = module(
  {
    name: 'sign_converter',
    doc: "SC: the weight's sign, kept per mapping parity, times the sign of the selected value.",
    inputs: { take: 1, parity: 1, negative: 1, even: 16, odd: 16 },
  },
  (m, { take, parity, negative, even, odd }) => {
    const signed = (name: 'even' | 'odd', value: typeof even) => {
      const mine = name === 'odd' ? parity : parity.not();
      const sign = m.register(`sign_${name}`, 1, { enable: take.and(mine), reset: 0 });
      sign.next(negative);
      return concat(value.bit(15).xor(sign), value.low(15));
    };
    return { even_product: signed('even', even), odd_product: signed('odd', odd) };
  },
);

/** The tree output of the mapping that a column works on. */
export const ofParity = (parity: Parameters<typeof mux>[0], even: typeof parity, odd: typeof parity) =>
  mux(parity, odd, even);
