import type { Bits } from '../../hardware/bits.ts';
import { oneOf, tree } from '../../hardware/choice.ts';
import { module } from '../../hardware/module.ts';
import { vector } from '../../hardware/port.ts';
import { CODE_CYCLES, COLUMNS } from '../../vlp/array.ts';
import { History, taps } from '../part/gated.ts';
import { LANE_PINS, lanePins, VectorArray, vectorArray } from '../part/vector-array.ts';
import type { Behaviour, Machine, Pins } from '../whole/machine.ts';
import { CaratColumn, caratColumn } from './carat-column.ts';
import { fp8Converter, int4ToFp8 } from './carat-product.ts';
import { caratProgram, CHUNKS } from './carat-program.ts';
import { CaratRow, caratRow } from './carat-row.ts';

/**
 * Carat with `rows` rows and eight columns: whole machine without memories. Weights come an eighth of the rows a cycle, as
 * in Mugi's node, and so do results leave, eight columns after each other; `rows` / 8 lanes scale them.
 */
const caratModule = (rows: number) => {
  const lanes = rows / CHUNKS;
  return module(
    {
      name: `carat_${rows}`,
      doc: `Carat, ${rows} x ${COLUMNS} array: whole machine without memories.`,
      inputs: {
        activation: vector(COLUMNS, 16),
        nibble: vector(lanes, 4),
        start: 1,
        count: 3,
        parity: 1,
        restart: 1,
        load: vector(CHUNKS, 1),
        show: vector(CHUNKS, 1),
        data: vector(lanes, 16),
        scale: vector(lanes, 16),
        ...LANE_PINS,
      },
    },
    (m, io) => {
      const starts = taps(m, 'start', m.delay('start_in', io.start), COLUMNS - 1);
      const columns = io.activation.map((x, c) => {
        const activation = m.delay(`activation_in_${c}`, x, { enable: io.start });
        return m.instance(`column_${c}`, caratColumn.module, { start: starts[c], activation }).value;
      });
      const parities = taps(m, 'parity', io.parity, COLUMNS - 1);
      const nibbles = io.nibble.map((x, i) => {
        const loads = tree(io.load, (a, b) => a.or(b));
        return m.delay(`nibble_in_${i}`, x, { enable: loads });
      });
      const loads = io.load.map((x, chunk) => m.delay(`load_in_${chunk}`, x));
      const results = Array.from({ length: rows }, (_, row) => {
        const [chunk, lane] = [Math.floor(row / lanes), row % lanes];
        const nibble = m.delay(`weight_${row}`, nibbles[lane], { enable: loads[chunk] });
        const { value } = m.instance(`convert_${row}`, fp8Converter.module, { nibble });
        return m.instance(`row_${row}`, caratRow.module, {
          count: io.count,
          parity: io.parity,
          weight: value,
          columns,
          parities,
          restart: io.restart,
        }).result;
      });
      const shown = Array.from({ length: lanes }, (_, lane): Bits => {
        const ofLane = io.show.map((__, chunk) => results[chunk * lanes + lane]);
        return oneOf(io.show, ofLane);
      });
      return { result: vectorArray(m, shown, io) };
    },
  );
};

/** Its behaviour: columns and rows as they are by themselves. */
class CaratMachine implements Behaviour {
  readonly #columns = Array.from({ length: COLUMNS }, () => new CaratColumn());
  readonly #rows: CaratRow[];
  readonly #next: Uint8Array;
  readonly #lanes: VectorArray;
  readonly #count: number;
  readonly #starts = new History<boolean>(COLUMNS);
  readonly #parities = new History<number>(COLUMNS);
  readonly #activation = new Uint16Array(COLUMNS);
  /** Registered at the edge: nibbles and the chunk that they belong to. */
  readonly #nibble: Uint8Array;
  #chunk = -1;

  constructor(rows: number) {
    this.#count = rows / CHUNKS;
    this.#rows = Array.from({ length: rows }, () => new CaratRow());
    this.#next = new Uint8Array(rows);
    this.#lanes = new VectorArray(this.#count);
    this.#nibble = new Uint8Array(this.#count);
  }

  result(lane: number): number {
    return this.#lanes.result(lane);
  }

  clock(pins: Pins): void {
    const lanes = this.#count;
    const chunkOf = (lines: ArrayLike<number>): number => Array.from(lines).indexOf(1);
    const show = chunkOf(pins.show as ArrayLike<number>);
    this.#lanes.clock(lanePins(pins), (lane) => (show < 0 ? 0 : this.#rows[show * lanes + lane].result));
    this.#parities.push(pins.parity as number);
    const parities = this.#columns.reduce((all, _, c) => all | ((this.#parities.ago(c) ?? 0) << c), 0);
    const columns = Uint16Array.from(this.#columns, ({ value }) => value);
    this.#rows.forEach((row, r) => {
      row.clock({
        count: pins.count as number,
        parity: pins.parity as number,
        weight: int4ToFp8(this.#next[r]),
        columns,
        parities,
        restart: pins.restart === 1,
      });
    });
    this.#columns.forEach((column, c) => {
      column.clock(this.#starts.ago(c) === true, this.#activation[c]);
    });
    if (this.#chunk >= 0) this.#next.set(this.#nibble, this.#chunk * lanes);
    this.#chunk = chunkOf(pins.load as ArrayLike<number>);
    if (this.#chunk >= 0) this.#nibble.set(pins.nibble as ArrayLike<number>);
    if (pins.start === 1) this.#activation.set(pins.activation as ArrayLike<number>);
    this.#starts.push(pins.start === 1);
  }
}

/** Carat with accumulators in BF16, as Mugi compares it (§5.2.1); `rows` is a multiple of eight. */
export const caratMachine = (rows: number): Machine => ({
  name: `carat-${rows}`,
  title: `Carat, ${rows} x ${COLUMNS} array`,
  macs: (rows * COLUMNS) / CODE_CYCLES,
  outputs: rows,
  lanes: rows / CHUNKS,
  module: caratModule(rows),
  behaviour: () => new CaratMachine(rows),
  program: (product) => caratProgram(rows, product),
});
