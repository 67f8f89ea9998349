import type { Command } from 'commander';
import { readData } from '../../accuracy/data/data.ts';
import { choose } from '../../accuracy/data/split.ts';
import { type ChoiceItem, choiceItems } from '../../accuracy/data/choice-file.ts';
import type { Precision } from '../../accuracy/score/precision.ts';
import { chooseAnswers } from '../../accuracy/study/choices.ts';
import { measure, MOST_PARTS } from '../../accuracy/score/measure.ts';
import { accuracyPlot } from '../../accuracy/study/accuracy-plot.ts';
import {
  checkMethods,
  defaultMethods,
  type Method,
  METHODS,
  type NonlinearSettings,
} from '../../accuracy/study/methods.ts';
import { type OpenedModel, openModel } from '../../model/load.ts';
import type { LoadedModel } from '../../model/model.ts';
import { checkPlot } from '../../present/plot.ts';
import { withProgress } from '../../present/progress.ts';
import { ARITHMETIC_FLAGS, idleNonlinear } from '../options/arithmetic-flags.ts';
import { define as command } from '../options/command.ts';
import { FILE, flag, type FlagsOf, OUT_FILE, SWITCH } from '../options/flag.ts';
import { refuseIdle } from '../options/idle.ts';
import { METHODS_FLAG } from '../options/method-flags.ts';
import { BLOCK_FLAG, DATA_FLAGS, FRESH_FLAG, modelFlag, tokensFlag } from '../options/model-flags.ts';
import { csvFlag, jsonFlag, output, sayResumed } from '../options/output.ts';
import { writeFigure } from '../options/written.ts';
import { accuracyText, choicesText, unitOf } from '../show/accuracy.ts';
import { automaticWindows, settingsOf } from '../source/nonlinear-settings.ts';
import { precisionFrom } from '../source/plan.ts';
import { arithmeticOf } from '../source/arithmetic.ts';
import { announceWork } from '../source/estimate.ts';
import { withTranscriptions } from '../source/transcribed.ts';
import { writersOf } from '../source/writers.ts';

const FLAGS = [
  METHODS_FLAG,
  modelFlag(),
  ...DATA_FLAGS,
  BLOCK_FLAG,
  tokensFlag(4096),
  ...ARITHMETIC_FLAGS,
  flag('--transcribe', SWITCH, 'also write greedily what is said, and count wrong words', {
    onlyWith: '--audio',
  }),
  flag('--choices', FILE, 'instead of a text: multiple-choice questions, JSON lines (.jsonl) or .parquet'),
  FRESH_FLAG,
  flag('--plot', OUT_FILE, 'draw the losses as .svg, .png or .json'),
  jsonFlag('rows as JSON'),
  csvFlag('rows as CSV'),
] as const;
type Flags = FlagsOf<typeof FLAGS>;

export const define = (program: Command): void =>
  command<Flags>(program, {
    name: 'accuracy',
    description: 'perplexity and fidelity of a real model when its nonlinear functions are approximated',
    flags: FLAGS,
    examples: [
      'mugi accuracy                                     mugi-tiny, all methods, in tens of seconds',
      'mugi accuracy --tokens all --method vlp           the whole validation text',
      'mugi accuracy --arithmetic stored                 the functions alone: no INT4, no BF16',
      'mugi accuracy --model mugi-tiny-4k --block 4096 --tokens 8192 --method vlp',
      'mugi accuracy --design mugi-256 --preset as-published --method vlp',
      'mugi accuracy --model ~/Llama-2-7b-hf --text wiki.test.txt --tokens 20000',
      'mugi accuracy --model ~/whisper-tiny --audio librispeech/ --transcribe --tokens all',
      'mugi accuracy --choices hellaswag.jsonl --method vlp,exact',
      'mugi accuracy --plan plan.json --method vlp',
      'mugi accuracy --windows windows.json --json',
    ],
    behind: [
      'A run that is interrupted (Ctrl-C, kill) goes on where it stopped when the same command is given again.',
      'See docs/accuracy.md.',
    ].join('\n'),
    run: ({ flags, given }) => accuracy(flags, given),
  });

/** Multiple choice in the place of a text's loss. */
async function chosen(
  flags: Flags,
  options: {
    opened: OpenedModel;
    model: LoadedModel;
    methods: readonly Method[];
    precision: Precision;
    settings: NonlinearSettings;
    items: readonly ChoiceItem[];
  },
): Promise<void> {
  const { opened } = options;
  const writers = writersOf(opened.config, options);
  const rows = await withProgress(`choices of ${opened.name}`, 'questions', (onProgress) =>
    chooseAnswers({ ...options, writers, fresh: flags.fresh, onProgress }),
  );
  output(flags, { json: () => rows, csv: () => rows, text: () => choicesText(rows) });
}

async function accuracy(flags: Flags, given: ReadonlySet<string>): Promise<void> {
  const { plot, fresh } = flags;
  checkPlot(plot);
  refuseIdle(given, [
    ...idleNonlinear(flags.method ?? METHODS, flags.windows),
    {
      flags: ['tokens', 'plot', 'transcribe', 'block'],
      when: flags.choices !== undefined,
      because: 'has no effect: questions are scored in the place of a text',
      expected: '--choices without it',
    },
  ]);
  const opened = await openModel(flags.model, flags.threads);
  const { method: methods = defaultMethods(opened.config) } = flags;
  checkMethods(methods, opened.config);
  const { automatic, ...settings } = settingsOf(flags, opened);
  const calibrates = automatic && methods.includes('vlp');
  const { name: data, test, calibration } = await readData(opened, { ...flags, calibrates });
  const blocks = choose(test, flags.tokens);
  const items = flags.choices === undefined ? undefined : await choiceItems(flags.choices);
  // The stored model, exact functions, the methods, and what makes the first of them up.
  if (items === undefined)
    announceWork(opened, blocks, methods.length + 2 + MOST_PARTS, arithmeticOf(flags).precision);
  const model = opened.load();
  if (calibrates) settings.windows = await automaticWindows(opened, model, calibration, settings, fresh);
  const precision = precisionFrom(flags, model);
  if (items !== undefined) return chosen(flags, { opened, model, methods, precision, settings, items });
  const measured = await withProgress(`accuracy of ${opened.name}`, 'targets', (onProgress) =>
    measure({
      opened,
      model,
      methods,
      precision,
      parts: true,
      settings,
      blocks,
      data,
      fresh,
      onProgress,
      onResume: sayResumed,
    }),
  );
  const rows = await withTranscriptions(measured, flags, {
    opened,
    model,
    blocks,
    methods,
    precision,
    settings,
  });
  try {
    if (plot !== undefined) await writeFigure(plot, accuracyPlot(rows.filter(({ part }) => part === 'all')));
  } finally {
    // Also when the plot finds no room.
    output(flags, {
      json: () => rows,
      csv: () => rows,
      text: () => accuracyText(rows, data, unitOf(opened.config)),
    });
  }
}
