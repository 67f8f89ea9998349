import { fromBits, toBits } from '../../number/bf16.ts';
import { signedSignificands } from '../figna/figna-align.ts';
import { product, sum } from '../part/bf16-value.ts';
import { integerToBf16 } from '../part/integer-to-bf16.ts';

/** A vector of activations as cells take it, and what its lanes share. */
export interface Vector {
  values: ArrayLike<number>;
  shared: number;
}

/** What the cells of an array compute, and what stands at its edges. */
export interface Cell {
  /** Activations (BF16 values) on their way in. */
  enter(values: Float32Array): Vector;
  product(activation: number, weight: number): number;
  add(a: number, b: number): number;
  /** A sum on its way out, as a BF16 value. */
  leave(sum: number, shared: number): number;
  /** Cycles of `leave`. */
  leaving: number;
}

/** BF16 multiplier and adder (Mugi Table 2, SA and SD). */
export const BF16_CELL: Cell = {
  enter: (values) => ({ values, shared: 0 }),
  product,
  add: sum,
  leave: (value) => value,
  leaving: 0,
};

/**
 * Integer cell after FIGNA: activations are aligned to the largest exponent of their vector at the edge, sums are whole
 * numbers and become BF16 behind the array, in a cycle more. The search for the exponent and the shift run while weights
 * are loaded or the tile waits in its SRAM.
 */
export const FIGNA_CELL: Cell = {
  enter(values) {
    const { aligned, shared } = signedSignificands(Array.from(values, toBits));
    return { values: aligned, shared };
  },
  product: (activation, weight) => activation * weight,
  add: (a, b) => a + b,
  leave: (value, shared) => fromBits(integerToBf16(value, shared)),
  leaving: 1,
};
