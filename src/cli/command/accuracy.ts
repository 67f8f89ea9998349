import { type Command, Option } from 'commander';
import { accuracyPlot } from '../../accuracy/study/accuracy-plot.ts';
import { prepareData } from '../../accuracy/data/data.ts';
import { measure } from '../../accuracy/score/measure.ts';
import type { AccuracyPart, AccuracyRow } from '../../accuracy/score/accuracy-row.ts';
import { checkMethods, defaultMethods, type Method } from '../../accuracy/study/methods.ts';
import { choose } from '../../accuracy/data/split.ts';
import { openModel } from '../../model/load.ts';
import { toCsv } from '../../present/csv.ts';
import { checkPlot, writePlot } from '../../present/plot.ts';
import { progress } from '../../present/progress.ts';
import { textTable } from '../../present/table.ts';
import { signed, verdict, withInterval } from '../job/loss-text.ts';
import {
  addArithmeticOptions,
  addModelOptions,
  arithmeticOf,
  type ArithmeticOptions,
  automaticWindows,
  METHOD_HELP,
  methodList,
  type ModelOptions,
  sayResumed,
  settingsOf,
} from '../options/model-options.ts';

interface Options extends ModelOptions, ArithmeticOptions {
  method?: Method[];
  fresh?: boolean;
  plot?: string;
  json?: boolean;
  csv?: boolean;
}

const EXAMPLES = `
Examples:
  mugi accuracy                                     mugi-tiny, all methods, in tens of seconds
  mugi accuracy --tokens all --method vlp           the whole validation text
  mugi accuracy --arithmetic stored                 the functions alone: no INT4, no BF16
  mugi accuracy --model mugi-tiny-4k --block 4096 --tokens 8192 --method vlp
  mugi accuracy --design mugi-256 --preset as-published --method vlp
  mugi accuracy --model ~/Llama-2-7b-hf --text wiki.test.txt --tokens 20000
  mugi accuracy --model vit-mnist-gelu --images mnist/
  mugi accuracy --windows windows.json --json

A run that is interrupted (Ctrl-C, kill) goes on where it stopped when the same command is given again.
See docs/accuracy.md.`;

export function define(program: Command): void {
  const command = program
    .command('accuracy')
    .description('perplexity and fidelity of a real model when its nonlinear functions are approximated')
    .option('--method <list>', METHOD_HELP, methodList);
  addArithmeticOptions(addModelOptions(command, 4096))
    .option('--fresh', 'forget an interrupted run')
    .option('--plot <file>', 'draw the losses as .svg, .png or .json')
    .option('--json', 'rows as JSON')
    .addOption(new Option('--csv', 'rows as CSV').conflicts('json'))
    .addHelpText('after', EXAMPLES)
    .action(run);
}

async function run(options: Options): Promise<void> {
  checkPlot(options.plot);
  const opened = await openModel(options.model);
  const methods = options.method ?? defaultMethods(opened.config);
  checkMethods(methods, opened.config);
  const { automatic, ...settings } = settingsOf(options, opened);
  const { precision } = arithmeticOf(options);
  const data = prepareData(opened, {
    ...options,
    calibrates: automatic && methods.includes('vlp'),
  });
  const blocks = choose(data.test, options.tokens!);
  const model = opened.load();
  if (automatic && methods.includes('vlp')) {
    settings.windows = await automaticWindows(opened, model, data.calibration, settings, options.fresh);
  }
  const bar = progress(
    `accuracy of ${opened.name}`,
    blocks.reduce((sum, { scored }) => sum + scored, 0),
  );
  const rows = await measure({
    opened,
    model,
    methods,
    precision,
    parts: true,
    settings,
    blocks,
    data: data.name,
    fresh: options.fresh,
    onProgress: (done, total) => bar.update(done, `${done} of ${total} targets`),
    onResume: sayResumed,
  });
  bar.stop();
  try {
    if (options.plot !== undefined)
      await writePlot(options.plot, accuracyPlot(rows.filter(({ part }) => part === 'all')));
  } finally {
    // Also when the plot finds no room.
    if (options.json) process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
    else if (options.csv) process.stdout.write(toCsv(rows));
    else print(rows, data.name, opened.config.family === 'vit' ? 'images' : 'tokens');
  }
}

/** What a part is, in the words of the table. */
const PARTS: Readonly<Record<AccuracyPart, string>> = {
  functions: 'nonlinear functions alone',
  weights: 'INT4 weights alone',
  kv: 'INT4 keys and values alone',
  activations: 'BF16 activations alone',
  sums: 'sums, beside exact ones',
  all: 'everything',
};

function print(rows: readonly AccuracyRow[], data: string, unit: string): void {
  const whole = rows.filter(({ part }) => part === 'all');
  const [first] = whole;
  const table = whole.map((row) => [
    row.method,
    withInterval(row.loss, row.loss_ci95),
    row.perplexity.toFixed(4),
    signed(row.loss_increase, row.loss_increase_ci95),
    verdict(row),
    signed(row.over_stored, row.over_stored_ci95),
    row.kl.toExponential(2),
    `${(100 * row.top1_agreement).toFixed(2)} %`,
    `${(100 * row.clamped_share).toFixed(2)} %`,
    row.settings,
  ]);
  const header = [
    'method',
    'loss',
    'perplexity',
    'loss − exact',
    'verdict',
    'loss − stored',
    'KL',
    'same top-1',
    'out of range',
    'settings',
  ];
  const group = first.weights === 'int4' ? ` (groups of ${first.group})` : '';
  process.stdout.write(
    `${first.model}: ${first.tokens} ${unit} of the ${data} test set, weights ${first.weights}${group}, KV ${first.kv}, activations ${first.activations}, sums ${first.sums}\n` +
      `nats per target; ± is a 95 % interval over blocks; "tie": the difference lies inside its interval; "stored": the model as it is, in FP32\n\n` +
      `${textTable(header, table)}\n`,
  );
  const parts = rows.filter(({ part }) => part !== 'all');
  if (parts.length < 2) return;
  const lines = [...parts, first].map((row) => {
    const [of, ci95, tie] =
      row.part === 'all'
        ? [row.over_stored, row.over_stored_ci95, row.over_stored_tie]
        : [row.loss_increase, row.loss_increase_ci95, row.tie];
    return [PARTS[row.part], signed(of, ci95), verdict({ loss_increase: of, loss_increase_ci95: ci95, tie })];
  });
  process.stdout.write(
    `\nWhat ${first.method} is made up of\n\n${textTable(['part', 'loss − stored', 'verdict'], lines)}\n`,
  );
}
