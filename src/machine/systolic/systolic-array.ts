import { constant } from '../../hardware/bits.ts';
import { module } from '../../hardware/module.ts';
import { vector } from '../../hardware/port.ts';
import { cellRow, type Columns } from './cell-row.ts';
import { int4ToBf16, int4Converter } from '../part/int4-to-bf16.ts';
import { FLOAT_LATENCY, Pipeline } from '../part/registered.ts';
import { SystolicPe, systolicPe } from './systolic-pe.ts';

/** Cycles from activations to the result of column 0: the skew of the last row, its product, and its sum. */
export const systolicLatency = (size: number): number => FLOAT_LATENCY * (size - 1) + 1 + 2 * FLOAT_LATENCY;

/**
 * N × N weight-stationary systolic array. A vector of N activations (axis K, one a row) enters every cycle; row k
 * sees it k·FLOAT_LATENCY cycles later, because a partial sum needs that long through the cell above. Column n's
 * sum over k leaves n cycles after column 0's. Weights enter at the top as INT4 rows while `load` is high, the last
 * row of the matrix first, and move down one row a cycle.
 */
export class SystolicArray {
  readonly size: number;
  readonly #cells: SystolicPe[];
  readonly #skew: Pipeline[];

  constructor(size: number) {
    this.size = size;
    this.#cells = Array.from({ length: size * size }, () => new SystolicPe());
    this.#skew = Array.from({ length: size }, (_, row) => new Pipeline(Math.max(1, row * FLOAT_LATENCY)));
  }

  /** Partial sums that leave at the bottom in this cycle, one a column. */
  get results(): number[] {
    const { size } = this;
    return this.#cells.slice((size - 1) * size).map(({ partial }) => partial);
  }

  /** The clock edge: `activations` are BF16 patterns, `nibbles` INT4, N each. */
  clock(activations: ArrayLike<number>, nibbles: ArrayLike<number>, load: boolean): void {
    const { size } = this;
    // From the last cell backwards, so that each sees what its neighbours held before the edge.
    for (let row = size - 1; row >= 0; row--) {
      for (let column = size - 1; column >= 0; column--) {
        const at = row * size + column;
        const above = this.#cells[at - size];
        const first = row === 0 ? activations[0] : this.#skew[row].output;
        this.#cells[at].clock({
          activation: column === 0 ? first : this.#cells[at - 1].activation,
          partial: above?.partial ?? 0,
          weight: above?.weight ?? int4ToBf16(nibbles[column]),
          load,
        });
      }
      this.#skew[row].clock(activations[row]);
    }
  }
}

export const systolicArrayModule = (size: number) =>
  module(
    {
      name: `systolic_array_${size}`,
      doc: `${size} × ${size} weight-stationary systolic array with input skew and INT4 weights at its edge.`,
      inputs: { activation: vector(size, 16), nibble: vector(size, 4), load: 1 },
    },
    (m, { activation, nibble, load }) => {
      let columns: Columns = {
        weights: nibble.map(
          (value, n) => m.instance(`convert_${n}`, int4Converter.module, { nibble: value }).value,
        ),
        partials: nibble.map(() => constant(0, 16)),
      };
      for (let row = 0; row < size; row++) {
        let passing = activation[row];
        for (let i = 0; i < row * FLOAT_LATENCY; i++) passing = m.delay(`skew_${row}_${i}`, passing);
        columns = cellRow(m, systolicPe.module, row, passing, load, columns);
      }
      return { result: [...columns.partials] };
    },
  );
