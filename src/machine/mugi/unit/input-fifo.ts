import { module } from '../../../hardware/module.ts';
import { vector } from '../../../hardware/port.ts';
import { COLUMNS } from '../../../vlp/array.ts';

/**
 * iFIFO (Mugi Fig. 9): staggers column c by c cycles, so that a spike meets in every column the value that
 * belongs to its slot. The mapping parity travels with the values.
 */
export class InputFifo {
  /** The values on the column buses in this cycle. */
  readonly bus = new Uint16Array(COLUMNS);
  /** Bit c: the mapping parity of what column c carries. */
  parities = 0;
  /** [column × 8 + age]: what entered `age` cycles ago. */
  readonly #line = new Uint16Array(COLUMNS * COLUMNS);

  /** The clock edge: `values` become column 0's bus now and column c's bus c cycles later. */
  clock(values: Uint16Array, parity: number): void {
    const line = this.#line;
    for (let column = 0; column < COLUMNS; column++) {
      const base = column * COLUMNS;
      for (let age = column; age > 0; age--) line[base + age] = line[base + age - 1];
      line[base] = values[column];
      this.bus[column] = line[base + column];
    }
    this.parities = ((this.parities << 1) | parity) & 0xff;
  }
}

export const inputFifoModule = module(
  {
    name: 'input_fifo',
    doc: 'iFIFO: registers the eight column values and delays column c by c more cycles; so for the parity.',
    inputs: { values: vector(COLUMNS, 16), parity: 1 },
  },
  (m, { values, parity }) => {
    const delayed = (name: string, value: (typeof values)[0], times: number) => {
      let last = value;
      for (let age = 0; age <= times; age++) last = m.delay(`${name}_${age}`, last);
      return last;
    };
    const parities = [delayed('parity_line', parity, 0)];
    for (let c = 1; c < COLUMNS; c++) parities.push(m.delay(`parity_line_${c}`, parities[c - 1]));
    return { bus: values.map((value, c) => delayed(`column_${c}`, value, c)), parities };
  },
);
