import { type Command, Option } from 'commander';
import { prepareData } from '../../accuracy/data/data.ts';
import { maskVariants } from '../../accuracy/study/mask-experiment.ts';
import { measureUnits } from '../../accuracy/score/measure.ts';
import { FULL_PRECISION } from '../../accuracy/score/precision.ts';
import { choose } from '../../accuracy/data/split.ts';
import { MugiError } from '../../errors.ts';
import { isDecoder } from '../../model/config/config.ts';
import { openModel } from '../../model/load.ts';
import { toCsv } from '../../present/csv.ts';
import { progress } from '../../present/progress.ts';
import { textTable } from '../../present/table.ts';
import { number } from '../options/command.ts';
import { signed, verdict } from '../job/loss-text.ts';
import { parseWindow, type ExponentWindow } from '../../vlp/window.ts';
import { addModelOptions, type ModelOptions, sayResumed } from '../options/model-options.ts';

/** Leaves float32 scores a thousandth of their unit. */
const MAX_SHIFT = 4096;

interface Options extends ModelOptions {
  window: ExponentWindow;
  shift: number;
  fresh?: boolean;
  json?: boolean;
  csv?: boolean;
}

const EXAMPLES = `
Examples:
  mugi mask
  mugi mask --shift 16                    every masked entry overflows
  mugi mask --window -6..1 --model mugi-tiny-gelu
  mugi mask --model ~/Llama-2-7b-hf --text wiki.txt --tokens 8192

What was found, and what is hypothesis: docs/mask.md.`;

export function define(program: Command): void {
  const command = program
    .command('mask')
    .description(
      'the mask experiment: VLP softmax on a causal model with an additive FP16 mask and a boolean one',
    );
  addModelOptions(command, 2048)
    .option('--window <lo..hi>', 'LUT window of 8 exponents', (text) => parseWindow(text), { lo: -4, hi: 3 })
    .option(
      '--shift <x>',
      'subtracted from every score; leaves an exact softmax as it is',
      number('--shift'),
      0,
    )
    .option('--fresh', 'forget an interrupted run')
    .option('--json', 'variants and leaks as JSON')
    .addOption(new Option('--csv', 'variants as CSV').conflicts('json'))
    .addHelpText('after', EXAMPLES)
    .action(run);
}

async function run(options: Options): Promise<void> {
  const { window } = options;
  if (window.hi - window.lo !== 7) {
    throw new MugiError({
      code: 'invalid-value',
      message: 'the mask experiment uses a window of exactly 8 exponents',
      path: '--window',
      received: `${window.lo}..${window.hi}`,
      nearest: `${window.hi - 7}..${window.hi}`,
    });
  }
  if (Math.abs(options.shift) > MAX_SHIFT) {
    throw new MugiError({
      code: 'invalid-value',
      message: 'scores that are shifted so far lose their digits in float32, or leave FP16',
      path: '--shift',
      expected: `a number from -${MAX_SHIFT} to ${MAX_SHIFT}`,
      received: String(options.shift),
      nearest: String(Math.sign(options.shift) * MAX_SHIFT),
    });
  }
  const opened = await openModel(options.model);
  if (!isDecoder(opened.config)) {
    throw new MugiError({
      code: 'unsupported',
      message: `a ${opened.config.modelType} model has no causal mask`,
      path: '--model',
      expected: 'a decoder: Llama, Mistral, Qwen2 or GPT-2',
    });
  }
  const data = prepareData(opened, { ...options, calibrates: false });
  const blocks = choose(data.test, options.tokens!);
  const { units, leaks } = maskVariants(opened.config, window, options.shift);
  const bar = progress(
    'mask experiment',
    blocks.reduce((sum, { scored }) => sum + scored, 0),
  );
  const rows = await measureUnits(
    {
      opened,
      model: opened.load(),
      precision: FULL_PRECISION,
      blocks,
      data: data.name,
      fresh: options.fresh,
      onProgress: (done, total) => bar.update(done, `${done} of ${total} targets`),
      onResume: sayResumed,
    },
    units,
    ['mask', window, options.shift],
  );
  bar.stop();
  const byLayer = leaks.map(({ masked, leaked }, layer) => ({
    layer,
    masked,
    leaked,
    leaked_share: leaked / masked,
  }));
  if (options.json) process.stdout.write(`${JSON.stringify({ window, rows, leaks: byLayer }, null, 2)}\n`);
  else if (options.csv) process.stdout.write(toCsv(rows));
  else {
    const table = rows.map((row) => [
      row.method,
      row.perplexity.toFixed(4),
      signed(row.loss_increase, row.loss_increase_ci95),
      verdict(row),
      row.kl.toExponential(2),
      `${(100 * row.top1_agreement).toFixed(2)} %`,
    ]);
    const leakTable = byLayer.map(({ layer, masked, leaked, leaked_share: share }) => [
      layer,
      masked,
      leaked,
      `${(100 * share).toFixed(3)} %`,
    ]);
    process.stdout.write(
      `${opened.name}, ${rows[0].tokens} tokens, softmax by VLP with LUT window [${window.lo}, ${window.hi}], activations exact${options.shift === 0 ? '' : `, scores lowered by ${options.shift}`}\n\n` +
        `${textTable(['softmax', 'perplexity', 'loss − exact', 'verdict', 'KL', 'same top-1'], table)}\n\n` +
        `Masked entries whose score is at or below −16, so that −65504 + score is −∞ in FP16:\n${textTable(['layer', 'masked', 'leaked', 'share'], leakTable)}\n`,
    );
  }
}
