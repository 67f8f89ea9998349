import { wholeNumber } from '../errors.ts';
import { flush, fromBits, round, toBits } from '../number/bf16.ts';
import { type Approximation, EVERYWHERE, unsupported } from './approximation.ts';
import { elementwiseOf, softmaxOf } from './tabulated.ts';

export interface FairTaylorOptions {
  /** Highest power. In BF16 nothing is gained beyond the default of 4: the first power left out is under 5e-5. */
  degree?: number;
}

/** Functions of one exponential, and how a lane forms them from it; every step is rounded to BF16. */
const BY_SIGMOID: Readonly<Record<string, (x: number, sigmoid: (x: number) => number) => number>> = {
  sigmoid: (x, sigmoid) => sigmoid(x),
  silu: (x, sigmoid) => round(x * sigmoid(x)),
  'gelu-quick': (x, sigmoid) => round(x * sigmoid(round(1.702 * x))),
  'gelu-tanh': (x, sigmoid) => {
    // σ(2u), u = √(2/π)·(x + 0.044715·x³)
    const square = round(x * x);
    const inner = round(round(x * 1.5957691216057308) * round(1 + round(0.044715 * square)));
    return round(x * sigmoid(inner));
  },
};

/**
 * Taylor as good as the same hardware allows: e^x = 2^k·e^r with |r| ≤ ½·ln 2, e^r by Horner's rule around 0 in
 * fused multiply-adds rounded to BF16, k into the exponent. The reduction is one more fused multiply-add. SiLU and
 * its relatives take the same exponential and a division, as the paper's vector units do.
 * @throws MugiError for a degree outside 1 to 30
 */
export function fairTaylor({ degree = 4 }: FairTaylorOptions = {}): Approximation {
  wholeNumber('degree', degree, 1, 30);
  const exp = reducedHorner(degree);
  const sigmoid = (x: number): number =>
    x >= 0 ? round(1 / round(1 + exp(-x))) : round(exp(x) / round(1 + exp(x)));
  const supported = (name: string): boolean =>
    name === 'exp' || name === 'softmax' || Object.hasOwn(BY_SIGMOID, name);
  return {
    method: 'taylor-fair',
    label: `Taylor degree ${degree}, Horner, range reduced by ln 2`,
    supports: supported,
    interval: () => EVERYWHERE,
    elementwise(fn) {
      if (fn.name === 'exp') return elementwiseOf(fn, (x) => (x > 0 ? Number.NaN : exp(x)), EVERYWHERE);
      if (!supported(fn.name))
        throw unsupported('Taylor', fn.name, `exp, softmax, ${Object.keys(BY_SIGMOID).join(', ')}`);
      const form = BY_SIGMOID[fn.name];
      return elementwiseOf(fn, (x) => (Number.isFinite(x) ? form(x, sigmoid) : fn.exact(x)), EVERYWHERE);
    },
    softmax: () => softmaxOf(exp, EVERYWHERE),
  };
}

/** e^x for x ≤ 0 in BF16 steps; results under the smallest normal number are flushed. */
function reducedHorner(degree: number): (x: number) => number {
  const coefficients = [1];
  for (let i = 1; i <= degree; i++) coefficients.push(coefficients[i - 1] / i);
  const stored = coefficients.map(round);
  return (x) => {
    if (x === -Infinity) return 0;
    const k = Math.round(x / Math.LN2);
    const r = round(x - k * Math.LN2);
    let sum = stored[degree];
    for (let i = degree - 1; i >= 0; i--) sum = round(sum * r + stored[i]);
    return fromBits(flush(toBits(sum * 2 ** Math.max(k, -1022))));
  };
}
