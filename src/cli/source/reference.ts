import type { Block } from '../../accuracy/data/blocks.ts';
import type { MeasureOptions } from '../../accuracy/score/measure.ts';
import type { Plan } from '../../accuracy/plan/plan-file.ts';
import { openLogits, savingLogits } from '../../accuracy/score/reference-file.ts';
import { MugiError, nearest } from '../../errors.ts';
import { kindAt } from '../../files/read.ts';
import { writableFile } from '../../files/write.ts';
import type { OpenedModel } from '../../model/load.ts';
import type { LoadedModel } from '../../model/model.ts';
import type { Holding } from '../../model/weight/holding.ts';
import type { MeasureFlags } from '../options/measure-flags.ts';
import { remark } from '../options/output.ts';
import { holdingOf } from './plan.ts';

/** What losses are compared with, as the flags say, before anything is computed. */
export interface AskedReference {
  /** How weights are held; as stored where the stored model is computed. */
  holding: Holding | undefined;
  reference: NonNullable<MeasureOptions['reference']>;
  /** The file of logits, where it is one. */
  file: string | undefined;
}

/**
 * Opens the reference that the flags name, before a text is read, and refuses files that hold another model's.
 * @returns what gives it for blocks of that text, and refuses a file of other ones
 */
export function referenceFrom(
  flags: MeasureFlags,
  opened: OpenedModel,
  plan: Plan | undefined,
): (blocks: readonly Block[]) => AskedReference {
  const { reference: asked, saveLogits } = flags;
  if (saveLogits !== undefined) writableFile(saveLogits);
  if (asked === 'stored') return () => ({ holding: undefined, reference: asked, file: undefined });
  const holding = holdingOf(flags, opened, plan);
  if (asked === 'none') return () => ({ holding, reference: asked, file: undefined });
  if (kindAt(asked) === 'nothing') {
    throw new MugiError({
      code: 'missing-file',
      message: 'no such file of logits',
      path: asked,
      expected: 'stored, none, or a file that `saveLogits` wrote',
      nearest: nearest(asked, ['stored', 'none']),
    });
  }
  const logits = openLogits(asked, opened);
  return (blocks) => ({ holding, reference: logits(blocks), file: asked });
}

/** Runs a measurement, its stored model's logits going to a file where one is asked for. */
export async function withLogits<T>(
  { saveLogits: path }: MeasureFlags,
  { opened, model, blocks }: { opened: OpenedModel; model: LoadedModel; blocks: readonly Block[] },
  work: (onReference?: (logits: Float32Array) => void) => Promise<T>,
): Promise<T> {
  if (path === undefined) return work();
  const result = await savingLogits(path, { opened, blocks, outputs: model.outputs }, work);
  remark(`wrote ${path}: the logits of the stored model, for --reference`);
  return result;
}
