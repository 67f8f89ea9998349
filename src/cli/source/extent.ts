import type { Block } from '../../accuracy/data/blocks.ts';
import { SEPARATE, type SeparatePart } from '../../accuracy/score/accuracy-parts.ts';
import { rowsOf } from '../../accuracy/score/estimate.ts';
import { FULL_PRECISION } from '../../accuracy/score/precision.ts';
import { workOf } from '../../accuracy/score/work.ts';
import { defaultMethods, type Method } from '../../accuracy/study/methods.ts';
import { MugiError } from '../../errors.ts';
import type { OpenedModel } from '../../model/load.ts';
import { type MeasureFlags, partsAsked } from '../options/measure-flags.ts';
import { remark } from '../options/output.ts';

/** Operations of a pass over all blocks that takes minutes on two cores: 1,024 tokens of a model of 2.4 billion weights. */
const LONG_PASS = 5e12;

/** What is measured where the flags do not say. */
export interface Extent {
  methods: readonly Method[];
  parts: readonly SeparatePart[];
  /** A pass takes minutes. */
  long: boolean;
}

/** Whether a pass over so many rows takes minutes, so that work is held to what it needs. */
export const takesMinutes = (opened: OpenedModel, rows: number): boolean =>
  workOf(opened, { runs: 1, rows, precision: FULL_PRECISION }).operations > LONG_PASS;

/**
 * Methods and parts that are measured: those that the flags name, else all; where a pass takes minutes, VLP beside exact
 * functions and the stored model, and the rest when it is asked for, which is said.
 */
export function extentOf(flags: MeasureFlags, opened: OpenedModel, blocks: readonly Block[]): Extent {
  const { method, parts: words, choices, reference } = flags;
  const parts = words && partsAsked(words);
  if (parts?.some((part) => part !== 'sums') && words?.includes('all') !== true && reference !== 'stored') {
    throw new MugiError({
      code: 'invalid-value',
      message: 'parts other than sums are measured against the stored model, which is not computed',
      path: 'parts',
      expected: 'sums, or `reference` stored',
      received: parts.join(', '),
    });
  }
  if (choices !== undefined || !takesMinutes(opened, rowsOf(blocks)))
    return { methods: method ?? defaultMethods(opened.config), parts: parts ?? SEPARATE, long: false };
  const left = [
    ...(method === undefined ? ['methods other than vlp (--method)'] : []),
    ...(parts === undefined ? ['what makes the loss up (--parts)'] : []),
  ];
  if (left.length > 0) remark(`not measured, since a pass takes minutes: ${left.join(' and ')}`);
  return { methods: method ?? ['vlp'], parts: parts ?? [], long: true };
}
