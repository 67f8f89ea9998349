import { select } from '../../../hardware/choice.ts';
import { vector } from '../../../hardware/port.ts';
import { COLUMNS, LUT_EXPONENTS } from '../../../vlp/array.ts';
import { unit } from '../../unit.ts';

/** SW (Mugi §3.3): the eight consecutive entries of a LUT row that start at `offset`. */
export function slideWindow(row: Uint16Array, offset: number, into: Uint16Array): void {
  for (let column = 0; column < COLUMNS; column++) into[column] = row[offset + column];
}

export const slidingWindow = unit({
  name: 'sliding_window',
  doc: 'SW: eight consecutive entries of a twelve-entry LUT row.',
  inputs: { row: vector(LUT_EXPONENTS, 16), offset: 3 },
  hardware: (_m, { row, offset }) => ({
    values: Array.from({ length: COLUMNS }, (_, c) =>
      select(offset, row.slice(c, c + LUT_EXPONENTS - COLUMNS + 1)),
    ),
  }),
  behaviour: () => ({
    shown({ row, offset }) {
      const values = new Uint16Array(COLUMNS);
      slideWindow(Uint16Array.from(row), offset, values);
      return { values: [...values] };
    },
  }),
  work: (draw) => () => ({
    row: draw.list(LUT_EXPONENTS, () => draw.bf16()),
    offset: draw.below(LUT_EXPONENTS - COLUMNS + 1),
  }),
  events: {},
});
