import { USUAL_SIZES } from '../../simulate/limits.ts';
import { SUM_FLAGS } from './arithmetic-flags.ts';
import { FILE, flag, type FlagsOf, OUT_FILE, SWITCH, whole, WINDOW } from './flag.ts';
import { SIMULATED_FLAG } from './node-flag.ts';
import { modelFlag } from './model-flags.ts';
import { jsonFlag } from './output.ts';
import { SWITCH_FLAGS } from './switch-flags.ts';
import { ANCHOR_FLAG, PLANNED_PLACE_FLAGS } from './vlp-options.ts';

export const SIMULATE_FLAGS = [
  SIMULATED_FLAG,
  flag(
    '--input',
    FILE,
    'JSON, a file or written out: activations, weights[, scales, group] for gemm; input[, mask] otherwise',
  ),
  flag('--seed', whole(0, 2 ** 32 - 1), 'seed of random inputs when there is no --input', { default: 1 }),
  flag('--m', whole(1, 65536), 'gemm: activations (columns); otherwise rows of the tensor', {
    default: USUAL_SIZES.m,
  }),
  flag('--k', whole(1, 1 << 20), 'gemm: inner dimension', { default: USUAL_SIZES.k }),
  flag('--n', whole(1, 1 << 20), 'gemm: weight rows; otherwise elements per row', { default: USUAL_SIZES.n }),
  flag('--group', whole(1, 1 << 20), 'gemm: inner indices per scale'),
  flag('--window', WINDOW, 'LUT window, 8 to 12 IEEE exponents (softmax, exp: -4..3; others: -6..4)'),
  ANCHOR_FLAG,
  flag('--windows', FILE, 'LUT window and anchor from a file of mugi tune (softmax, silu, gelu)'),
  flag('--plan', FILE, 'the same from a plan of mugi tune --plan'),
  ...PLANNED_PLACE_FLAGS,
  ...SUM_FLAGS,
  ...SWITCH_FLAGS,
  modelFlag(),
  flag('--context', whole(4, 1 << 20), 'layer: tokens of the embedded text (default: 16)'),
  flag('--trace', OUT_FILE, 'write every cycle as .vcd, or as .json for WaveJSON'),
  flag('--ascii', SWITCH, 'draw rows over time, after Fig. 10 of the paper'),
  flag('--svg', OUT_FILE, 'the same picture as SVG'),
  flag('--from', whole(0, 2 ** 31), 'first cycle of the picture; by default where the first spikes are'),
  flag('--cycles', whole(1, 512), 'cycles of the picture: four frames fit 80 columns', { default: 32 }),
  jsonFlag('inputs, result bits, cycles, activity, equals_arithmetic'),
] as const;

export type Options = FlagsOf<typeof SIMULATE_FLAGS>;
