import type { Command } from 'commander';
import { keyOfBlocks } from '../../accuracy/data/blocks.ts';
import { prepareData } from '../../accuracy/data/data.ts';
import { greedyWindows } from '../../accuracy/windows/greedy-windows.ts';
import { fingerprint } from '../../accuracy/score/fingerprint.ts';
import { FULL_PRECISION } from '../../accuracy/score/precision.ts';
import { methodUnit } from '../../accuracy/study/methods.ts';
import { choose } from '../../accuracy/data/split.ts';
import { keyOf, WorkState } from '../../files/state.ts';
import {
  type WindowEntry,
  WINDOW_FILE_FORMAT,
  windowFileSchema,
  writeWindowFile,
} from '../../accuracy/windows/window-file.ts';
import { lossOver } from '../../accuracy/windows/window-loss.ts';
import {
  GRANULARITIES,
  type Granularity,
  type AnchoredWindow,
} from '../../accuracy/windows/window-search.ts';
import { WINDOW_EXPONENTS } from '../../vlp/array.ts';
import { windowsFor } from '../../accuracy/windows/windows-for.ts';
import { unknownName, wholeNumber } from '../../errors.ts';
import { exactNonlinear } from '../../model/layer/nonlinear.ts';
import { openModel } from '../../model/load.ts';
import { progress } from '../../present/progress.ts';
import { textTable } from '../../present/table.ts';
import { writableFile } from '../../files/write.ts';
import { number } from '../options/command.ts';
import { compareWindows, type WindowVariant } from '../job/compare-windows.ts';
import { signed, verdict } from '../job/loss-text.ts';
import {
  addDesignArithmetic,
  addModelOptions,
  arithmeticOf,
  type DesignOptions,
  type ModelOptions,
} from '../options/model-options.ts';

interface Options extends ModelOptions, DesignOptions {
  per: Granularity;
  lutSize: number;
  mantissa: number;
  rows: number;
  calibrationTokens: number;
  greedy?: boolean;
  fresh?: boolean;
  out?: string;
  schema?: boolean;
  json?: boolean;
}

const EXAMPLES = `
Examples:
  mugi tune --out windows.json                     one calibration pass, then closed forms
  mugi tune --per head --lut-size 12 --out windows.json
  mugi tune --greedy                               beside the paper's layer-by-layer sweep (Fig. 7)
  mugi accuracy --windows windows.json
  mugi tune --schema                               JSON Schema of the window file`;

export function define(program: Command): void {
  const command = program
    .command('tune')
    .description('choose LUT windows automatically from one calibration pass');
  addDesignArithmetic(addModelOptions(command, 4096))
    .option('--per <unit>', `one window per ${GRANULARITIES.join(', ')}`, granularity, 'layer')
    .option('--lut-size <n>', 'exponents in the LUT', number('--lut-size'), 8)
    .option('--mantissa <bits>', 'mantissa bits of the temporal code', number('--mantissa'), 3)
    .option('--rows <n>', 'inputs that share a sliding window: the array height', number('--rows'), 128)
    .option(
      '--calibration-tokens <n>',
      'targets of the calibration pass',
      number('--calibration-tokens'),
      4096,
    )
    .option('--greedy', "compare with the paper's greedy perplexity sweep")
    .option('--fresh', 'forget an interrupted run')
    .option('--out <file>', 'write the windows for accuracy, simulate and lut')
    .option('--schema', 'print the JSON Schema of the window file')
    .option('--json', 'windows and comparison as JSON')
    .addHelpText('after', EXAMPLES)
    .action(run);
}

function granularity(text: string): Granularity {
  const found = GRANULARITIES.find((name) => name === text);
  if (found === undefined) throw unknownName('unit', text, GRANULARITIES, '--per');
  return found;
}

async function run(options: Options): Promise<void> {
  if (options.schema) {
    process.stdout.write(`${JSON.stringify(windowFileSchema(), null, 2)}\n`);
    return;
  }
  if (options.out !== undefined) writableFile(options.out);
  const opened = await openModel(options.model);
  const settings = {
    mode: 'hardware' as const,
    mantissaBits: wholeNumber('--mantissa', options.mantissa, 1, 7),
    lutSize: wholeNumber('--lut-size', options.lutSize, WINDOW_EXPONENTS, 32),
    groupRows: wholeNumber('--rows', options.rows, 1, 256),
    rowSum: arithmeticOf(options).rowSum,
    windows: [],
  };
  const data = prepareData(opened, options);
  const model = opened.load();
  const budget = wholeNumber('--calibration-tokens', options.calibrationTokens, 1, 1e12);
  const calibration = choose(data.calibration, budget);
  const bar = progress('calibration', calibration.length);
  const windows = await windowsFor({
    opened,
    model,
    calibration: data.calibration,
    settings,
    granularity: options.per,
    targets: budget,
    fresh: options.fresh,
    onProgress: (done) => bar.update(done),
  });
  bar.stop();
  const variants: WindowVariant[] = [
    { name: 'default [-4, 3]', evaluations: 0, windows: [] },
    { name: `automatic, per ${options.per}`, evaluations: 1, windows },
  ];
  if (options.greedy) variants.push(await greedy());
  const test = choose(data.test, options.tokens!);
  const rows = await compareWindows({
    opened,
    model,
    blocks: test,
    data: data.name,
    precision: FULL_PRECISION,
    settings,
    variants,
    fresh: options.fresh,
  });
  if (options.out !== undefined) {
    writeWindowFile(options.out, {
      format: WINDOW_FILE_FORMAT,
      model: opened.name,
      mantissa_bits: settings.mantissaBits,
      group_rows: settings.groupRows,
      calibration: {
        text: options.calibration ?? data.name,
        tokens: calibration.reduce((n, { scored }) => n + scored, 0),
      },
      windows,
    });
  }
  if (options.json) process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
  else {
    const place = (entry: WindowEntry) =>
      [
        entry.function,
        entry.layer === undefined ? 'all layers' : `layer ${entry.layer}`,
        entry.heads ? `heads ${entry.heads.join(' ')}` : '',
      ]
        .filter(Boolean)
        .join(', ');
    const chosen = windows.map((entry) => [place(entry), `[${entry.lo}, ${entry.hi}]`, entry.anchor]);
    const compared = rows.map(({ variant, evaluations, accuracy, over_default: over }) => [
      variant,
      evaluations,
      accuracy.perplexity.toFixed(4),
      signed(accuracy.loss_increase, accuracy.loss_increase_ci95, 5),
      over ? signed(over.loss_increase, over.loss_increase_ci95, 5) : '',
      over ? verdict(over) : '',
      accuracy.kl.toExponential(2),
    ]);
    process.stdout.write(
      `${textTable(['where', 'LUT window', 'anchor'], chosen)}\n\n${test.reduce((n, { scored }) => n + scored, 0)} test targets, none of them calibrated on; model passes are over the calibration text\n` +
        `${textTable(['windows', 'model passes', 'perplexity', 'loss − exact', 'loss − default', 'verdict', 'KL'], compared)}\n`,
    );
  }

  async function greedy() {
    const candidates = Array.from({ length: 9 }, (_, i): AnchoredWindow => {
      return { lo: i - 2 - (settings.lutSize - 1), hi: i - 2, anchor: 'max' };
    });
    const activation = windows.filter((entry) => entry.function !== 'softmax');
    const start: AnchoredWindow = { lo: 2 - (settings.lutSize - 1), hi: 2, anchor: 'max' };
    const state = new WorkState<number>(
      keyOf(['greedy', fingerprint(opened), settings, keyOfBlocks(calibration)]),
      options.fresh,
    );
    if (state.resumed > 0) {
      process.stderr.write(`resuming: ${state.resumed} evaluations were finished by an interrupted run\n`);
    }
    let done = 0;
    const total = opened.config.layers * (candidates.length - 1) + 1;
    const bar = progress('greedy sweep', total);
    const result = await greedyWindows('softmax', opened.config.layers, candidates, start, async (trial) => {
      const loss = await state.once(JSON.stringify(trial), () => {
        const { unit } = methodUnit('vlp', opened.config, { ...settings, windows: trial });
        const softmaxOnly = { softmax: unit.softmax, activation: exactNonlinear.activation };
        return lossOver(model, softmaxOnly, calibration);
      });
      bar.update(++done);
      return loss;
    });
    bar.stop();
    state.finish();
    const name = 'greedy softmax (Fig. 7), automatic activation';
    return { name, evaluations: result.evaluations, windows: [...result.windows, ...activation] };
  }
}
