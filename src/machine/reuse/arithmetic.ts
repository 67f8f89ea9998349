import { arrayArithmetic, CHAIN, integerSums } from '../../vlp/arithmetic.ts';
import type { GemmArithmetic } from '../../vlp/gemm.ts';
import type { RowKind } from './shape.ts';

/**
 * What rows of a kind compute, to the bit. All picks give the product that a multiplier gives, and `outer` and `inner` add in
 * the same order, so that three arithmetics remain: BF16 one k after the other, BF16 by trees, and integers of a whole group.
 */
export function rowArithmetic({ flow, sums }: RowKind, columns: number, group = CHAIN): GemmArithmetic {
  const own =
    sums === 'integer'
      ? integerSums(Math.min(group, CHAIN))
      : flow === 'dot'
        ? ({ vector: { lanes: columns, order: 'tree' } } as const)
        : {};
  return arrayArithmetic(own).products;
}
