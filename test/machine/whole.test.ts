import { describe, expect, it } from 'vitest';
import { simulate } from '../../src/hardware/index.ts';
import { integerToBf16 } from '../../src/machine/part/integer-to-bf16.ts';
import {
  align,
  ALIGNED_BITS,
  alignmentDistance,
  sharedExponent,
} from '../../src/machine/figna/figna-align.ts';
import { caratMachine } from '../../src/machine/carat/carat-machine.ts';
import { caratProduct, int4ToFp8 } from '../../src/machine/carat/carat-product.ts';
import { add, flush, multiply } from '../../src/machine/part/float.ts';
import { fignaDots, fignaSystolic } from '../../src/machine/figna/figna-machine.ts';
import { outputStationary } from '../../src/machine/systolic/output-machine.ts';
import { simdArray } from '../../src/machine/simd/simd-machine.ts';
import { weightStationary } from '../../src/machine/systolic/systolic-machine.ts';
import { heldMachine } from '../../src/machine/whole/held-machine.ts';
import type { Machine, Product } from '../../src/machine/whole/machine.ts';
import { runProducts } from '../../src/machine/whole/run.ts';
import { toBits } from '../../src/number/bf16.ts';
import { randomProduct, SHAPES } from './support/products.ts';

/** Sum of the products of one tile of k, in the order of a machine. */
type TileSum = (activations: readonly number[], weights: readonly number[]) => number;

const products = (x: readonly number[], w: readonly number[]) => x.map((a, i) => multiply(a, toBits(w[i])));
const inOrder: TileSum = (x, w) => products(x, w).reduce((sum, product) => add(sum, product));
const inTree: TileSum = (x, w) => {
  let values = products(x, w);
  while (values.length > 1) values = values.flatMap((v, i) => (i % 2 === 0 ? [add(v, values[i + 1])] : []));
  return values[0];
};
/** Even and odd products apart, each from +0, joined at the end. */
const twoSums: TileSum = (x, w) => {
  const sums = [0, 0];
  products(x, w).forEach((product, i) => {
    sums[i % 2] = add(product, sums[i % 2]);
  });
  return x.length % 2 === 0 ? add(sums[0], sums[1]) : add(sums[1], sums[0]);
};
/** (8 + t)·a by repeated addition of 2a to 8a or 9a, shifted by the exponent of the weight in FP8. */
const byReuse: TileSum = (x, w) =>
  x.reduce((sum, a, i) => {
    const weight = int4ToFp8(w[i] & 15);
    const t = weight & 7;
    const eight = multiply(a, toBits(8));
    let value = t % 2 === 0 ? eight : add(eight, flush(a));
    for (let step = t % 2; step < t; step += 2) value = add(value, multiply(a, toBits(2)));
    return add(caratProduct(value, weight), sum);
  }, 0);
const integer: TileSum = (x, w) => {
  const shared = sharedExponent(x);
  const sum = x.reduce((all, a, i) => {
    const aligned = align(a, alignmentDistance(shared, (a >>> 7) & 0xff));
    const magnitude = aligned % 2 ** ALIGNED_BITS;
    return all + (aligned === magnitude ? magnitude : -magnitude) * w[i];
  }, 0);
  return integerToBf16(sum, shared);
};

/** What a machine that adds tiles of `inner` and scales groups computes, [m][n]. */
function defined({ m, k, n, activations, weights, group = k, scales }: Product, inner: number, sum: TileSum) {
  const groups = Math.ceil(k / group);
  const output = new Uint16Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let total = 0;
      for (let g = 0; g < groups; g++) {
        const to = Math.min(k, (g + 1) * group);
        let partial = 0;
        for (let from = g * group; from < to; from += inner) {
          const lanes = Array.from(
            { length: inner === Infinity ? Math.max(2, to - from) : inner },
            (_, lane) => from + lane,
          );
          const x = lanes.map((at) => (at < to ? activations[i * k + at] : 0));
          const w = lanes.map((at) => (at < to ? weights[j * k + at] : 0));
          partial = add(sum(x, w), partial);
        }
        total = add(multiply(partial, scales?.[j * groups + g] ?? 0x3f80), g === 0 ? 0 : total);
      }
      output[i * n + j] = total;
    }
  }
  return output;
}

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
