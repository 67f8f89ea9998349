import { FULL_PRECISION, type Precision, precisionOf } from '../../accuracy/score/precision.ts';
import { presetDesign } from '../../published/preset-design.ts';
import { type DesignArithmetic, withExactSums } from '../../vlp/arithmetic.ts';
import type { RowSum } from '../../vlp/row-sum.ts';
import type { DesignFlags, PrecisionFlags } from '../options/arithmetic-flags.ts';

/** What a pass of a model computes, and how softmax adds a row. */
export interface ModelArithmetic {
  precision: Precision;
  rowSum: RowSum;
}

/** The arithmetic that the flags name. */
export function arithmeticOf(flags: DesignFlags & PrecisionFlags): ModelArithmetic {
  const { precision, rowSum } = designArithmetic(flags);
  const { activations, weights, kv, group } = flags;
  return {
    rowSum,
    precision: {
      ...precision,
      ...(activations === undefined ? {} : { activations }),
      ...(weights === undefined ? {} : { weights }),
      ...(kv === undefined ? {} : { kv }),
      ...(group === undefined ? {} : { group }),
    },
  };
}

function designArithmetic(flags: DesignFlags): ModelArithmetic {
  const computed = computedBy(flags);
  const precision = precisionOf(computed);
  if (flags.arithmetic !== 'stored') return { precision, rowSum: computed.softmax.sum };
  return { precision: { ...FULL_PRECISION, group: precision.group }, rowSum: 'fp32' };
}

/** What a design computes, or the experiment on its sums. */
export function computedBy({
  design,
  preset,
  arithmetic,
}: Pick<DesignFlags, 'design' | 'preset' | 'arithmetic'>): DesignArithmetic {
  const computed = presetDesign(design, preset).arithmetic;
  return arithmetic === 'exact-sums' ? withExactSums(computed) : computed;
}
