import { APPROXIMATIONS } from '../../src/approximation/index.ts';
import { type ApproximationRequest, unavailable } from '../../src/compare/approximation-errors.ts';
import { MugiError, unknownName, wholeNumber } from '../../src/errors.ts';
import { FUNCTION_NAMES, functionNamed } from '../../src/vlp/function.ts';
import { buildLut, type Lut } from '../../src/vlp/lut.ts';
import { checkWindow } from '../../src/vlp/window.ts';

export const SOFTMAX = 'softmax';
export const EXPONENTS = Array.from({ length: 25 }, (_, i) => i - 16);
export const SCORES = '2.1, 1.4, 0.3, -0.7, -3.2, -6';
const MOST_SCORES = 256;
/** Tokens whose inputs are counted: enough for the shape of a histogram. */
export const PROFILED = 256;

export interface Bench {
  asked: ApproximationRequest;
  lo: number;
  hi: number;
  mantissa: number;
  /** Inputs of the reader: the scores of a softmax row. */
  scores: number[];
}

/** What the words of the address ask for. */
export function benchOf(words: Readonly<Record<string, string>>): Bench {
  const { function: name = 'silu', lo = '-4', hi = '3', mantissa = '3', methods = 'vlp,pwl' } = words;
  const known = [...FUNCTION_NAMES, SOFTMAX];
  if (!known.includes(name)) throw unknownName('function', name, known, 'function');
  const window = checkWindow({ lo: Number(lo), hi: Number(hi) });
  const bits = wholeNumber('mantissa', Number(mantissa), 1, 7);
  const chosen = methods.split(',').filter((method) => method !== '');
  for (const method of chosen) {
    if (!Object.hasOwn(APPROXIMATIONS, method))
      throw unknownName('method', method, Object.keys(APPROXIMATIONS));
  }
  const asked: ApproximationRequest = {
    name,
    methods: chosen,
    options: { vlp: { window, mantissaBits: bits } },
    costs: undefined,
  };
  const missing = unavailable(asked);
  asked.methods = chosen.filter((method) => !missing.has(method));
  const scores = (words.scores ?? (name === SOFTMAX ? SCORES : ''))
    .split(/[\s,]+/)
    .filter((word) => word !== '')
    .map(Number);
  if (
    (scores.length === 0 && name === SOFTMAX) ||
    scores.length > MOST_SCORES ||
    scores.some((score) => !Number.isFinite(score))
  ) {
    throw new MugiError({
      code: 'invalid-value',
      message: 'inputs are numbers with commas between them',
      path: 'scores',
      expected: `1 to ${MOST_SCORES} finite numbers`,
      received: words.scores,
    });
  }
  return { asked, ...window, mantissa: bits, scores };
}

/** The look-up table of VLP. */
export const lutOf = ({ asked, lo, hi, mantissa }: Bench): Lut =>
  buildLut(functionNamed(asked.name), { window: { lo, hi }, mantissaBits: mantissa });

/** The command that prints the look-up table of VLP. */
export const lutCommand = ({ asked, lo, hi, mantissa }: Bench): string =>
  `npx mugi lut ${asked.name} --window=${lo}..${hi} --mantissa ${mantissa} --json`;

export const commandOf = ({ asked, lo, hi, mantissa }: Bench, more: string): string => {
  const vlp = asked.methods.includes('vlp') ? ` --window=${lo}..${hi} --mantissa ${mantissa}` : '';
  return `npx mugi approximate ${asked.name} --method ${asked.methods.join(',')}${vlp}${more} --json`;
};
