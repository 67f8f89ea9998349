import { MugiError, unknownName } from '../errors.ts';
import { PUBLISHED_ARITHMETIC, REPAIRED_ARITHMETIC } from './arithmetic.ts';
import { CODE_BITS, COLUMNS } from './array.ts';
import type { Entries } from './lut.ts';
import { checkRowSum, type Normalisation, NORMALISATIONS, type RowSum } from './row-sum.ts';
import { isGate, type NonlinearFunction } from './function.ts';
import { type Anchor, checkWindow, showWindow, type ExponentWindow } from './window.ts';

/**
 * `hardware`: what a node should compute (masks exact, tails flushed, NaN kept); the default.
 * `paper`: the rules of the paper's text. `artifact`: the authors' accuracy code, reproduced to the bit, quirks included.
 * `element.ts` defines each mode case by case.
 */
export const MODES = ['hardware', 'paper', 'artifact'] as const;
export type Mode = (typeof MODES)[number];

export interface VlpOptions {
  mode?: Mode;
  /** LUT window; default `DEFAULT_WINDOW`, the balanced 8-wide window of exp: tails above it are at most e^−15.5. */
  window?: ExponentWindow;
  anchor?: Anchor;
  /** Mantissa bits kept: 3 in the paper (8 cycles); 2 and 4 as ablation. */
  mantissaBits?: number;
  /** Inputs that share a sliding window: the array height. */
  group?: number;
  /** Width of the sliding window: the array width. */
  columns?: number;
  entries?: Entries;
  /** Under the window: `zero` answers f(0); `linear` f'(0)·x where that is an exponent decrement. */
  below?: 'zero' | 'linear';
  /** Softmax only. `window` is the paper's; `reduced` splits x = −(k·ln 2 + r) and needs a LUT for r only. */
  range?: 'window' | 'reduced';
  normalise?: Normalisation;
  /**
   * Sum of a softmax row; default in `hardware` mode what a corrected Mugi computes, in `paper` mode what the paper has,
   * in `artifact` mode FP32, as the authors' code adds.
   */
  accumulate?: RowSum;
  /** Row maximum subtracted `after` scores are rounded to BF16 (a BF16 accumulator), or `before`. */
  subtract?: 'after' | 'before';
  /** `artifact` only: tensors are FP16 around the operator, as in the authors' runs. */
  float16?: boolean;
}

export type VlpConfig = Required<VlpOptions>;

const ROW_SUM: Readonly<Record<Mode, RowSum>> = {
  hardware: REPAIRED_ARITHMETIC.softmax.sum,
  paper: PUBLISHED_ARITHMETIC.softmax.sum,
  artifact: 'fp32',
};

/** The window of exp where nothing else is said. */
export const DEFAULT_WINDOW: ExponentWindow = { lo: -4, hi: 3 };

/** Fills in defaults and refuses what cannot be built. */
export function configure(options: VlpOptions = {}): VlpConfig {
  const mode = options.mode ?? 'hardware';
  if (!MODES.includes(mode)) throw unknownName('mode', mode, MODES, 'mode');
  const config: VlpConfig = {
    mode,
    window: checkWindow(options.window ?? DEFAULT_WINDOW),
    anchor: options.anchor ?? 'max',
    mantissaBits: options.mantissaBits ?? CODE_BITS,
    group: options.group ?? 128,
    columns: options.columns ?? COLUMNS,
    entries: options.entries ?? 'point',
    below: options.below ?? 'zero',
    range: options.range ?? 'window',
    normalise: options.normalise ?? (mode === 'artifact' ? 'divide' : 'reciprocal'),
    accumulate: checkRowSum(options.accumulate ?? ROW_SUM[mode]),
    subtract: options.subtract ?? 'after',
    float16: options.float16 ?? false,
  };
  const whole = (key: 'group' | 'columns' | 'mantissaBits', max: number): void => {
    if (Number.isInteger(config[key]) && config[key] >= 1 && config[key] <= max) return;
    throw new MugiError({
      code: 'invalid-value',
      message: `${key} must be a whole number from 1 to ${max}`,
      path: key,
      received: String(config[key]),
    });
  };
  whole('group', 1 << 20);
  whole('columns', 64);
  whole('mantissaBits', 7);
  choice('anchor', config.anchor, ['max', 'min']);
  choice('entries', config.entries, ['point', 'mean']);
  choice('below', config.below, ['zero', 'linear']);
  choice('range', config.range, ['window', 'reduced']);
  choice('normalise', config.normalise, NORMALISATIONS);
  choice('subtract', config.subtract, ['after', 'before']);
  if (mode === 'artifact') {
    const changed = (['entries', 'below', 'range', 'subtract', 'accumulate', 'normalise'] as const).filter(
      (key) => options[key] !== undefined && options[key] !== ARTIFACT[key],
    );
    if (changed.length > 0) {
      throw new MugiError({
        code: 'unsupported',
        message: `mode artifact is fixed; it has no option ${changed.join(', ')}`,
        path: changed[0],
        nearest: 'mode hardware',
      });
    }
  }
  return config;
}

const ARTIFACT = {
  entries: 'point',
  below: 'zero',
  range: 'window',
  subtract: 'after',
  accumulate: 'fp32',
  normalise: 'divide',
} as const;

function choice(key: string, value: string, allowed: readonly string[]): void {
  if (!allowed.includes(value)) throw unknownName(key, value, allowed, key);
}

/** The authors' code has exp, SiLU and GELU; for other functions there is nothing to be equal to. */
export function checkArtifact(fn: NonlinearFunction, { mode }: VlpConfig): void {
  if (mode !== 'artifact' || fn.name === 'exp' || isGate(fn)) return;
  throw new MugiError({
    code: 'unsupported',
    message: `mode artifact has rules for exp and for SiLU, GELU and their forms, not for ${fn.name}`,
    path: 'mode',
    expected: 'hardware or paper',
    received: 'artifact',
    nearest: 'hardware',
  });
}

/** The linear limit needs f(0) = 0 and a slope that is a power of two. */
export function checkLinear(fn: NonlinearFunction, config: VlpConfig): void {
  if (config.below !== 'linear' || fn.slope !== undefined) return;
  throw new MugiError({
    code: 'unsupported',
    message: `${fn.name} has no linear limit by a change of exponent alone; below the window it answers f(0)`,
    path: 'below',
    expected: 'below: zero',
    received: 'linear',
    nearest: 'zero',
  });
}

/** The configuration in one line. */
export function label(config: VlpConfig): string {
  const parts = [
    `VLP ${config.range === 'reduced' ? 'reduced range' : `${config.anchor} ${showWindow(config.window)}`}`,
    `m${config.mantissaBits}`,
  ];
  if (config.mode !== 'hardware') parts.push(config.mode);
  if (config.entries === 'mean') parts.push('mean entries');
  if (config.below === 'linear') parts.push('linear limit');
  if (config.normalise.startsWith('vlp')) parts.push(`1/s by ${config.normalise}`);
  return parts.join(', ');
}
