import { unknownName } from '../errors.ts';
import { erfc } from '../number/erf.ts';

/** What post-processing answers above the LUT window: a function of x it can form without a LUT. */
export type Above = 'pass' | 'saturate' | number;

/**
 * A function of one real variable, as VLP needs to know it (Mugi §3.1–3.3): the exact value for LUT entries, the
 * half of the real line the LUT covers, and what holds outside the window.
 */
export interface NonlinearFunction {
  readonly name: string;
  readonly title: string;
  /** Exact value in double precision. */
  readonly exact: (x: number) => number;
  /** The form the authors' code evaluates, where it differs by cancellation; used in mode `artifact` only. */
  readonly asPublished?: (x: number) => number;
  /** `negative`: the LUT holds x ≤ 0 only (exp after subtraction of the row maximum); `both` doubles it. */
  readonly domain: 'negative' | 'positive' | 'both';
  /** Answer above the window for x > 0 and for x < 0; `pass` is x itself, `saturate` the outermost LUT entry. */
  readonly above: { readonly positive: Above; readonly negative: Above };
  /** Value at zero, which is also the answer under the window. */
  readonly zero: number;
  /** f'(0), where f(0) = 0 and f'(0) is a power of two: the linear limit costs one exponent decrement. */
  readonly slope?: number;
  /** Steps at which the function may lose monotonicity, for tests: true when f is non-decreasing everywhere. */
  readonly monotone: boolean;
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const gate = (title: string, name: string, exact: (x: number) => number): NonlinearFunction => ({
  name,
  title,
  exact: (x) => (x === -Infinity ? 0 : exact(x)),
  domain: 'both',
  above: { positive: 'pass', negative: 0 },
  zero: 0,
  slope: 0.5,
  monotone: false,
});

/** √(2/π), the factor of GELU's tanh form. */
export const GELU_TANH = Math.sqrt(2 / Math.PI);

/** The functions of the transformers that Mugi evaluates, and their common relatives. */
export const FUNCTIONS = {
  exp: {
    name: 'exp',
    title: 'exp(x), x ≤ 0',
    exact: Math.exp,
    domain: 'negative',
    above: { positive: Number.NaN, negative: 0 },
    zero: 1,
    monotone: true,
  },
  silu: gate('SiLU: x·σ(x)', 'silu', (x) => x * sigmoid(x)),
  gelu: {
    ...gate('GELU: x·Φ(x), erf form', 'gelu', (x) => 0.5 * x * erfc(-x * Math.SQRT1_2)),
    // 1 + erf(x/√2) loses all digits of the negative tail: 0 from about x = −8.3 on, where the value is −4e−16.
    asPublished: (x) => 0.5 * x * (1 + Math.sign(x) * (1 - erfc(Math.abs(x) * Math.SQRT1_2))),
  },
  'gelu-tanh': gate(
    'GELU, tanh form',
    'gelu-tanh',
    // ½(1 + tanh u) written as σ(2u), which does not cancel for negative x.
    (x) => x * sigmoid(2 * GELU_TANH * (x + 0.044715 * x ** 3)),
  ),
  'gelu-quick': gate('GELU, sigmoid form: x·σ(1.702x)', 'gelu-quick', (x) => x * sigmoid(1.702 * x)),
  sigmoid: {
    name: 'sigmoid',
    title: 'logistic sigmoid σ(x)',
    exact: sigmoid,
    domain: 'both',
    above: { positive: 1, negative: 0 },
    zero: 0.5,
    monotone: true,
  },
  tanh: {
    name: 'tanh',
    title: 'hyperbolic tangent',
    exact: Math.tanh,
    domain: 'both',
    above: { positive: 1, negative: -1 },
    zero: 0,
    slope: 1,
    monotone: true,
  },
  softplus: {
    name: 'softplus',
    title: 'ln(1 + e^x)',
    exact: (x) => (x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x))),
    domain: 'both',
    above: { positive: 'pass', negative: 0 },
    zero: Math.LN2,
    monotone: true,
  },
} as const satisfies Record<string, NonlinearFunction>;

export type FunctionName = keyof typeof FUNCTIONS;
export const FUNCTION_NAMES = Object.keys(FUNCTIONS) as FunctionName[];

/** SiLU, GELU and their forms: 0 at 0, x itself above, 0 below. The paper and the authors' code have rules for these. */
export const isGate = ({ above, zero, domain }: NonlinearFunction): boolean =>
  domain === 'both' && zero === 0 && above.positive === 'pass' && above.negative === 0;

/**
 * The function of that name; an unknown one is an error that names the nearest.
 * @throws MugiError for an unknown name, with the nearest
 */
export function functionNamed(name: string, path?: string): NonlinearFunction {
  if (Object.hasOwn(FUNCTIONS, name)) return FUNCTIONS[name as FunctionName];
  throw unknownName('function', name, FUNCTION_NAMES, path);
}
