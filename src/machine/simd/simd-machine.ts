import { type Bits, concat } from '../../hardware/bits.ts';
import { type Sides, sidesName } from '../sides.ts';
import { multiply, treeSum } from '../part/float.ts';
import { gatedAdder, gatedMultiplier, taps } from '../part/gated.ts';
import { heldWeight } from '../part/held-weight.ts';
import { int4ToBf16, int4Converter } from '../part/int4-to-bf16.ts';
import { FLOAT_LATENCY } from '../part/registered.ts';
import { HeldTree } from '../whole/held-tree.ts';
import type { HeldArray } from '../whole/held.ts';

/**
 * SIMD array of BF16 cells with double-buffered weights (Mugi Table 2, SD): each of `rows` columns multiplies the
 * `columns` activations that all share with weights of its own, and adds the products in a balanced tree. `columns` is a
 * power of two.
 */
export function simdArray(sides: Sides): HeldArray {
  const { columns: K } = sides;
  const levels = Math.log2(K);
  const latency = FLOAT_LATENCY * (1 + levels);
  return {
    name: `sd-${sidesName(sides)}`,
    title: `SIMD array with adder trees, ${K} products of k x ${sides.rows} of n, BF16`,
    sides,
    latency,
    skew: 0,
    writeAhead: K + 1,
    build(m, { activation, nibble, valid, swapping, write }) {
      const valids = taps(m, 'valid', valid, latency);
      const writes = taps(m, 'write', write, K);
      const enable = (stage: number): Bits => concat(valids[stage + 1], valids[stage]);
      return nibble.map((x, n) => {
        let values: Bits[] = activation.map((a, k) => {
          const { weight } = m.instance(`weight_${n}_${k}`, heldWeight.module, {
            nibble: x,
            write: writes[k],
            swap: swapping,
          });
          const { value } = m.instance(`convert_${n}_${k}`, int4Converter.module, { nibble: weight });
          return m.instance(`multiply_${n}_${k}`, gatedMultiplier.module, { a, b: value, enable: enable(0) })
            .product;
        });
        for (let level = 0; level < levels; level++) {
          const stage = enable(FLOAT_LATENCY * (1 + level));
          values = Array.from({ length: values.length / 2 }, (_, i) => {
            const [a, b] = [values[2 * i], values[2 * i + 1]];
            return m.instance(`add_${n}_${level}_${i}`, gatedAdder.module, { a, b, enable: stage }).sum;
          });
        }
        return values[0];
      });
    },
    behaviour: () => new HeldTree(sides, 0, treeOf),
  };
}

const treeOf = (vector: ArrayLike<number>, weights: Uint8Array): number =>
  treeSum(Array.from(weights, (nibble, k) => multiply(vector[k], int4ToBf16(nibble))));
