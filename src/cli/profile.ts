import type { Command } from 'commander';
import { prepareData } from '../accuracy/data.ts';
import { keyOfBlocks } from '../accuracy/blocks.ts';
import { fingerprint } from '../accuracy/measure.ts';
import { profileModel, profilePlot, profileRows, type StoredProfile } from '../accuracy/profile.ts';
import { choose } from '../accuracy/split.ts';
import { keyOf, WorkState } from '../accuracy/state.ts';
import { openModel } from '../model/load.ts';
import { toCsv } from '../report/csv.ts';
import { writePlot } from '../report/plot.ts';
import { progress } from '../report/progress.ts';
import { textTable } from '../report/table.ts';
import { addModelOptions, type ModelOptions } from './model-options.ts';

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
    .option('--csv', 'one row per layer, function and bin')
    .addHelpText('after', EXAMPLES)
    .action(run);
}

async function run(options: Options): Promise<void> {
  const opened = await openModel(options.model);
  const blocks = choose(prepareData(opened, options).test, options.tokens!);
  const model = opened.load();
  const bar = progress(`profile of ${opened.name}`, blocks.length);
  const state = new WorkState<StoredProfile>(
    keyOf(['profile', fingerprint(opened), keyOfBlocks(blocks)]),
    options.fresh,
  );
  const distributions = await profileModel(model, blocks, (done) => bar.update(done), state);
  bar.stop();
  if (options.plot !== undefined) await writePlot(options.plot, profilePlot(opened.name, distributions));
  if (options.json) process.stdout.write(`${JSON.stringify({ model: opened.name, distributions })}\n`);
  else if (options.csv) process.stdout.write(toCsv(profileRows(opened.name, distributions)));
  else {
    const rows = distributions.map(({ function: name, layer, inputs, exponents, zeroShare }) => {
      const within = (lo: number, hi: number) =>
        100 * exponents.reduce((sum, e) => (e.exponent >= lo && e.exponent <= hi ? sum + e.share : sum), 0);
      const top = exponents.findLast(({ share }) => share > 0)?.exponent ?? '';
      return [
        name,
        layer,
        inputs,
        ...[within(-4, 3), within(-Infinity, -5), within(4, Infinity), 100 * zeroShare].map(
          (x) => `${x.toFixed(2)} %`,
        ),
        top,
      ];
    });
    const header = ['function', 'layer', 'inputs', 'E in [-4, 3]', 'E < -4', 'E > 3', 'zero', 'largest E'];
    process.stdout.write(
      `${opened.name}: IEEE exponents E of nonlinear inputs, softmax after maximum subtraction\n\n${textTable(header, rows)}\n`,
    );
  }
}
