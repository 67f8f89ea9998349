import type { Precision } from '../../accuracy/score/precision.ts';
import { type AskedItem, chooseAnswers } from '../../accuracy/study/choices.ts';
import type { Method, NonlinearSettings } from '../../accuracy/study/methods.ts';
import type { OpenedModel } from '../../model/load.ts';
import type { LoadedModel } from '../../model/model.ts';
import { withProgress } from '../../present/progress.ts';
import type { MeasureFlags } from '../options/measure-flags.ts';
import { output, sayResumed } from '../options/output.ts';
import { choicesText } from '../show/accuracy.ts';
import { writersOf } from './writers.ts';

/** Multiple choice in the place of a text's loss. */
export async function chosen(
  flags: MeasureFlags,
  options: {
    opened: OpenedModel;
    model: LoadedModel;
    methods: readonly Method[];
    precision: Precision;
    settings: NonlinearSettings;
    items: readonly AskedItem[];
  },
): Promise<void> {
  const { opened } = options;
  const writers = writersOf(opened.config, options);
  const rows = await withProgress(
    `choices of ${opened.name}`,
    'questions',
    (onProgress) =>
      chooseAnswers({
        ...options,
        writers,
        fresh: flags.fresh,
        onProgress,
        onResume: (questions) => sayResumed(questions, 'question', 'questions'),
      }),
    'choices',
  );
  output(flags, { json: () => rows, csv: () => rows, text: () => choicesText(rows) });
}
