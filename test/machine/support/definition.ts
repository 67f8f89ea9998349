import { caratProduct, int4ToFp8 } from '../../../src/machine/carat/carat-product.ts';
import {
  align,
  ALIGNED_BITS,
  alignmentDistance,
  sharedExponent,
} from '../../../src/machine/figna/figna-align.ts';
import { add, flush, multiply } from '../../../src/machine/part/float.ts';
import { integerToBf16 } from '../../../src/machine/part/integer-to-bf16.ts';
import type { Product } from '../../../src/machine/whole/machine.ts';
import { toBits } from '../../../src/number/bf16.ts';

/** Sum of the products of one tile of k, in the order of a machine. */
export type TileSum = (activations: readonly number[], weights: readonly number[]) => number;

const products = (x: readonly number[], w: readonly number[]) => x.map((a, i) => multiply(a, toBits(w[i])));
export const inOrder: TileSum = (x, w) => products(x, w).reduce((sum, product) => add(sum, product));
export const inTree: TileSum = (x, w) => {
  let values = products(x, w);
  while (values.length > 1) values = values.flatMap((v, i) => (i % 2 === 0 ? [add(v, values[i + 1])] : []));
  return values[0];
};
/** Even and odd products apart, each from +0, joined at the end. */
export const twoSums: TileSum = (x, w) => {
  const sums = [0, 0];
  products(x, w).forEach((product, i) => {
    sums[i % 2] = add(product, sums[i % 2]);
  });
  return x.length % 2 === 0 ? add(sums[0], sums[1]) : add(sums[1], sums[0]);
};
/** (8 + t)·a by repeated addition of 2a to 8a or 9a, shifted by the exponent of the weight in FP8. */
export const byReuse: TileSum = (x, w) =>
  x.reduce((sum, a, i) => {
    const weight = int4ToFp8(w[i] & 15);
    const t = weight & 7;
    const eight = multiply(a, toBits(8));
    let value = t % 2 === 0 ? eight : add(eight, flush(a));
    for (let step = t % 2; step < t; step += 2) value = add(value, multiply(a, toBits(2)));
    return add(caratProduct(value, weight), sum);
  }, 0);
export const integer: TileSum = (x, w) => {
  const shared = sharedExponent(x);
  const sum = x.reduce((all, a, i) => {
    const aligned = align(a, alignmentDistance(shared, (a >>> 7) & 0xff));
    const magnitude = aligned % 2 ** ALIGNED_BITS;
    return all + (aligned === magnitude ? magnitude : -magnitude) * w[i];
  }, 0);
  return integerToBf16(sum, shared);
};

/** What a machine that adds tiles of `inner` and scales groups computes, [m][n]. */
export function defined(
  { m, k, n, activations, weights, group = k, scales }: Product,
  inner: number,
  sum: TileSum,
) {
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
