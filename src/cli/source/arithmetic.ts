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
import type { VlpSwitches } from '../../vlp/switches.ts';
import type { DesignFlags, PrecisionFlags } from '../options/arithmetic-flags.ts';
import { type SwitchFlags, switchesOf } from '../options/switch-flags.ts';
import { switchedDesign } from './switched-design.ts';

/** What a pass of a model computes, and how softmax adds a row. */
export interface ModelArithmetic {
  precision: Precision;
  rowSum: RowSum;
}

/** The arithmetic that the flags name. */
export function arithmeticOf(flags: DesignFlags & PrecisionFlags & SwitchFlags): ModelArithmetic {
  const { precision, rowSum } = designArithmetic(flags);
  const { activations, weights, kv, group } = flags;
  const head = flags.head ?? (weights === 'stored' ? weights : undefined);
  return {
    rowSum,
    precision: {
      ...precision,
      ...(activations === undefined ? {} : { activations }),
      ...(weights === undefined ? {} : { weights }),
      ...(head === undefined ? {} : { head }),
      ...(kv === undefined ? {} : { kv }),
      ...(group === undefined ? {} : { group }),
    },
  };
}

function designArithmetic(flags: DesignFlags & SwitchFlags): ModelArithmetic {
  const computed = computedBy(flags);
  const precision = precisionOf(computed);
  if (flags.arithmetic !== 'stored') return { precision, rowSum: computed.softmax.sum };
  return { precision: { ...FULL_PRECISION, group: precision.group }, rowSum: 'fp32' };
}

/** A built-in design, one of a file, or one that is written out as JSON, as a preset sees it. */
export function designSeen(
  text: string,
  presetName: PresetName,
  switches: Partial<VlpSwitches> = {},
): Design {
  const asked = switchedDesign(sourceOf('design', text), switches);
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
  ...flags
}: Pick<DesignFlags, 'design' | 'preset' | 'arithmetic'> & SwitchFlags): DesignArithmetic {
  const computed = designSeen(design, presetName, switchesOf(flags)).arithmetic;
  return arithmetic === 'exact-sums' ? withExactSums(computed) : computed;
}
