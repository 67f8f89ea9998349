import { MugiError, wholeNumber } from '../errors.ts';
import { round } from '../number/bf16.ts';
import { type Approximation, unsupported } from './approximation.ts';
import { elementwiseOf, softmaxOf } from './tabulated.ts';

export interface TaylorOptions {
  /** Centre of the expansion; the paper's Fig. 8 has −4.5, its sweeps −9…2. */
  centre?: number;
  /** Highest power; the paper's hardware has 9. */
  degree?: number;
}

/**
 * Taylor approximation of exp as published (Mugi §2.2, §5.2.2, and the authors' evaluation code): terms formed one
 * by one and added in BF16, not by Horner's rule as the text says; 0 below a cut-off that a walk from 0 finds.
 * @throws MugiError for a centre or degree outside its limits
 */
export function taylor({ centre = -4.5, degree = 9 }: TaylorOptions = {}): Approximation {
  checkTaylor(centre, degree);
  const cutoff = taylorCutoff(centre, degree);
  const interval = { from: cutoff, to: 0 };
  const exp = (x: number): number => (x < cutoff ? 0 : termByTerm(x, centre, degree));
  return {
    method: 'taylor',
    label: `Taylor degree ${degree} around ${centre}, 0 below ${cutoff}`,
    supports: (name) => name === 'exp' || name === 'softmax',
    interval: () => interval,
    elementwise(fn) {
      if (fn.name !== 'exp') throw unsupported('Taylor', fn.name, 'exp and softmax');
      return elementwiseOf(fn, (x) => (x > 0 ? Number.NaN : exp(x)), interval);
    },
    softmax: () => softmaxOf(exp, interval),
  };
}

function checkTaylor(centre: number, degree: number): void {
  wholeNumber('degree', degree, 1, 30);
  if (Number.isFinite(centre) && Math.abs(centre) <= 32) return;
  throw new MugiError({
    code: 'invalid-value',
    message: 'the centre of a Taylor expansion of exp must be a number within ±32',
    path: 'centre',
    received: String(centre),
    nearest: '-4.5',
  });
}

function termByTerm(x: number, centre: number, degree: number): number {
  const d = round(x - centre);
  let power = 1;
  let factorial = 1;
  let sum = 0;
  for (let i = 0; i <= degree; i++) {
    sum = round(sum + round(power / factorial));
    power = round(power * d);
    factorial *= i + 1;
  }
  return round(round(Math.exp(centre)) * sum);
}

/**
 * The cut-off: walking down from 0 in steps of ¼ with `degree` terms, the first x at which the value is ≤ 0.001,
 * or has risen, or is infinite. `reset` false keeps a defect of the authors' code: the running value is carried
 * into the next step, v ← e^c·(v + S(x)), so that for centres near 0 the walk stops at once and nearly every
 * input becomes 0.
 */
export function taylorCutoff(centre: number, degree: number, reset = false): number {
  const scale = Math.exp(centre);
  let value = 0;
  let previous = 1;
  for (let x = 0; x > -64; x -= 0.25) {
    let sum = reset ? 0 : value;
    let term = 1;
    for (let i = 0; i < degree; i++) {
      sum += term;
      term *= (x - centre) / (i + 1);
    }
    value = scale * sum;
    if (value <= 0.001 || value > previous || !Number.isFinite(value)) return x === 0 ? 0 : x;
    previous = value;
  }
  return -64;
}
