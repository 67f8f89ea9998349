import { FULL_PRECISION, type Precision, precisionOf } from '../../accuracy/score/precision.ts';
import { EXACT_SUMS } from '../../model/arithmetic.ts';
import { presetDesign } from '../../published/preset-design.ts';
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

function designArithmetic({ design, preset, arithmetic }: DesignFlags): ModelArithmetic {
  const { arithmetic: computed } = presetDesign(design, preset);
  const precision = precisionOf(computed);
  if (arithmetic === 'design') return { precision, rowSum: computed.softmax.sum };
  if (arithmetic === 'exact-sums')
    return { precision: { ...precision, products: EXACT_SUMS }, rowSum: 'fp32' };
  return { precision: { ...FULL_PRECISION, group: precision.group }, rowSum: 'fp32' };
}
