import { describe, expect, it } from 'vitest';
import { simulate } from '../../src/hardware/index.ts';
import { caratMachine } from '../../src/machine/carat/carat-machine.ts';
import { fignaDots, fignaSystolic } from '../../src/machine/figna/figna-machine.ts';
import { outputStationary } from '../../src/machine/systolic/output-machine.ts';
import { simdArray } from '../../src/machine/simd/simd-machine.ts';
import { weightStationary } from '../../src/machine/systolic/systolic-machine.ts';
import { heldMachine } from '../../src/machine/whole/held-machine.ts';
import type { Machine } from '../../src/machine/whole/machine.ts';
import { runProducts } from '../../src/machine/whole/run.ts';
import { byReuse, defined, inOrder, integer, inTree, type TileSum, twoSums } from './support/definition.ts';
import { randomProduct, SHAPES } from './support/products.ts';

const SIDES = { columns: 4, rows: 8 };
const MACHINES: readonly (readonly [Machine, number, TileSum])[] = [
  [heldMachine(weightStationary(SIDES)), 4, inOrder],
  [heldMachine(weightStationary({ columns: 3, rows: 2 })), 3, inOrder],
  [heldMachine(simdArray(SIDES)), 4, inTree],
  [heldMachine(fignaSystolic(SIDES)), 4, integer],
  [heldMachine(fignaSystolic({ columns: 8, rows: 4 })), 8, integer],
  [heldMachine(fignaDots(SIDES)), 4, integer],
  [outputStationary(SIDES), Infinity, twoSums],
  [outputStationary({ columns: 2, rows: 3 }), Infinity, twoSums],
  [caratMachine(8), Infinity, byReuse],
];

describe.each(MACHINES.map(([machine, ...rest]) => [machine.name, machine, ...rest] as const))(
  '%s',
  (_, machine, inner, sum) => {
    it('multiplies matrices as defined, and equals its hardware in every cycle', () => {
      for (const [seed, shape] of SHAPES.entries()) {
        const rtl = simulate(machine.module);
        const product = randomProduct(shape, 2 * seed + 1);
        const { outputs } = runProducts(machine, [product], (cycle, [pins], [behaviour]) => {
          for (const { name } of machine.module.inputs) rtl.poke(name, pins[name] as number | number[]);
          const want = Array.from({ length: machine.lanes }, (__, lane) => behaviour.result(lane));
          expect([cycle, rtl.peekLanes('result')]).toEqual([cycle, want]);
          rtl.step();
        });
        expect([shape, outputs[0]]).toEqual([shape, defined(product, inner, sum)]);
      }
    });
  },
);
