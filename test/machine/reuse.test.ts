import { describe, expect, it } from 'vitest';
import { simulate } from '../../src/hardware/index.ts';
import { arrayDefinition } from '../../src/machine/array/definition.ts';
import { rowArithmetic } from '../../src/machine/reuse/arithmetic.ts';
import { termsBits } from '../../src/machine/reuse/integer-sums.ts';
import { pickShape } from '../../src/machine/reuse/pick-array.ts';
import { reuseRow } from '../../src/machine/reuse/rows.ts';
import { rowMachine } from '../../src/machine/reuse/reuse-machine.ts';
import { ROW_KINDS, reuseShape } from '../../src/machine/reuse/shape.ts';
import { runProducts } from '../../src/machine/whole/run.ts';
import { defined, inOrder, integer, inTree } from './support/definition.ts';
import { randomProduct, type Shape } from './support/products.ts';

/** Full and partial tiles and passes, with and without groups of k; of so many sixteenths corners of the format. */
const SHAPES: readonly (Shape & { corners: number })[] = [
  { m: 8, k: 24, n: 8, group: 16, corners: 0 },
  { m: 3, k: 10, n: 11, group: 4, corners: 4 },
  { m: 9, k: 9, n: 3, group: 9, corners: 0 },
];

it('fourteen kinds of rows: in time there are outer products alone', () => {
  expect(ROW_KINDS).toHaveLength(14);
  expect(() => reuseShape({ pick: 'time', flow: 'inner', sums: 'bf16' }, 64)).toThrow(/cannot be built/);
});

describe.each(ROW_KINDS.map((kind) => [Object.values(kind).join('-'), kind] as const))('%s', (_, kind) => {
  const macs = kind.flow === 'dot' ? 16 : 8;
  const shape = reuseShape(kind, macs);
  const machine = rowMachine(kind, macs);

  it('multiplies matrices as defined, and equals its hardware in every cycle', () => {
    for (const [seed, size] of SHAPES.entries()) {
      const rtl = simulate(machine.module);
      const product = randomProduct(size, 2 * seed + 1, size.corners);
      const { outputs } = runProducts(machine, [product], (cycle, [pins], [behaviour]) => {
        for (const { name: pin } of machine.module.inputs) rtl.poke(pin, pins[pin] as number | number[]);
        const want = Array.from({ length: machine.lanes }, (__, lane) => behaviour.result(lane));
        expect([cycle, rtl.peekLanes('result')]).toEqual([cycle, want]);
        rtl.step();
      });
      const [inner, sum] =
        kind.sums === 'integer'
          ? ([size.group, integer] as const)
          : kind.flow === 'dot'
            ? ([shape.columns, inTree] as const)
            : ([1, inOrder] as const);
      expect([size, outputs[0]]).toEqual([size, defined(product, inner, sum)]);
      // The definition by which losses are measured is another route.
      const arithmetic = rowArithmetic(kind, shape.columns, size.group);
      if (size.corners === 0)
        expect([size, arrayDefinition(product, size.group, arithmetic)]).toEqual([size, outputs[0]]);
    }
  });
});

it.each([8, 16, 64])('sums of %i terms are as wide in the rows as the design counts them', (columns) => {
  const { registers } = reuseRow(pickShape({ columns, rows: 8 })).body;
  const bits = (...names: string[]): number =>
    registers
      .filter(({ signal }) => names.includes(signal.name))
      .reduce((sum, { signal }) => sum + signal.width, 0);
  expect(bits('pair_0', 'pair_carry_0')).toBe(termsBits(2));
  expect(bits('products', 'products_carry')).toBe(termsBits(columns));
});
