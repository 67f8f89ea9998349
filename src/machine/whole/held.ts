import type { Bits } from '../../hardware/bits.ts';
import { module, type ModuleBuilder } from '../../hardware/module.ts';
import { vector } from '../../hardware/port.ts';
import type { Sides } from '../sides.ts';
import { History, taps } from '../part/gated.ts';
import {
  accumulatorLines,
  ACCUMULATE,
  slotLines,
  SLOT_BITS,
  SLOTS,
  type SlotControl,
  TileAccumulators,
  tileAccumulator,
} from '../part/tile-accumulator.ts';
import { LANE_PINS, lanePins, VectorArray, vectorArray } from '../part/vector-array.ts';
import type { Behaviour, Pins } from './machine.ts';

/** What enters an array with held weights, registered at its edge; `swapping` is `swap` a cycle earlier. */
export interface HeldInputs {
  activation: readonly Bits[];
  nibble: readonly Bits[];
  /** High while activations are there, with the first ones of a tile, and with the first row of weights. */
  valid: Bits;
  swap: Bits;
  swapping: Bits;
  write: Bits;
  /** High with every row of weights. */
  writing: Bits;
}

/** A cycle of its behaviour. */
export interface HeldCycle {
  activation: ArrayLike<number>;
  nibble: ArrayLike<number>;
  valid: boolean;
  swap: boolean;
  swapping: boolean;
  write: boolean;
}

/** The array itself: products of activations with weights that it holds, summed over its lanes of k. */
export interface HeldArray {
  /** Of the machine, and of its module. */
  name: string;
  title: string;
  sides: Sides;
  /** Cycles from registered activations to the sum of column 0, and by which each further column is later. */
  latency: number;
  skew: 0 | 1;
  /** By how many cycles the first lane of weights comes before the first activations of its tile. */
  writeAhead: number;
  /** Adds the array to a module; gives the sums of the columns, BF16. */
  build(m: ModuleBuilder, inputs: HeldInputs): Bits[];
  behaviour(): HeldBehaviour;
}

export interface HeldBehaviour {
  /** Takes the inputs of a cycle; gives the sums of the vector that came `done` cycles ago. */
  clock(inputs: HeldCycle): Float64Array | number[] | undefined;
  done: number;
}

/** Whole machine around an array with held weights: its edges, the sums across tiles, the drain and the vector array. */
export const heldModule = (array: HeldArray) => {
  const { columns, rows } = array.sides;
  return module(
    {
      name: array.name.replaceAll('-', '_'),
      doc: `${array.title}: whole machine without memories.`,
      inputs: {
        activation: vector(columns, 16),
        nibble: vector(rows, 4),
        valid: 1,
        swap: 1,
        write: 1,
        writing: 1,
        first: 1,
        slot: SLOT_BITS,
        drain_slot: SLOT_BITS,
        data: vector(rows, 16),
        scale: vector(rows, 16),
        ...LANE_PINS,
      },
    },
    (m, io) => {
      const values = array.build(m, {
        activation: io.activation.map((x, k) => m.delay(`activation_in_${k}`, x, { enable: io.valid })),
        nibble: io.nibble.map((x, n) => m.delay(`nibble_in_${n}`, x, { enable: io.writing })),
        valid: m.delay('valid_in', io.valid),
        swap: m.delay('swap_in', io.swap),
        swapping: io.swap,
        write: m.delay('write_in', io.write),
        writing: m.delay('writing_in', io.writing),
      });
      // Controls of a vector wait for its sums, then pass from column to column as the sums do.
      const last = heldLatency(array) - 1;
      const [valid, first, slot] = [
        taps(m, 'sum_valid', io.valid, last),
        taps(m, 'sum_first', io.first, last),
        taps(m, 'sum_slot', io.slot, last),
      ];
      const at = (cycle: number): SlotControl<Bits, Bits> => ({
        valid: valid[cycle],
        first: first[cycle],
        slot: slot[cycle],
      });
      const linesAt = (name: string, cycle: number) =>
        accumulatorLines(m, name, [at(cycle), at(cycle + 1), at(cycle + 2)]);
      const arrived = 1 + array.latency;
      const together = array.skew === 0 ? linesAt('all', arrived) : undefined;
      const drain = m.instance('drain_lines', slotLines.module, { slot: io.drain_slot, enable: io.drain });
      const shown = values.map((value, n) => {
        const lines = together ?? linesAt(String(n), arrived + n);
        return m.instance(`accumulator_${n}`, tileAccumulator.module, { value, ...lines, drain: drain.lines })
          .shown;
      });
      return { result: vectorArray(m, shown, io) };
    },
  );
};

/** Its behaviour. */
export class HeldMachine implements Behaviour {
  readonly #array: HeldArray;
  readonly #inner: HeldBehaviour;
  readonly #accumulators: TileAccumulators;
  readonly #lanes: VectorArray;
  readonly #controls: History<SlotControl>;
  readonly #sums: History<ArrayLike<number> | undefined>;
  /** At the edge, one cycle late as the registers of the inputs make it. */
  #edge: Omit<HeldCycle, 'swapping'>;

  constructor(array: HeldArray) {
    const { columns, rows } = array.sides;
    const length = 2 + array.latency + array.skew * rows;
    this.#array = array;
    this.#inner = array.behaviour();
    this.#accumulators = new TileAccumulators(rows);
    this.#lanes = new VectorArray(rows);
    this.#controls = new History(length);
    this.#sums = new History(length);
    this.#edge = {
      activation: new Uint16Array(columns),
      nibble: new Uint8Array(rows),
      valid: false,
      swap: false,
      write: false,
    };
  }

  result(lane: number): number {
    return this.#lanes.result(lane);
  }

  clock(pins: Pins): void {
    const { latency, skew, sides } = this.#array;
    const high = (name: string): boolean => pins[name] === 1;
    const lanes = lanePins(pins);
    const drained = pins.drain_slot as number;
    this.#lanes.clock(lanes, (lane) => this.#accumulators.shown(lane, drained));
    this.#controls.push({ valid: high('valid'), first: high('first'), slot: pins.slot as number });
    this.#sums.push(this.#inner.clock({ ...this.#edge, swapping: high('swap') }));
    for (let n = 0; n < sides.rows; n++) {
      const ago = latency + skew * n;
      const control = this.#controls.ago(ago + 1) ?? { valid: false, first: false, slot: 0 };
      // What the array gave `done` cycles after the vector came reaches its column later.
      const sums = this.#sums.ago(ago - this.#inner.done);
      this.#accumulators.clock(n, sums?.[n] ?? 0, control);
    }
    this.#edge = {
      activation: high('valid')
        ? Uint16Array.from(pins.activation as ArrayLike<number>)
        : this.#edge.activation,
      nibble: high('writing') ? Uint8Array.from(pins.nibble as ArrayLike<number>) : this.#edge.nibble,
      valid: high('valid'),
      swap: high('swap'),
      write: high('write'),
    };
  }
}

/** Cycles from a vector on the pins to its last column's slot. */
export const heldLatency = ({ latency, skew, sides }: HeldArray): number =>
  1 + latency + skew * (sides.rows - 1) + ACCUMULATE;

/** Tokens of a pass whose slots take half of all, so that one half drains while the other fills. */
export const HALF = SLOTS / 2;
