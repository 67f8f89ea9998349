import { FULL_PRECISION, type Precision, precisionOf } from '../../accuracy/score/precision.ts';
import { customDesign } from '../../design/custom.ts';
import type { Design } from '../../design/design.ts';
import { designUnder, preset, type PresetName } from '../../published/preset.ts';
import { presetDesign } from '../../published/preset-design.ts';
import { sourceOf } from '../../question/text.ts';
import { designFile, loadDesign } from '../../source/design.ts';
import { TECHNOLOGIES } from '../../technology/index.ts';
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

/** A built-in design, one of a file, or one that is written out as JSON, as a preset sees it. */
export function designSeen(text: string, presetName: PresetName): Design {
  const asked = sourceOf('design', text);
  const [technology] = TECHNOLOGIES;
  const chosen = preset(presetName);
  if (typeof asked === 'object')
    return customDesign(asked, { technology, change: (built) => designUnder(built, chosen, technology) });
  return designFile(asked) === undefined
    ? presetDesign(asked, presetName)
    : loadDesign(asked, chosen, technology).design;
}

/** What a design computes, or the experiment on its sums. */
export function computedBy({
  design,
  preset: presetName,
  arithmetic,
}: Pick<DesignFlags, 'design' | 'preset' | 'arithmetic'>): DesignArithmetic {
  const computed = designSeen(design, presetName).arithmetic;
  return arithmetic === 'exact-sums' ? withExactSums(computed) : computed;
}
