import type { Command } from 'commander';
import { readData } from '../../accuracy/data/data.ts';
import { planFrom, planText } from '../../accuracy/plan/plan-file.ts';
import { tune } from '../../accuracy/windows/tune.ts';
import { WINDOW_FILE_FORMAT, windowFileSchema, windowFileText } from '../../accuracy/windows/window-file.ts';
import { writableFile } from '../../files/write.ts';
import { rowsOf } from '../../accuracy/score/estimate.ts';
import { sweepPasses } from '../../accuracy/windows/greedy-softmax.ts';
import { calibrationPasses } from '../../accuracy/windows/windows-for.ts';
import { choose } from '../../accuracy/data/split.ts';
import { openShown } from '../source/opened.ts';
import { withStages } from '../../present/progress.ts';
import { define as command } from '../options/command.ts';
import { output, sayResumed } from '../options/output.ts';
import { TUNE_FLAGS, type TuneFlags as Flags } from '../options/tune-flags.ts';
import { writeResult } from '../options/written.ts';
import { tunedText } from '../show/tune.ts';
import { arithmeticOf, computedBy } from '../source/arithmetic.ts';
import { announceWork } from '../source/estimate.ts';
import { takesMinutes } from '../source/extent.ts';

export const define = (program: Command): void =>
  command<Flags>(program, {
    name: 'tune',
    description: 'choose LUT windows automatically from one calibration pass',
    flags: TUNE_FLAGS,
    examples: [
      'mugi tune --out windows.json                     one calibration pass, then closed forms',
      'mugi tune --per head --lut-size 12 --out windows.json',
      "mugi tune --greedy                               beside the paper's layer-by-layer sweep (Fig. 7)",
      'mugi tune --plan plan.json                       the same with bits and groups, to be edited',
      'mugi accuracy --windows windows.json',
      'mugi tune --schema                               JSON Schema of the window file',
    ],
    run: ({ flags }) => tuned(flags),
  });

async function tuned(flags: Flags): Promise<void> {
  if (flags.schema === true) return output({ json: true }, { json: windowFileSchema, text: () => '' });
  const { out, plan, mantissa: mantissaBits, lutSize, rows: groupRows, per: granularity } = flags;
  for (const path of [out, plan]) if (path !== undefined) writableFile(path);
  const opened = await openShown(flags.model, flags.threads);
  const { rowSum, precision } = arithmeticOf(flags);
  const { functions } = computedBy(flags);
  const settings = {
    mode: 'hardware',
    mantissaBits,
    lutSize,
    groupRows,
    rowSum,
    functions,
    windows: [],
  } as const;
  const data = await readData(opened, flags);
  const calibration = calibrationPasses(data.calibration, flags.calibrationTokens);
  const sweep = flags.greedy === true ? [{ ...calibration, runs: sweepPasses(opened.config) }] : [];
  // The stored model, the default windows, the automatic ones, and those of the sweep.
  announceWork(opened, [
    calibration,
    ...sweep,
    { rows: rowsOf(choose(data.test, flags.tokens)), runs: 3 + sweep.length },
  ]);
  const result = await withStages(
    {
      calibration: { label: 'calibration', atMost: flags.calibrationTokens === undefined },
      greedy: { label: 'greedy sweep' },
      test: { label: 'windows on test data', unit: 'targets' },
    },
    (onProgress) =>
      tune({
        ...flags,
        opened,
        data,
        settings,
        granularity,
        within: takesMinutes(opened, calibration.rows),
        onProgress,
        onResume: (stage, parts) =>
          stage === 'greedy' ? sayResumed(parts, 'evaluation', 'evaluations') : sayResumed(parts),
      }),
  );
  if (out !== undefined) {
    const file = windowFileText({
      format: WINDOW_FILE_FORMAT,
      model: opened.name,
      mantissa_bits: mantissaBits,
      group_rows: groupRows,
      calibration: { text: flags.calibration ?? data.name, tokens: result.calibration_targets },
      windows: result.windows,
    });
    writeResult(out, file);
  }
  if (plan !== undefined)
    writeResult(plan, planText(planFrom(opened.name, result.windows, settings, precision)));
  return output(flags, { json: () => result.compared, text: () => tunedText(result) });
}
