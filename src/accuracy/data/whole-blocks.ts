import { MugiError } from '../../errors.ts';
import type { OpenedModel } from '../../model/load.ts';
import type { Block } from './blocks.ts';
import { type DataOptions, prepareData } from './data.ts';
import { choose } from './split.ts';

/**
 * Test blocks of exactly `context` tokens each, chosen until `targets` are scored.
 * @throws MugiError for data without one
 */
export function wholeBlocks(
  opened: OpenedModel,
  data: Omit<DataOptions, 'block' | 'calibrates'>,
  context: number,
  targets: number,
): Block[] {
  const { test } = prepareData(opened, { ...data, block: context, calibrates: false });
  const whole = test.filter(({ scored }) => scored === context);
  if (whole.length > 0) return choose(whole, targets);
  throw new MugiError({
    code: 'invalid-value',
    message: `the text has no whole block of ${context} tokens`,
    path: 'contexts',
    expected: `lengths of up to ${Math.max(0, ...test.map(({ scored }) => scored))}`,
    received: String(context),
  });
}
