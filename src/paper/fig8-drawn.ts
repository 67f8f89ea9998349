import type { ElementwiseOperator } from '../approximation/approximation.ts';
import { partial } from '../approximation/partial.ts';
import { taylorCutoff } from '../approximation/taylor.ts';
import { round } from '../number/bf16.ts';
import { FLOAT16, roundHalfEven, roundTo } from '../number/rounding.ts';
import { functionNamed } from '../vlp/function.ts';

/*
 * The curves of Fig. 8 as they were drawn. The authors' figure script is not their evaluation code; where it differs
 * was found by holding the formats and steps below against the stored points of the curves (assets/paper/fig8.csv).
 * All errors are in per cent of the exact value rounded to BF16.
 */

export type CurveName = 'exp_vlp' | 'exp_pwl' | 'exp_taylor' | 'silu_vlp' | 'gelu_vlp' | 'silu_pa';

const half = (x: number): number => roundTo(x, FLOAT16);
const exp = Math.exp;
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const silu = functionNamed('silu').exact;
const gelu = functionNamed('gelu').exact;

export const DRAWN: Readonly<Record<CurveName, (x: number) => number>> = {
  // LUT of twelve exponents up to 3, entries in FP16.
  exp_vlp: (x) => percent(half(exp(quantise(x, roundHalfEven))), round(exp(x))),
  // Knots in BF16, the rest in FP16: agrees with 19 of 22 points, the others are up to 0.8 points away.
  exp_pwl: (x) => steps(round(chord(x)), round(exp(x))),
  // Terms in BF16, their sum wider: agrees to 0.11 points.
  exp_taylor: (x) => percent(x < taylorCutoff(-4.5, 9) ? 0 : taylor(x), round(exp(x))),
  // SiLU of the LUT is formed as x times a rounded sigmoid.
  silu_vlp: (x) => gate(x, (v) => round(v * round(sigmoid(v))), silu),
  gelu_vlp: (x) => gate(x, (v) => round(gelu(v)), gelu),
  // FP16 in the figure too, from inputs that the points give to four digits only: agrees to 0.82 points.
  silu_pa: (x) => {
    const out = new Float32Array(1);
    hardSwish().apply(Float32Array.of(x), out, 1, 1);
    return percent(out[0], silu(x));
  },
};

let operator: ElementwiseOperator | undefined;
const hardSwish = (): ElementwiseOperator => (operator ??= partial().elementwise(functionNamed('silu')));

const percent = (y: number, exact: number): number => (100 * (y - exact)) / exact;

/** The same with every step rounded to BF16. */
const steps = (y: number, exact: number): number => round(100 * round(round(y - exact) / exact));

/** x with its mantissa cut to three bits. */
function quantise(x: number, cut: (eighths: number) => number): number {
  if (x === 0) return 0;
  const unit = 2 ** (Math.floor(Math.log2(Math.abs(x))) - 3);
  return Math.sign(x) * cut(Math.abs(x) / unit) * unit;
}

/**
 * LUT of eleven exponents up to 1. From |x| = 2 on the mantissa is truncated instead of rounded; from 4 on x passes
 * through, and for x ≤ −4, where the unit gives 0 and the error is −100 %, +100 % was drawn.
 */
function gate(x: number, entry: (x: number) => number, exact: (x: number) => number): number {
  if (x <= -4) return 100;
  const y = x >= 4 ? x : entry(quantise(x, Math.abs(x) >= 2 ? Math.floor : roundHalfEven));
  return steps(y, round(exact(x)));
}

function chord(x: number): number {
  const [start, segments] = [-15, 22];
  const h = half(-start / segments);
  const k = Math.min(segments, Math.floor((x - start) / (-start / segments)));
  const [x0, x1] = [round(k * h + start), round((k + 1) * h + start)];
  const y0 = round(exp(x0));
  const slope = half(half(round(exp(x1)) - y0) / h);
  return half(half(slope * x) + half(y0 - half(slope * x0)));
}

function taylor(x: number): number {
  const d = round(x + 4.5);
  let [power, factorial, sum] = [1, 1, 0];
  for (let i = 0; i <= 9; i++) {
    sum += round(power / factorial);
    power = round(power * d);
    factorial *= i + 1;
  }
  return exp(-4.5) * sum;
}
