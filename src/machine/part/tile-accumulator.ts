import { type Bits, concat } from '../../hardware/bits.ts';
import { oneOf } from '../../hardware/choice.ts';
import { module, type ModuleBuilder } from '../../hardware/module.ts';
import { vector } from '../../hardware/port.ts';
import { add } from './float.ts';
import { gatedAdder } from './gated.ts';
import { FLOAT_LATENCY } from './registered.ts';

/** Sums of a column: a pass of sixteen tokens, or two of eight, of which one drains while the other is added to. */
export const SLOTS = 16;
export const SLOT_BITS = Math.log2(SLOTS);
/** Cycles from a tile's sum to the slot that holds it. */
export const ACCUMULATE = FLOAT_LATENCY + 1;

/**
 * Sums across the tiles of k, of one column: a BF16 adder and a slot a token, in registers that stand still, read and
 * clocked by one-hot lines. `first` begins anew from +0.
 */
export const tileAccumulatorModule = module(
  {
    name: 'tile_accumulator',
    doc: `Adds the sums of tiles of k in BF16, one of ${SLOTS} slots a token; a second port drains them.`,
    inputs: {
      value: 16,
      add: FLOAT_LATENCY,
      read: vector(SLOTS, 1),
      write: vector(SLOTS, 1),
      drain: vector(SLOTS, 1),
    },
  },
  (m, { value, add: enable, read, write, drain }) => {
    const sums = write.map((line, i) => m.register(`slot_${i}`, 16, { enable: line }));
    const { sum } = m.instance('adder', gatedAdder, { a: value, b: oneOf(read, sums), enable });
    for (const slot of sums) slot.next(sum);
    return { shown: oneOf(drain, sums) };
  },
);

/** One-hot lines of a slot, all low where `enable` is. */
export const slotLinesModule = module(
  {
    name: 'slot_lines',
    doc: 'One-hot lines of the slot that a sum is read from and written to.',
    inputs: { slot: SLOT_BITS, enable: 1 },
  },
  (_, { slot, enable }) => ({
    lines: Array.from({ length: SLOTS }, (__, i) => slot.eq(i).and(enable)),
  }),
);

/** What goes with the activations of a cycle to the accumulators. */
export interface SlotControl<Bit = boolean, Slot = number> {
  valid: Bit;
  /** The first tile of k: the slot begins anew. */
  first: Bit;
  slot: Slot;
}

/** What an accumulator takes, from the controls that belong to the sum of this cycle and of the two after it. */
export function accumulatorLines(
  m: ModuleBuilder,
  name: string,
  controls: readonly SlotControl<Bits, Bits>[],
): { add: Bits; read: readonly Bits[]; write: readonly Bits[] } {
  const [now, next, last] = controls;
  const read = m.instance(`slot_read_${name}`, slotLinesModule, {
    slot: now.slot,
    enable: now.valid.and(now.first.not()),
  });
  const write = m.instance(`slot_write_${name}`, slotLinesModule, { slot: last.slot, enable: last.valid });
  return { add: concat(next.valid, now.valid), read: read.lines, write: write.lines };
}

/** Behaviour of the accumulators of all columns; each column works at its own time. */
export class TileAccumulators {
  /** [column][slot] */
  readonly #slots: Uint16Array[];
  /** What is still in the adders, the oldest last. */
  readonly #adding: ({ slot: number; sum: number } | undefined)[][];

  constructor(columns: number) {
    this.#slots = Array.from({ length: columns }, () => new Uint16Array(SLOTS));
    this.#adding = Array.from({ length: columns }, () =>
      Array.from({ length: FLOAT_LATENCY }, () => undefined),
    );
  }

  /** What the second port shows of a column's slot. */
  shown(column: number, slot: number): number {
    return this.#slots[column][slot];
  }

  /** The clock edge of one column. */
  clock(column: number, value: number, { valid, first, slot }: SlotControl): void {
    const slots = this.#slots[column];
    const sum = valid ? { slot, sum: add(value, first ? 0 : slots[slot]) } : undefined;
    const done = this.#adding[column].pop();
    this.#adding[column].unshift(sum);
    if (done !== undefined) slots[done.slot] = done.sum;
  }
}
