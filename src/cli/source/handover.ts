import { join } from 'node:path';
import { MugiError } from '../../errors.ts';
import type { Evaluation } from '../../evaluate/evaluation.ts';
import { designName } from '../../evaluate/metrics.ts';
import { accelergyTables } from '../../handover/accelergy.ts';
import type { HandoverFile } from '../../handover/file.ts';
import { servingBundle } from '../../handover/llmservingsim.ts';
import { perfettoTrace } from '../../handover/perfetto.ts';
import type { Question } from '../../question/question.ts';
import { FILES } from '../../source/index.ts';

/** Tools that results are written for. */
export const FORMATS = ['llmservingsim', 'accelergy', 'perfetto'] as const;
export type Format = (typeof FORMATS)[number];

/** Where to write, and what LLMServingSim calls design and model. */
export interface Naming {
  out: string;
  hardware?: string;
  modelName?: string;
}

/** The files of a format, by the paths to write them to. */
export function filesOf(
  format: Format,
  asked: Question,
  evaluation: Evaluation,
  flags: Naming,
): HandoverFile[] {
  if (format === 'perfetto') {
    return [{ path: flags.out, text: `${JSON.stringify(perfettoTrace(evaluation))}\n` }];
  }
  const files =
    format === 'accelergy'
      ? accelergyTables(evaluation)
      : servingBundle(
          asked,
          {
            hardware: folderName('hardware', flags.hardware ?? designName(evaluation)),
            model: folderName('modelName', flags.modelName ?? evaluation.workload.model),
          },
          FILES,
        );
  return files.map(({ path, text: content }) => ({ path: join(flags.out, path), text: content }));
}

/** A name that becomes folders below the one that the user has named, and none beside it. */
function folderName(key: string, name: string): string {
  if (/^[\w.@-]+(\/[\w.@-]+)?$/.test(name) && !name.split('/').some((part) => /^\.+$/.test(part)))
    return name;
  throw new MugiError({
    code: 'invalid-value',
    message: `${key} cannot be the name of a folder`,
    path: key,
    expected: 'letters, digits, and . _ - @, with at most one / between',
    received: name,
  });
}
