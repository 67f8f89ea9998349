import { select } from '../../../hardware/choice.ts';
import { module } from '../../../hardware/module.ts';
import { vector } from '../../../hardware/port.ts';
import { COLUMNS, LUT_EXPONENTS } from '../../../vlp/array.ts';

/** SW (Mugi §3.3): the eight consecutive entries of a LUT row that start at `offset`. */
export function slideWindow(row: Uint16Array, offset: number, into: Uint16Array): void {
  for (let column = 0; column < COLUMNS; column++) into[column] = row[offset + column];
}

export const slidingWindowModule = module(
  {
    name: 'sliding_window',
    doc: 'SW: eight consecutive entries of a twelve-entry LUT row.',
    inputs: { row: vector(LUT_EXPONENTS, 16), offset: 3 },
  },
  (_m, { row, offset }) => ({
    values: Array.from({ length: COLUMNS }, (_, c) =>
      select(offset, row.slice(c, c + LUT_EXPONENTS - COLUMNS + 1)),
    ),
  }),
);
