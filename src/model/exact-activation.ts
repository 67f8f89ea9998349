import type { ActivationName } from './config.ts';

/** erf in double precision: Maclaurin series near 0, continued fraction of erfc beyond (Abramowitz & Stegun 7.1.5, 7.1.14). */
function erf(x: number): number {
  const size = Math.abs(x);
  if (size > 6) return Math.sign(x);
  if (size < 2.5) {
    let term = x;
    let sum = x;
    for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
      term *= (-x * x) / n;
      sum += term / (2 * n + 1);
    }
    return (2 / Math.sqrt(Math.PI)) * sum;
  }
  let fraction = 0;
  for (let n = 40; n > 0; n--) fraction = n / 2 / (size + fraction);
  return Math.sign(x) * (1 - Math.exp(-size * size) / (Math.sqrt(Math.PI) * (size + fraction)));
}

/** The activation as a function of one double. */
export function exactActivation(name: ActivationName): (x: number) => number {
  switch (name) {
    case 'silu':
      return (x) => x / (1 + Math.exp(-x));
    case 'gelu':
      return (x) => (x / 2) * (1 + erf(x * Math.SQRT1_2));
    case 'gelu-tanh':
      return (x) => (x / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));
    case 'gelu-sigmoid':
      return (x) => x / (1 + Math.exp(-1.702 * x));
    case 'relu':
      return (x) => Math.max(0, x);
  }
}
