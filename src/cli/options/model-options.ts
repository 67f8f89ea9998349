import { existsSync } from 'node:fs';
import { type Command, Option } from 'commander';
import type { Block } from '../../accuracy/data/blocks.ts';
import { FULL_PRECISION, type Precision, precisionOf } from '../../accuracy/score/precision.ts';
import {
  type Method,
  METHODS,
  methodNamed,
  type NonlinearSettings,
  VLP_MODES,
} from '../../accuracy/study/methods.ts';
import { checkWindows } from '../../accuracy/windows/window-choice.ts';
import { readWindowFile, type WindowEntry, type WindowFile } from '../../accuracy/windows/window-file.ts';
import { windowsFor } from '../../accuracy/windows/windows-for.ts';
import { presetDesign } from '../../published/preset-design.ts';
import { MugiError, unknownName, wholeNumber } from '../../errors.ts';
import { EXACT_SUMS } from '../../model/arithmetic.ts';
import { PRESETS, type PresetName } from '../../published/preset.ts';
import type { RowSum } from '../../vlp/row-sum.ts';
import { DEFAULT_MODEL, EMBEDDED_MODELS, type OpenedModel } from '../../model/load.ts';
import type { LoadedModel } from '../../model/model.ts';
import { progress } from '../../present/progress.ts';
import { list, number, targetCount } from './command.ts';

/** Options of every command that runs a real model. */
export interface ModelOptions {
  model: string;
  text?: string;
  calibration?: string;
  images?: string;
  block?: number;
  testFrom?: number;
  tokens?: number;
}

/** @param tokens default of `--tokens`; without one the command scores nothing and has no such option */
export function addModelOptions(command: Command, tokens?: number, model: string = DEFAULT_MODEL): Command {
  command
    .option(
      '--model <model>',
      `embedded model (${EMBEDDED_MODELS.join(', ')}), Hugging Face folder, or GGUF file`,
      model,
    )
    .option(
      '--text <file>',
      'UTF-8 text; its first eighth is kept for calibration (default: the embedded text)',
    )
    .option('--calibration <file>', 'separate text to choose windows on')
    .option('--images <path>', 'for a ViT: folder of LABEL/*.png, or of an IDX pair')
    .option('--test-from <n>', 'first test image; those before it calibrate', number('--test-from'))
    .option('--block <tokens>', 'tokens per block (default: the context, at most 1024)', number('--block'));
  if (tokens === undefined) return command;
  return command.option(
    '--tokens <n|all>',
    'targets to score, spread evenly over the text',
    targetCount,
    tokens,
  );
}

/** Which arithmetic a command computes. */
export interface DesignOptions {
  design: string;
  preset: PresetName;
  arithmetic: ArithmeticChoice;
}

export interface ArithmeticOptions extends DesignOptions {
  activations?: Precision['activations'];
  weights?: Precision['weights'];
  kv?: Precision['kv'];
  group?: number;
  windows: string;
  mantissa?: number;
  lutSize?: number;
  rows?: number;
  mode: NonlinearSettings['mode'];
}

/**
 * `design`: what the design computes, to the bit. `exact-sums`: the same with exact products and FP32 sums, an
 * experiment. `stored`: weights, keys and values as stored and FP32 everywhere, so that nonlinear functions alone differ.
 */
const ARITHMETICS = ['design', 'exact-sums', 'stored'] as const;
export type ArithmeticChoice = (typeof ARITHMETICS)[number];

function choice(flags: string, help: string, values: readonly string[], fallback?: string): Option {
  const name = flags.split(' ')[0];
  const option = new Option(flags, help).argParser((text) => {
    if (values.includes(text)) return text;
    throw unknownName(`value of ${name}`, text, values, name);
  });
  return fallback === undefined ? option : option.default(fallback);
}

/** `--design`, `--preset` and `--arithmetic`: which arithmetic a command computes. */
export function addDesignArithmetic(command: Command): Command {
  return command
    .option('--design <name>', 'the design whose arithmetic is computed', 'mugi-256')
    .addOption(choice('--preset <name>', 'corrected, or as-published', Object.keys(PRESETS), 'corrected'))
    .addOption(
      choice(
        '--arithmetic <which>',
        'design; exact-sums: its experiment with exact products and FP32 sums; stored: no INT4, no BF16',
        ARITHMETICS,
        ARITHMETICS[0],
      ),
    );
}

export function addArithmeticOptions(command: Command): Command {
  return addDesignArithmetic(command)
    .addOption(
      choice('--activations <type>', 'fp32, or bf16 after every operator (default: the design’s)', [
        'fp32',
        'bf16',
      ]),
    )
    .addOption(
      choice('--weights <type>', 'stored, or int4 for the matrices of the layers (default: the design’s)', [
        'stored',
        'int4',
      ]),
    )
    .addOption(
      choice('--kv <type>', 'fp32, or int4 keys and values (default: the design’s)', ['fp32', 'int4']),
    )
    .option(
      '--group <n>',
      'inputs that share an INT4 weight scale (default: the design’s)',
      number('--group'),
    )
    .option(
      '--windows <source>',
      'LUT windows: auto (one calibration pass), default, or a file of mugi tune',
      'auto',
    )
    .option(
      '--mantissa <bits>',
      'mantissa bits of the temporal code (default: the design’s, 3)',
      number('--mantissa'),
    )
    .option(
      '--lut-size <n>',
      'exponents in the LUT, for automatic windows (default: the design’s, 12)',
      number('--lut-size'),
    )
    .option(
      '--rows <n>',
      'inputs that share a sliding window: the array height (default: the design’s)',
      number('--rows'),
    )
    .addOption(
      choice('--mode <mode>', 'rules of VLP: hardware, the paper, or the artifact', VLP_MODES, VLP_MODES[0]),
    );
}

/** The arithmetic that the flags name: what a pass computes, and how softmax adds a row. */
export function arithmeticOf(
  options: DesignOptions & Partial<Pick<ArithmeticOptions, 'activations' | 'weights' | 'kv' | 'group'>>,
): { precision: Precision; rowSum: RowSum } {
  const { precision, rowSum } = namedArithmetic(options);
  const { activations, weights, kv, group } = options;
  return {
    rowSum,
    precision: {
      ...precision,
      ...(activations === undefined ? {} : { activations }),
      ...(weights === undefined ? {} : { weights }),
      ...(kv === undefined ? {} : { kv }),
      ...(group === undefined ? {} : { group: wholeNumber('--group', group, 1, 1 << 20) }),
    },
  };
}

function namedArithmetic({ design, preset, arithmetic }: DesignOptions): {
  precision: Precision;
  rowSum: RowSum;
} {
  const { arithmetic: computed } = presetDesign(design, preset);
  const precision = precisionOf(computed);
  if (arithmetic === 'design') return { precision, rowSum: computed.softmax.sum };
  if (arithmetic === 'exact-sums')
    return { precision: { ...precision, products: EXACT_SUMS }, rowSum: 'fp32' };
  return { precision: { ...FULL_PRECISION, group: precision.group }, rowSum: 'fp32' };
}

/** Settings of the nonlinear functions; windows are still to be chosen when the source is `auto`. */
export function settingsOf(
  options: ArithmeticOptions,
  { config, name }: Pick<OpenedModel, 'config' | 'name'>,
): NonlinearSettings & { automatic: boolean } {
  const { arithmetic, array } = presetDesign(options.design, options.preset);
  const settings: NonlinearSettings = {
    mantissaBits: wholeNumber('--mantissa', options.mantissa ?? arithmetic.lut.mantissaBits, 1, 7),
    lutSize: wholeNumber('--lut-size', options.lutSize ?? arithmetic.lut.exponents, 8, 32),
    groupRows: wholeNumber('--rows', options.rows ?? Math.min(256, array.rows), 1, 256),
    mode: options.mode,
    rowSum: arithmeticOf(options).rowSum,
    windows: [],
  };
  if (options.windows === 'auto') return { ...settings, automatic: true };
  if (options.windows === 'default') return { ...settings, automatic: false };
  if (!existsSync(options.windows)) {
    throw new MugiError({
      code: 'missing-file',
      message: 'no such window file',
      path: options.windows,
      expected: 'auto, default, or a file written by mugi tune',
    });
  }
  const file = readWindowFile(options.windows);
  checkWindows(file.windows, config, options.windows);
  refuseContradictions(options, file);
  if (file.model !== name) {
    process.stderr.write(
      `note: the windows of ${options.windows} were chosen for ${file.model}, not for ${name}\n`,
    );
  }
  return {
    ...settings,
    mantissaBits: file.mantissa_bits,
    groupRows: file.group_rows,
    windows: file.windows,
    automatic: false,
  };
}

/** A window file brings its mantissa, rows and widths: a flag may repeat them, not change them. */
function refuseContradictions({ mantissa, rows, lutSize }: ArithmeticOptions, file: WindowFile): void {
  const widths = [...new Set(file.windows.map(({ lo, hi }) => hi - lo + 1))];
  const pairs: [string, number | undefined, string, readonly number[]][] = [
    ['--mantissa', mantissa, 'mantissa_bits', [file.mantissa_bits]],
    ['--rows', rows, 'group_rows', [file.group_rows]],
    ['--lut-size', lutSize, 'windows of exponents', widths],
  ];
  for (const [flag, given, key, held] of pairs) {
    if (given === undefined || held.every((value) => value === given)) continue;
    throw new MugiError({
      code: 'invalid-value',
      message: `${flag} ${given} contradicts the window file`,
      path: flag,
      expected: `the file's ${key} ${held.join(', ')}, or no ${flag} beside --windows FILE`,
      received: String(given),
      nearest: String(held[0]),
    });
  }
}

/** Windows from a calibration pass, with a progress bar. */
export async function automaticWindows(
  opened: OpenedModel,
  model: LoadedModel,
  calibration: readonly Block[],
  settings: NonlinearSettings,
  fresh?: boolean,
): Promise<WindowEntry[]> {
  const bar = progress('calibration', 1);
  const onProgress = (done: number, total: number) => bar.update(done / total);
  const windows = await windowsFor({ opened, model, calibration, settings, fresh, onProgress });
  bar.stop();
  return windows;
}

/** Parses `--method a,b,c`. */
export const methodList = (text: string): Method[] => [...new Set(list('--method')(text).map(methodNamed))];

export const METHOD_HELP = `methods to compare: ${METHODS.join(', ')}`;

/** Tells that an interrupted run had finished part of the work. */
export const sayResumed = (parts: number): void => {
  process.stderr.write(
    `resuming: ${parts} ${parts === 1 ? 'batch was' : 'batches were'} finished by an interrupted run\n`,
  );
};
