import type { Bits } from '../../hardware/bits.ts';
import type { ModuleBuilder } from '../../hardware/module.ts';
import { taps } from './gated.ts';
import { unit } from '../unit.ts';

/**
 * The weight of a cell, in two registers: the next one is written while the present one multiplies, and takes its place
 * when the first activation of its tile arrives. Both hold the INT4; what a BF16 cell needs is made behind them.
 */
export const heldWeight = unit({
  name: 'held_weight',
  doc: 'INT4 weight with double buffering: written into the next one, which becomes the present one on swap.',
  inputs: { nibble: 4, write: 1, swap: 1 },
  hardware: (m, { nibble, write, swap }) => {
    const next = m.delay('next_weight', nibble, { enable: write });
    return { weight: m.delay('present_weight', next, { enable: swap }) };
  },
  behaviour() {
    const weights = new HeldWeights(1, 1);
    return {
      shown: () => ({ weight: weights.present[0][0] }),
      clock({ nibble, write, swap }) {
        weights.clock(0, swap === 1, write === 1 ? [nibble] : undefined);
      },
    };
  },
  work: (draw) => () => ({ nibble: draw.below(16), write: draw.bit(0.3), swap: draw.bit(0.3) }),
  events: {
    write: { when: ({ write }) => write === 1 },
    swap: { when: ({ swap }) => swap === 1 },
  },
});

/** The weights of each column n on their way down, n cycles late; registers hold where none are written. */
export function skewedNibbles(m: ModuleBuilder, nibble: readonly Bits[], writing: Bits): Bits[] {
  const enables = taps(m, 'writing', writing, nibble.length);
  return nibble.map((x, n) => {
    let value = x;
    for (let i = 0; i < n; i++) value = m.delay(`nibble_${n}_${i}`, value, { enable: enables[i] });
    return value;
  });
}

/** Behaviour of the weights of all cells of an array, [k][n], a row of n at a time. */
export class HeldWeights {
  readonly #next: Uint8Array[];
  readonly present: Uint8Array[];

  constructor(inner: number, lanes: number) {
    const rows = () => Array.from({ length: inner }, () => new Uint8Array(lanes));
    this.#next = rows();
    this.present = rows();
  }

  /** The clock edge of row k. `nibbles` are those of the row that is written. */
  clock(k: number, swap: boolean, nibbles: ArrayLike<number> | undefined): void {
    if (swap) this.present[k].set(this.#next[k]);
    if (nibbles !== undefined) this.#next[k].set(nibbles);
  }
}
