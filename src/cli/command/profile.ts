import { type Command, Option } from 'commander';
import { prepareData } from '../../accuracy/data/data.ts';
import { keyOfBlocks } from '../../accuracy/data/blocks.ts';
import { fingerprint } from '../../accuracy/score/fingerprint.ts';
import {
  type Distribution,
  profileModel,
  profilePlot,
  profileRows,
  profileSummary,
  type StoredProfile,
} from '../../accuracy/windows/profile.ts';
import { choose } from '../../accuracy/data/split.ts';
import { keyOf, WorkState } from '../../files/state.ts';
import { openModel } from '../../model/load.ts';
import { toCsv } from '../../present/csv.ts';
import { checkPlot, writePlot } from '../../present/plot.ts';
import { progress } from '../../present/progress.ts';
import { textTable } from '../../present/table.ts';
import { addModelOptions, type ModelOptions } from '../options/model-options.ts';

interface Options extends ModelOptions {
  fresh?: boolean;
  plot?: string;
  json?: boolean;
  csv?: boolean;
}

const EXAMPLES = `
Examples:
  mugi profile --plot fig4.png
  mugi profile --model mugi-tiny-gelu --csv > profile.csv
  mugi profile --model ~/Llama-2-7b-hf --text wiki.txt --tokens 4096`;

export function define(program: Command): void {
  const command = program
    .command('profile')
    .description('distributions of values and exponents that the nonlinear functions see (Fig. 4)');
  addModelOptions(command, 4096)
    .option('--fresh', 'forget an interrupted run')
    .option('--plot <file>', 'draw as .svg, .png or .json')
    .option('--json', 'distributions as JSON')
    .addOption(new Option('--csv', 'one row per layer, function and bin').conflicts('json'))
    .addHelpText('after', EXAMPLES)
    .action(run);
}

async function run(options: Options): Promise<void> {
  checkPlot(options.plot);
  const opened = await openModel(options.model);
  const blocks = choose(prepareData(opened, { ...options, calibrates: false }).test, options.tokens!);
  const model = opened.load();
  const bar = progress(`profile of ${opened.name}`, blocks.length);
  const state = new WorkState<StoredProfile>(
    keyOf(['profile', fingerprint(opened), keyOfBlocks(blocks)]),
    options.fresh,
  );
  const distributions = await profileModel(model, blocks, (done) => bar.update(done), state);
  bar.stop();
  try {
    if (options.plot !== undefined) await writePlot(options.plot, profilePlot(opened.name, distributions));
  } finally {
    print(opened.name, distributions, options);
  }
}

function print(
  name: string,
  distributions: readonly Distribution[],
  options: Pick<Options, 'json' | 'csv'>,
): void {
  if (options.json) process.stdout.write(`${JSON.stringify({ model: name, distributions })}\n`);
  else if (options.csv) process.stdout.write(toCsv(profileRows(name, distributions)));
  else {
    const rows = profileSummary(name, distributions).map((row) => [
      String(row.function),
      Number(row.layer),
      Number(row.inputs),
      ...['inside_share', 'below_share', 'above_share', 'zero_share'].map(
        (share) => `${(100 * Number(row[share])).toFixed(2)} %`,
      ),
      String(row.largest_exponent ?? ''),
    ]);
    const header = ['function', 'layer', 'inputs', 'E in [-4, 3]', 'E < -4', 'E > 3', 'zero', 'largest E'];
    process.stdout.write(
      `${name}: IEEE exponents E of nonlinear inputs, softmax after maximum subtraction\n\n${textTable(header, rows)}\n`,
    );
  }
}
