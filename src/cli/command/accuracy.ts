import type { Command } from 'commander';
import { readData } from '../../accuracy/data/data.ts';
import { choose } from '../../accuracy/data/split.ts';
import { choiceItems } from '../../accuracy/data/choice-file.ts';
import { measure } from '../../accuracy/score/measure.ts';
import { askedItems } from '../../accuracy/study/choices.ts';
import { accuracyPlot } from '../../accuracy/study/accuracy-plot.ts';
import { checkMethods, METHODS } from '../../accuracy/study/methods.ts';
import { calibrationPasses } from '../../accuracy/windows/windows-for.ts';
import { openShown } from '../source/opened.ts';
import { checkPlot } from '../../present/plot.ts';
import { withProgress } from '../../present/progress.ts';
import { define as command } from '../options/command.ts';
import { refuseIdle } from '../options/idle.ts';
import { idleMeasure, MEASURE_FLAGS, type MeasureFlags as Flags } from '../options/measure-flags.ts';
import { output, sayResumed } from '../options/output.ts';
import { writeFigure } from '../options/written.ts';
import { accuracyText, unitOf } from '../show/accuracy.ts';
import { chosen } from '../source/chosen.ts';
import { automaticWindows, settingsOf } from '../source/nonlinear-settings.ts';
import { planOf, precisionFrom } from '../source/plan.ts';
import { arithmeticOf } from '../source/arithmetic.ts';
import { announceWork, methodPasses } from '../source/estimate.ts';
import { referenceFrom, withLogits } from '../source/reference.ts';
import { extentOf } from '../source/extent.ts';
import { loadFor } from '../source/stored-codes.ts';
import { withTranscriptions } from '../source/transcribed.ts';

export const define = (program: Command): void =>
  command<Flags>(program, {
    name: 'accuracy',
    description: 'perplexity and fidelity of a real model when its nonlinear functions are approximated',
    flags: MEASURE_FLAGS,
    examples: [
      'mugi accuracy                                     mugi-tiny, all methods, in tens of seconds',
      'mugi accuracy --tokens all --method vlp           the whole validation text',
      'mugi accuracy --arithmetic stored                 the functions alone: no INT4, no BF16',
      'mugi accuracy --model mugi-tiny-4k --block 4096 --tokens 8192 --method vlp',
      'mugi accuracy --design mugi-256 --preset as-published --method vlp',
      'mugi accuracy --model ~/Llama-2-7b-hf --text wiki.test.txt --tokens 20000',
      'mugi accuracy --model ~/whisper-tiny --audio librispeech/ --transcribe --tokens all',
      'mugi accuracy --model ~/Llama-2-7b-hf --text wiki.test.txt --reference none   weights in INT4 alone in memory',
      'mugi accuracy --method exact --arithmetic stored --save-logits stored.safetensors',
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

async function accuracy(flags: Flags, given: ReadonlySet<string>): Promise<void> {
  const { plot, fresh } = flags;
  checkPlot(plot);
  refuseIdle(given, idleMeasure(flags));
  const opened = await openShown(flags.model, flags.threads);
  if (flags.method !== undefined) checkMethods(flags.method, opened.config);
  const plan = planOf(flags, opened);
  const { automatic, ...settings } = settingsOf(flags, opened, plan);
  const referenceFor = referenceFrom(flags, opened, plan);
  const calibrates = automatic && (flags.method ?? METHODS).includes('vlp');
  const { name: data, test, calibration } = await readData(opened, { ...flags, calibrates });
  const blocks = choose(test, flags.tokens);
  const items =
    flags.choices === undefined ? undefined : askedItems(opened, await choiceItems(flags.choices));
  const { methods, parts, long } = extentOf(flags, opened, blocks);
  const { precision: asked } = arithmeticOf(flags);
  const { holding, reference, file } = referenceFor(blocks);
  const passes = methodPasses(methods, blocks, asked, items, { reference, parts });
  announceWork(opened, [...passes, ...(calibrates ? [calibrationPasses(calibration)] : [])], asked, holding);
  const model = loadFor(opened, holding, asked);
  if (calibrates)
    settings.windows = await automaticWindows(opened, model, calibration, settings, { fresh, within: long });
  const precision = precisionFrom(flags, model, plan);
  const work = { opened, model, methods, precision, settings };
  if (items !== undefined) return chosen(flags, { ...work, items });
  const measured = await withProgress(
    `accuracy of ${opened.name}`,
    'targets',
    (onProgress) =>
      withLogits(flags, { opened, model, blocks }, (onReference) =>
        measure({
          ...work,
          parts,
          blocks,
          data,
          reference,
          ...(onReference && { onReference }),
          fresh,
          onProgress,
          onResume: sayResumed,
        }),
      ),
    'losses',
  );
  const rows = await withTranscriptions(measured, flags, { ...work, blocks });
  try {
    if (plot !== undefined) await writeFigure(plot, accuracyPlot(rows.filter(({ part }) => part === 'all')));
  } finally {
    // Also when the plot finds no room.
    output(flags, {
      json: () => rows,
      csv: () => rows,
      text: () => accuracyText(rows, data, unitOf(opened.config), file),
    });
  }
}
