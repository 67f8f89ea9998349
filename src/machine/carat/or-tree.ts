import { vector } from '../../hardware/port.ts';
import { tree } from '../../hardware/choice.ts';
import { COLUMNS } from '../../vlp/array.ts';
import { oneLine, unit } from '../unit.ts';

/**
 * The OR tree of a row. Per frame a spike is in one column at a time, so OR is a multiplexer that
 * needs no select: the products leave in column order, one per cycle and tree. The behaviour is `joined`: which
 * column drives which tree in this cycle.
 */
export function joined(spikes: number, parities: number, parity: number, columns: Uint16Array): number {
  let value = 0;
  const selected = spikes & (parity === 1 ? parities : ~parities);
  for (let column = 0; column < COLUMNS; column++) if ((selected >>> column) & 1) value |= columns[column];
  return value;
}

export const orTree = unit({
  name: 'or_tree',
  doc: 'OR tree of one row and one mapping parity over the eight columns.',
  inputs: { values: vector(COLUMNS, 16) },
  hardware: (_m, { values }) => ({ value: tree(values, (a, b) => a.or(b)) }),
  behaviour: () => ({
    shown: ({ values }) => ({ value: joined(0xff, 0, 0, Uint16Array.from(values)) }),
  }),
  /** Of the columns one at most, as in a row, or any: what is joined is all that there is. */
  work: (draw) => () => {
    if (draw.flag()) return { values: draw.list(COLUMNS, () => draw.bit() * draw.bf16()) };
    const value = draw.bf16();
    return { values: oneLine(draw.below(COLUMNS), COLUMNS, draw.flag(0.8)).map((high) => high * value) };
  },
  events: { several: { when: ({ values }) => values.filter((value) => value !== 0).length > 1 } },
});
