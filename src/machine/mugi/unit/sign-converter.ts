import { concat } from '../../../hardware/bits.ts';
import { unit } from '../../unit.ts';

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

/**
 * The sign of the mapping whose slots are read: it moves on with the frame, so one bit a row is enough. Zero where the
 * row takes part in no product, so that nothing is added there.
 */
export const signConverter = unit({
  name: 'sign_converter',
  doc: "SC: the weight's sign, kept while the slots are read, times the sign of the value that is read.",
  inputs: { turn: 1, negative: 1, value: 16 },
  hardware: (m, { turn, negative, value }) => {
    const sign = m.delay('product_sign', negative, { enable: turn });
    return { product: concat(value.bit(15).xor(sign), value.low(15)) };
  },
  behaviour() {
    const sign = new SignConverter(1);
    return {
      shown: ({ value }) => ({ product: value ^ sign.mask[0] }),
      clock({ turn, negative }) {
        if (turn === 1) sign.take(0, 0, negative === 1);
      },
    };
  },
  work: (draw) => () => ({ turn: draw.bit(0.3), negative: draw.bit(), value: draw.bf16() }),
  events: { turn: { when: ({ turn }) => turn === 1 } },
});
