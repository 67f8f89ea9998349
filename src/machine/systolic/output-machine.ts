import { type Bits, concat, mux } from '../../hardware/bits.ts';
import { module } from '../../hardware/module.ts';
import { vector } from '../../hardware/port.ts';
import { add, multiply } from '../part/float.ts';
import { gatedAdder, GatedPipeline, gatedMultiplier, History, taps } from '../part/gated.ts';
import { skewedNibbles } from '../part/held-weight.ts';
import { int4ToBf16, int4Converter } from '../part/int4-to-bf16.ts';
import { FLOAT_LATENCY } from '../part/registered.ts';
import { LANE_PINS, lanePins, VectorArray, vectorArray } from '../part/vector-array.ts';
import { type Sides, sidesName } from '../sides.ts';
import type { Behaviour, Machine, Pins } from '../whole/machine.ts';
import { ASIDE, JOIN, outputProgram, PRODUCT, WHOLE } from './output-program.ts';

/**
 * Cell that keeps its sum: activations pass to the right, weights down. The adder takes two cycles, so that even and odd
 * products have a sum each, which it joins at the end. The result waits in a register of its own, in which results move
 * down while the next sum is made.
 */
const cell = module(
  {
    name: 'output_cell',
    doc: 'Output-stationary cell: keeps the sums of even and odd products, joins them, and sends the result down.',
    inputs: {
      activation: 16,
      nibble: 4,
      result: 16,
      take: 1,
      multiply: FLOAT_LATENCY,
      add: FLOAT_LATENCY,
      first: 1,
      joins: 1,
      keep: 1,
      shift: 1,
    },
  },
  (m, io) => {
    const activation = m.delay('passed', io.activation, { enable: io.take });
    const nibble = m.delay('passed_weight', io.nibble, { enable: io.take });
    const { value } = m.instance('converter', int4Converter.module, { nibble });
    const { product } = m.instance('multiplier', gatedMultiplier.module, {
      a: activation,
      b: value,
      enable: io.multiply,
    });
    const own = m.declare('own', 16);
    const kept = m.register('kept', 16, { enable: io.keep.or(io.shift) });
    const { sum } = m.instance('accumulator', gatedAdder.module, {
      a: mux(io.joins, kept, product),
      b: own.gate(io.first.not()),
      enable: io.add,
    });
    own.drive(sum);
    kept.next(mux(io.shift, io.result, sum));
    return { activation_right: activation, nibble_below: nibble, result_below: kept };
  },
);

/** Output-stationary systolic array: `columns` lanes of tokens by `rows` lanes of weights and results. */
const outputModule = (sides: Sides) => {
  const { columns: M, rows: N } = sides;
  return module(
    {
      name: `sa_${sidesName(sides)}_os`,
      doc: `Output-stationary systolic array, ${M} tokens x ${N} of n: whole machine without memories.`,
      inputs: {
        activation: vector(M, 16),
        nibble: vector(N, 4),
        /** Lanes whose tokens take part. */
        live: vector(M, 1),
        valid: 1,
        first: 1,
        last: 1,
        shift: 1,
        data: vector(N, 16),
        scale: vector(N, 16),
        ...LANE_PINS,
      },
    },
    (m, io) => {
      const span = M + N - 2;
      const activation = io.activation.map((x, i) => m.delay(`activation_in_${i}`, x, { enable: io.valid }));
      const nibble = io.nibble.map((x, n) => m.delay(`nibble_in_${n}`, x, { enable: io.valid }));
      const valids = taps(m, 'valid', m.delay('valid_in', io.valid), span + PRODUCT + FLOAT_LATENCY);
      const firsts = taps(m, 'first', m.delay('first_in', io.first), span + PRODUCT);
      const lasts = taps(m, 'last', m.delay('last_in', io.last), span + WHOLE);
      // Cells of a diagonal do the same in a cycle.
      const adds = (d: number): Bits => valids[d + PRODUCT].or(lasts[d + JOIN]);
      const adding = Array.from({ length: span + 1 }, (_, d) => m.wire(`adds_${d}`, adds(d)));
      const second = adding.map((x, d) => m.delay(`adds_late_${d}`, x));
      const keeping = adding.map((_, d) => m.wire(`keeps_${d}`, lasts[d + ASIDE].or(lasts[d + WHOLE])));
      let below = skewedNibbles(m, nibble, valids[0]);
      let results: (Bits | number)[] = nibble.map(() => 0);
      for (let i = 0; i < M; i++) {
        let passing = activation[i];
        for (let j = 0; j < i; j++) passing = m.delay(`skew_${i}_${j}`, passing, { enable: valids[j] });
        const used = (name: string, value: Bits) => m.wire(`${name}_of_${i}`, value.and(io.live[i]));
        const lines = Array.from({ length: N }, (_, n) => i + n).map((d) => ({
          take: used(`take_${d}`, valids[d]),
          multiply: concat(used(`multiply_late_${d}`, valids[d + 2]), used(`multiply_${d}`, valids[d + 1])),
          add: concat(used(`adds_late_${d}`, second[d]), used(`adds_${d}`, adding[d])),
          first: firsts[d + PRODUCT],
          joins: lasts[d + JOIN],
          keep: used(`keeps_${d}`, keeping[d]),
        }));
        const cells = below.map((x, n) => {
          const one = m.instance(`cell_${i}_${n}`, cell, {
            activation: passing,
            nibble: x,
            result: results[n],
            shift: io.shift,
            ...lines[n],
          });
          passing = one.activation_right;
          return one;
        });
        below = cells.map(({ nibble_below }) => nibble_below);
        results = cells.map(({ result_below }) => result_below);
      }
      return { result: vectorArray(m, results as Bits[], io) };
    },
  );
};

/** A cycle of the operands. */
interface Operands {
  activation: Uint16Array;
  nibble: Uint8Array;
  live: ArrayLike<number>;
  valid: boolean;
  first: boolean;
  last: boolean;
}

/** Behaviour, cell by cell: what reaches cell (i, n) is late by i + n cycles. */
class OutputStationary implements Behaviour {
  readonly #sides: Sides;
  readonly #past: History<Operands>;
  readonly #sums: GatedPipeline[];
  readonly #kept: Uint16Array;
  readonly #lanes: VectorArray;

  constructor(sides: Sides) {
    const { columns: M, rows: N } = sides;
    this.#sides = sides;
    this.#past = new History(M + N + WHOLE + 1);
    this.#sums = Array.from({ length: M * N }, () => new GatedPipeline());
    this.#kept = new Uint16Array(M * N);
    this.#lanes = new VectorArray(N);
  }

  result(lane: number): number {
    return this.#lanes.result(lane);
  }

  clock(pins: Pins): void {
    const { columns: M, rows: N } = this.#sides;
    const high = (name: string): boolean => pins[name] === 1;
    const lanes = lanePins(pins);
    const bottom = (M - 1) * N;
    this.#lanes.clock(lanes, (lane) => this.#kept[bottom + lane]);
    const shift = high('shift');
    // From the last row, so that each takes what stood above it.
    for (let i = M - 1; i >= 0; i--) {
      for (let n = 0; n < N; n++) this.#cell(i, n, shift, (pins.live as ArrayLike<number>)[i] === 1);
    }
    this.#past.push({
      activation: Uint16Array.from(pins.activation as ArrayLike<number>),
      nibble: Uint8Array.from(pins.nibble as ArrayLike<number>),
      live: pins.live as ArrayLike<number>,
      valid: high('valid'),
      first: high('first'),
      last: high('last'),
    });
  }

  #cell(i: number, n: number, shift: boolean, live: boolean): void {
    const at = i * this.#sides.rows + n;
    const late = i + n;
    const came = (ago: number): Operands | undefined => this.#past.ago(late + ago);
    const sum = this.#sums[at];
    const own = sum.output;
    const now = came(PRODUCT);
    const joins = came(JOIN)?.last === true;
    const adds = (ago: number): boolean =>
      came(PRODUCT + ago)?.valid === true || came(JOIN + ago)?.last === true;
    const keeps = came(ASIDE)?.last === true || came(WHOLE)?.last === true;
    if (live && (adds(0) || adds(1))) {
      const first = now?.first === true;
      const product = now === undefined ? 0 : multiply(now.activation[i], int4ToBf16(now.nibble[n]));
      const value = add(joins ? this.#kept[at] : product, first ? 0 : own);
      sum.clock(value, adds(0), adds(1));
    }
    if (shift) this.#kept[at] = i === 0 ? 0 : this.#kept[at - this.#sides.rows];
    else if (keeps && live) this.#kept[at] = own;
  }
}

export const outputStationary = (sides: Sides): Machine => ({
  name: `sa-${sidesName(sides)}-os`,
  title: `output-stationary systolic array, ${sides.columns} tokens x ${sides.rows} of n, BF16`,
  macs: sides.columns * sides.rows,
  outputs: sides.rows,
  lanes: sides.rows,
  module: outputModule(sides),
  behaviour: () => new OutputStationary(sides),
  program: (product) => outputProgram(sides, product),
});
