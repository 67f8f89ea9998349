import type { Precision } from '../../accuracy/score/precision.ts';
import { MOST_ROWS } from '../../design/computed.ts';
import { designNames } from '../../design/index.ts';
import { PRESETS, type PresetName } from '../../published/preset.ts';
import type { Method } from '../../accuracy/study/methods.ts';
import { MODES } from '../../vlp/mode.ts';
import { FILE, flag, type FlagsOf, keyOf, oneOf, text, whole } from './flag.ts';
import type { Idle } from './idle.ts';
import { SWITCH_FLAGS } from './switch-flags.ts';

/**
 * `design`: what the design computes, to the bit. `exact-sums`: the same with exact products and FP32 sums, an
 * experiment. `stored`: weights, keys and values as stored and FP32 everywhere, so that nonlinear functions alone differ.
 */
const ARITHMETICS = ['design', 'exact-sums', 'stored'] as const;

const DESIGN_FLAG = flag(
  '--design',
  text('<name|file>', { words: designNames, paths: 'files' }),
  'the design whose arithmetic is computed, built in or a YAML file',
  {
    default: 'mugi-256',
  },
);

/** Which state of a design computes, and the experiment on its sums. */
export const SUM_FLAGS = [
  flag('--preset', oneOf('<name>', Object.keys(PRESETS) as PresetName[]), 'corrected, or as-published', {
    default: 'corrected',
  }),
  flag(
    '--arithmetic',
    oneOf('<which>', ['design', 'exact-sums']),
    'design; exact-sums: its experiment with FP32 sums',
    {
      default: 'design',
    },
  ),
] as const;

/** The design whose row sums softmax has. */
export const ROW_SUM_FLAGS = [DESIGN_FLAG, ...SUM_FLAGS] as const;

/** The design whose arithmetic a command computes. */
export const DESIGN_FLAGS = [
  DESIGN_FLAG,
  SUM_FLAGS[0],
  flag(
    '--arithmetic',
    oneOf('<which>', ARITHMETICS),
    'design; exact-sums: its experiment with exact products and FP32 sums; stored: no INT4, no BF16',
    { default: 'design' },
  ),
] as const;

const ACTIVATIONS: readonly Precision['activations'][] = ['fp32', 'bf16'];
const WEIGHTS: readonly Precision['weights'][] = ['stored', 'int4'];
const HEADS: readonly Precision['head'][] = ['stored', 'int4'];
const KV: readonly Precision['kv'][] = ['fp32', 'int4'];

/** Parts of the arithmetic that differ from the design's. */
const PRECISION_FLAGS = [
  flag(
    '--activations',
    oneOf('<type>', ACTIVATIONS),
    'fp32, or bf16 after every operator (default: the design’s)',
  ),
  flag(
    '--weights',
    oneOf('<type>', WEIGHTS),
    'stored, or int4 for the matrices of the layers (default: the design’s)',
  ),
  flag(
    '--head',
    oneOf('<type>', HEADS),
    'stored, or int4 for the output matrix (default: the design’s, as it is priced; stored beside --weights stored)',
  ),
  flag('--kv', oneOf('<type>', KV), 'fp32, or int4 keys and values (default: the design’s)'),
  flag('--group', whole(1, 1 << 20), 'inputs that share an INT4 weight scale (default: the design’s)'),
] as const;

/** How VLP computes the nonlinear functions. */
const NONLINEAR_FLAGS = [
  flag(
    '--windows',
    text('<source>', { words: () => ['auto', 'default'], paths: 'files' }),
    'LUT windows: auto (one calibration pass), default, or a file of mugi tune',
    { default: 'auto' },
  ),
  flag('--mantissa', whole(1, 7), 'mantissa bits of the temporal code (default: the design’s, 3)'),
  flag('--lut-size', whole(8, 32), 'exponents in the LUT, for automatic windows (default: the design’s, 12)'),
  flag(
    '--rows',
    whole(1, MOST_ROWS),
    'inputs that share a sliding window: the array height (default: the design’s)',
  ),
  flag('--mode', oneOf('<mode>', MODES), 'rules of VLP: hardware, the paper, or the artifact', {
    default: MODES[0],
  }),
] as const;

/** What differs by layer and function. */
const PLAN_FLAG = flag(
  '--plan',
  FILE,
  'method, mantissa, window, bits and group by layer and function (written by mugi tune --plan)',
);

export const ARITHMETIC_FLAGS = [
  ...DESIGN_FLAGS,
  ...PRECISION_FLAGS,
  ...NONLINEAR_FLAGS,
  ...SWITCH_FLAGS,
  PLAN_FLAG,
] as const;

export type DesignFlags = FlagsOf<typeof DESIGN_FLAGS>;
export type PrecisionFlags = FlagsOf<typeof PRECISION_FLAGS>;
export type ArithmeticFlags = FlagsOf<typeof ARITHMETIC_FLAGS>;

/** Flags of VLP's windows and codes that a run of these methods would not use. */
export const idleNonlinear = (methods: readonly Method[], windows: string): Idle[] => [
  {
    flags: [...NONLINEAR_FLAGS, ...SWITCH_FLAGS].map(({ name }) => keyOf(name)),
    when: !methods.includes('vlp'),
    because: `has no effect: it is for VLP, and ${methods.join(', ')} ${methods.length > 1 ? 'have' : 'has'} no such parameter`,
    expected: '--method vlp, alone or among others',
  },
  {
    flags: ['lutSize'],
    when: windows === 'default',
    because: 'has no effect: it is for automatic windows, and the default one has its own exponents',
    expected: '--windows auto beside it',
  },
];
