import type { DesignArithmetic } from '../vlp/arithmetic.ts';
import type { RowSum } from '../vlp/row-sum.ts';
import { SWITCH_NAMES, type VlpSwitches } from '../vlp/switches.ts';

/** Sums of softmax rows that Mugi's inventory has the parts of (docs/sums.md prices others that no table has). */
export const PRICED_ROW_SUMS = ['bf16', 'bf16-cascade'] as const satisfies readonly RowSum[];

/** What a design file may change of the arithmetic of its base; absent: as the base has it. */
export interface OwnArithmetic extends Partial<VlpSwitches> {
  /** Exponents of a row of the look-up table. */
  lut_exponents?: number;
  /** How the exponentials of a softmax row are added. */
  row_sum?: (typeof PRICED_ROW_SUMS)[number];
  /** Inner indices after which a chain of products leaves an accumulator that holds it in place. */
  chain?: number;
  /** Weights that share a scale. */
  group?: number;
}

/** An arithmetic with what is changed of it; itself where nothing is. */
export function changedArithmetic(
  base: DesignArithmetic,
  { lut_exponents: exponents, row_sum: sum, chain, group, ...own }: OwnArithmetic,
): DesignArithmetic {
  const switched = SWITCH_NAMES.filter((name) => own[name] !== undefined);
  const changes = [exponents, sum, chain, group].some((one) => one !== undefined);
  if (!changes && switched.length === 0) return base;
  return {
    ...base,
    ...(exponents === undefined ? {} : { lut: { ...base.lut, exponents } }),
    ...(sum === undefined ? {} : { softmax: { sum } }),
    ...(chain === undefined ? {} : { products: { ...base.products, chain } }),
    ...(group === undefined ? {} : { weights: { ...base.weights, group } }),
    functions: { ...base.functions, ...Object.fromEntries(switched.map((name) => [name, own[name]])) },
  };
}
