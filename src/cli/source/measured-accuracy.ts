import { basename, dirname, join } from 'node:path';
import { readPlan } from '../../accuracy/plan/plan-file.ts';
import type { ComparedAccuracy } from '../../compare/comparison.ts';
import { measuredHead } from '../../compare/loss-of.ts';
import type { Design } from '../../design/design.ts';
import { kindAt } from '../../files/read.ts';
import { DEFAULT_MODEL } from '../../model/embedded.ts';
import { withStages } from '../../present/progress.ts';
import { MODELS } from '../../workload/models.ts';
import type { Workload } from '../../workload/operator.ts';
import type { AccuracyFlags } from '../options/accuracy-flags.ts';

/** The folder of `--model` where it holds weights as well as a configuration. */
export function weightsOf(model: string): string | undefined {
  const at = kindAt(model);
  if (MODELS.some(({ name }) => name === model.toLowerCase()) || at === 'nothing') return undefined;
  const folder = at === 'folder' ? model : dirname(model);
  if (folder !== model && basename(model) !== 'config.json') return undefined;
  const held = ['model.safetensors', 'model.safetensors.index.json'];
  return held.some((name) => kindAt(join(folder, name)) !== 'nothing') ? folder : undefined;
}

/** Name or folder of the model that `--accuracy` measures on; undefined when it was not asked for. */
function accuracyModel({ accuracy, model }: AccuracyFlags): string | undefined {
  if (accuracy === undefined) return undefined;
  return accuracy === true ? (weightsOf(model) ?? DEFAULT_MODEL) : accuracy;
}

/** The words that ask for the same measurement again; none where none was asked for. */
export function accuracyWords(flags: AccuracyFlags): string[] {
  const model = accuracyModel(flags);
  if (model === undefined) return [];
  const { accuracyTokens, plan } = flags;
  const words = ['--accuracy', model, '--accuracy-tokens', String(accuracyTokens)];
  return plan === undefined ? words : [...words, '--plan', plan];
}

/** Measures what each of the designs computes, once where several compute the same. */
export async function measuredAccuracy(
  flags: AccuracyFlags,
  designs: readonly Design[],
  workload: Workload,
): Promise<ComparedAccuracy | undefined> {
  const model = accuracyModel(flags);
  if (model === undefined) return undefined;
  // A comparison that measures nothing does without what runs real models.
  const { lossIncreases } = await import('../../accuracy/score/loss-increase.ts');
  const measurement = await withStages(
    {
      calibration: { label: 'calibration', atMost: true },
      measurement: { label: `losses on ${basename(model)}`, unit: 'passes' },
    },
    (report) =>
      lossIncreases({
        model,
        designs,
        ...measuredHead(workload),
        ...(flags.plan === undefined ? {} : { plan: { plan: readPlan(flags.plan), path: flags.plan } }),
        tokens: flags.accuracyTokens,
        onCalibration: (done, total) => report('calibration', done, total),
        onProgress: (done, total) => report('measurement', Math.floor(done), total),
      }),
  );
  return { ...measurement, own: model === weightsOf(flags.model) };
}
