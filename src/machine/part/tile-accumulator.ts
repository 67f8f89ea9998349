import { type Bits, concat } from '../../hardware/bits.ts';
import { oneOf } from '../../hardware/choice.ts';
import type { ModuleBuilder } from '../../hardware/module.ts';
import { vector } from '../../hardware/port.ts';
import { add } from './float.ts';
import { gatedAdder, GatedPipeline } from './gated.ts';
import { FLOAT_LATENCY } from './registered.ts';
import { oneLine, unit } from '../unit.ts';

/** Sums of a column: a pass of sixteen tokens, or two of eight, of which one drains while the other is added to. */
export const SLOTS = 16;
export const SLOT_BITS = Math.log2(SLOTS);
/** Cycles from a tile's sum to the slot that holds it. */
export const ACCUMULATE = FLOAT_LATENCY + 1;

/** What one-hot lines choose, zero where none is high. */
const chosen = (lines: readonly number[], of: readonly number[]): number => of[lines.indexOf(1)] ?? 0;

/**
 * Sums across the tiles of k, of one column: a BF16 adder and a slot a token, in registers that stand still, read and
 * clocked by one-hot lines. `first` begins anew from +0.
 */
export const tileAccumulator = unit({
  name: 'tile_accumulator',
  doc: `Adds the sums of tiles of k in BF16, one of ${SLOTS} slots a token; a second port drains them.`,
  inputs: {
    value: 16,
    add: FLOAT_LATENCY,
    read: vector(SLOTS, 1),
    write: vector(SLOTS, 1),
    drain: vector(SLOTS, 1),
  },
  hardware: (m, { value, add: enable, read, write, drain }) => {
    const sums = write.map((line, i) => m.register(`slot_${i}`, 16, { enable: line }));
    const { sum } = m.instance('adder', gatedAdder.module, { a: value, b: oneOf(read, sums), enable });
    for (const slot of sums) slot.next(sum);
    return { shown: oneOf(drain, sums) };
  },
  /** The slot of a sum that begins anew is not on the pins before it is written, two cycles later. */
  behaviour() {
    const slots = Array.from({ length: SLOTS }, () => 0);
    const sum = new GatedPipeline();
    return {
      shown: ({ drain }) => ({ shown: chosen(drain, slots) }),
      clock({ value, add: enable, read, write }) {
        const written = write.indexOf(1);
        const next = add(value, chosen(read, slots));
        if (written >= 0) slots[written] = sum.output;
        sum.clock(next, (enable & 1) === 1, (enable & 2) === 2);
      },
    };
  },
  /** As `accumulatorLines` gives it; a slot is read again only when its last sum is in it. */
  work(draw) {
    const past: SlotControl[] = draw.list(ACCUMULATE, () => ({ valid: false, first: false, slot: 0 }));
    return () => {
      const slot = draw.below(SLOTS);
      const valid =
        draw.flag(0.7) && past.slice(0, FLOAT_LATENCY).every((one) => !one.valid || one.slot !== slot);
      past.unshift({ valid, first: draw.flag(0.2), slot });
      const [now, next, last] = past;
      past.pop();
      return {
        value: draw.bf16(),
        add: (next.valid ? 2 : 0) | (valid ? 1 : 0),
        read: oneLine(slot, SLOTS, valid && !now.first),
        write: oneLine(last.slot, SLOTS, last.valid),
        drain: oneLine(draw.below(SLOTS), SLOTS, draw.flag(0.8)),
      };
    };
  },
  events: {
    add: { when: ({ add: enable }) => (enable & 1) === 1 },
    begin: { when: ({ add: enable, read }) => (enable & 1) === 1 && !read.includes(1) },
  },
});

/** One-hot lines of a slot, all low where `enable` is. */
export const slotLines = unit({
  name: 'slot_lines',
  doc: 'One-hot lines of the slot that a sum is read from and written to.',
  inputs: { slot: SLOT_BITS, enable: 1 },
  hardware: (_, { slot, enable }) => ({
    lines: Array.from({ length: SLOTS }, (__, i) => slot.eq(i).and(enable)),
  }),
  behaviour: () => ({
    shown: ({ slot, enable }) => ({ lines: oneLine(slot, SLOTS, enable === 1) }),
  }),
  work: (draw) => () => ({ slot: draw.below(SLOTS), enable: draw.bit(0.8) }),
  events: { enable: { when: ({ enable }) => enable === 1 } },
});

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
  const read = m.instance(`slot_read_${name}`, slotLines.module, {
    slot: now.slot,
    enable: now.valid.and(now.first.not()),
  });
  const write = m.instance(`slot_write_${name}`, slotLines.module, { slot: last.slot, enable: last.valid });
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
