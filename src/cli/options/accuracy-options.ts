import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { COMPARISON_TARGETS, lossIncreases, measuredMethod } from '../../accuracy/score/loss-increase.ts';
import type { Design } from '../../design/design.ts';
import { DEFAULT_MODEL } from '../../model/load.ts';
import type { ComparedAccuracy } from '../../compare/comparison.ts';
import { progress } from '../../present/progress.ts';
import { MODELS } from '../../workload/models.ts';
import { flag, type FlagsOf, type Reader, whole } from './flag.ts';
import { sayResumed } from './model-options.ts';

/** `true` without a value. */
const ACCURACY_MODEL: Reader<string | true> = { argument: '[model]', read: (_, name) => name };

export const ACCURACY_FLAGS = [
  flag(
    '--accuracy',
    ACCURACY_MODEL,
    `measure what all that each design does (functions, INT4, BF16 sums) costs a real model: a folder with weights, a GGUF file or an embedded model (default: --model where it holds weights, else ${DEFAULT_MODEL})`,
  ),
  flag('--accuracy-tokens', whole(1, 1e9), 'targets of that measurement', { default: COMPARISON_TARGETS }),
] as const;

/** The flags, and the model whose hardware is compared. */
export type AccuracyFlags = FlagsOf<typeof ACCURACY_FLAGS> & { model: string };

/** The folder of `--model` where it holds weights as well as a configuration. */
function weightsOf(model: string): string | undefined {
  if (MODELS.some(({ name }) => name === model.toLowerCase()) || !existsSync(model)) return undefined;
  const folder = statSync(model).isDirectory() ? model : dirname(model);
  if (folder !== model && basename(model) !== 'config.json') return undefined;
  const held = ['model.safetensors', 'model.safetensors.index.json'];
  return held.some((name) => existsSync(join(folder, name))) ? folder : undefined;
}

/** Name or folder of the model that `--accuracy` measures on; undefined when it was not asked for. */
export function accuracyModel({ accuracy, model }: AccuracyFlags): string | undefined {
  if (accuracy === undefined) return undefined;
  return accuracy === true ? (weightsOf(model) ?? DEFAULT_MODEL) : accuracy;
}

/** Measures the methods that the designs need, once each, in the arithmetic of the designs. */
export async function measuredAccuracy(
  flags: AccuracyFlags,
  designs: readonly Design[],
): Promise<ComparedAccuracy | undefined> {
  const name = accuracyModel(flags);
  if (name === undefined) return undefined;
  let bar = progress('calibration', 1);
  let stage = 'calibration';
  const measurement = await lossIncreases({
    model: name,
    methods: [...new Set(designs.map(measuredMethod))],
    design: designs.find((design) => measuredMethod(design) === 'vlp') ?? designs[0],
    tokens: flags.accuracyTokens,
    onProgress(now, done, total) {
      if (now !== stage) {
        bar.stop();
        [stage, bar] = [now, progress(`accuracy of ${basename(name)}`, 1)];
      }
      bar.update(done / total, now === 'measurement' ? `${done} of ${total} targets` : '');
    },
    onResume: sayResumed,
  });
  bar.stop();
  return { ...measurement, own: name === weightsOf(flags.model) };
}
