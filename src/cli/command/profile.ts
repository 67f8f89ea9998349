import type { Command } from 'commander';
import { readData } from '../../accuracy/data/data.ts';
import { choose } from '../../accuracy/data/split.ts';
import { keptProfile } from '../../accuracy/windows/kept-profile.ts';
import { profilePlot, profileRows } from '../../accuracy/windows/profile.ts';
import { rowsOf } from '../../accuracy/score/estimate.ts';
import { openShown } from '../source/opened.ts';
import { checkPlot } from '../../present/plot.ts';
import { withProgress } from '../../present/progress.ts';
import { define as command } from '../options/command.ts';
import { flag, type FlagsOf, OUT_FILE } from '../options/flag.ts';
import { BLOCK_FLAG, DATA_FLAGS, FRESH_FLAG, modelFlag, tokensFlag } from '../options/model-flags.ts';
import { csvFlag, jsonFlag, output } from '../options/output.ts';
import { announceWork } from '../source/estimate.ts';
import { writeFigure } from '../options/written.ts';
import { profileText } from '../show/profile.ts';

const FLAGS = [
  modelFlag(),
  ...DATA_FLAGS,
  BLOCK_FLAG,
  tokensFlag(4096),
  FRESH_FLAG,
  flag('--plot', OUT_FILE, 'draw as .svg, .png or .json'),
  jsonFlag('distributions as JSON'),
  csvFlag('one row per layer, function and bin'),
] as const;
type Flags = FlagsOf<typeof FLAGS>;

export const define = (program: Command): void =>
  command<Flags>(program, {
    name: 'profile',
    description: 'distributions of values and exponents that the nonlinear functions see (Fig. 4)',
    flags: FLAGS,
    examples: [
      'mugi profile --plot fig4.png',
      'mugi profile --model mugi-tiny-gelu --csv > profile.csv',
      'mugi profile --model ~/Llama-2-7b-hf --text wiki.txt --tokens 4096',
    ],
    run: ({ flags }) => profile(flags),
  });

async function profile(flags: Flags): Promise<void> {
  const { plot, fresh } = flags;
  checkPlot(plot);
  const opened = await openShown(flags.model, flags.threads);
  const { name: model } = opened;
  const { test } = await readData(opened, { ...flags, calibrates: false });
  const blocks = choose(test, flags.tokens);
  announceWork(opened, [{ rows: rowsOf(blocks), runs: 1 }]);
  const distributions = await withProgress(
    `profile of ${model}`,
    undefined,
    (onProgress) => keptProfile(opened, blocks, { fresh, onProgress }),
    'profile',
  );
  try {
    if (plot !== undefined) await writeFigure(plot, profilePlot(model, distributions));
  } finally {
    output(flags, {
      json: () => ({ model, distributions }),
      compact: true,
      csv: () => profileRows(model, distributions),
      text: () => profileText(model, distributions),
    });
  }
}
