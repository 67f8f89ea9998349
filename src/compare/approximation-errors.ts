import { answersToAll, binades, errorOver, type RangeError } from '../approximation/error.ts';
import { approximationNamed, type MethodOptions } from '../approximation/index.ts';
import {
  functionPoints,
  type ApproximationPoint,
  pointsOfTable,
  softmaxPoints,
} from '../approximation/points.ts';
import { isGateName } from '../approximation/pwl.ts';
import { softmaxError } from '../approximation/softmax-error.ts';
import { MugiError, unknownName } from '../errors.ts';
import * as bf16 from '../number/bf16.ts';
import type { Curve, ErrorRow, SoftmaxRow } from './approximation-plot.ts';
import { functionNamed } from '../vlp/function.ts';
import { WINDOWLESS, type WindowlessFunction } from '../vlp/windowless.ts';
import { gaussian, random } from '../number/random.ts';

/** What `mugi approximate` was asked for. */
export interface ApproximationRequest {
  name: string;
  methods: string[];
  options: MethodOptions;
  /** What its hardware cost is counted on: activations cost alike. */
  costs: 'softmax' | 'silu' | undefined;
}

export function costsOf(name: string): ApproximationRequest['costs'] {
  if (name === 'softmax' || name === 'exp') return 'softmax';
  return isGateName(name) ? 'silu' : undefined;
}

const windowless = (name: string): WindowlessFunction | undefined =>
  Object.hasOwn(WINDOWLESS, name) ? WINDOWLESS[name] : undefined;

/** Methods that do not define the function, with the error that says so. */
export function unavailable({ name, methods, options }: ApproximationRequest): Map<string, MugiError> {
  const missing = new Map<string, MugiError>();
  for (const method of methods) {
    const defined =
      windowless(name) === undefined
        ? approximationNamed(method, options, 'method').supports(name) &&
          !(method === 'pa' && name === 'softmax')
        : method === 'vlp' || method === 'exact';
    if (defined) continue;
    missing.set(
      method,
      new MugiError({
        code: 'unsupported',
        message: `${method} is not defined for ${name}`,
        path: 'method',
        received: method,
        nearest: 'vlp',
      }),
    );
  }
  return missing;
}

/** Parameters of each method in one line. */
export function labels({ name, methods, options }: ApproximationRequest): Record<string, string> {
  return Object.fromEntries(
    methods.map((method) => [
      method,
      windowless(name) !== undefined && method === 'vlp'
        ? `VLP without a window, m${options.vlp?.mantissaBits ?? 3}`
        : approximationNamed(method, options).label,
    ]),
  );
}

export function points(
  asked: ApproximationRequest,
  xs: readonly number[],
): ({ method: string } & ApproximationPoint)[] {
  const { name, methods, options } = asked;
  const grouped = { ...options.vlp, group: xs.length };
  return methods.flatMap((method) => {
    const special = windowless(name);
    if (special !== undefined)
      return tag(method, pointsOfTable(answersOf(asked, method), special.exact, special.interval, xs));
    const approximation = approximationNamed(method, { ...options, vlp: grouped });
    return tag(
      method,
      name === 'softmax'
        ? softmaxPoints(approximation, xs)
        : functionPoints(approximation, functionNamed(name), xs),
    );
  });
}

const tag = (
  method: string,
  list: readonly ApproximationPoint[],
): ({ method: string } & ApproximationPoint)[] => list.map((point) => ({ method, ...point }));

/** Answers of a method to all 65,536 inputs, each a group of its own. */
function answersOf({ name, options }: ApproximationRequest, method: string): Float32Array {
  const special = windowless(name);
  if (special !== undefined) {
    if (method === 'exact')
      return bf16.decode(bf16.encode(answersToAll((x, out) => out.set(x.map(special.exact)))));
    const { mantissaBits = 3, entries = 'mean' } = options.vlp ?? {};
    return bf16.decode(special.table({ mantissaBits, entries }));
  }
  const operator = approximationNamed(method, options).elementwise(functionNamed(name));
  return answersToAll((x, out, rows, cols) => operator.apply(x, out, rows, cols));
}

const exactOf = (name: string): ((x: number) => number) =>
  windowless(name)?.exact ?? functionNamed(name).exact;

function intervalOf(name: string): { from: number; to: number } {
  const special = windowless(name);
  if (special !== undefined) return special.interval;
  const { domain } = functionNamed(name);
  return {
    from: domain === 'positive' ? 0 : -Infinity,
    to: domain === 'negative' ? 0 : Infinity,
  };
}

/** Errors by binade. */
export function rangeErrors(asked: ApproximationRequest): ErrorRow[] {
  return asked.methods.flatMap((method) => {
    const answers = answersOf(asked, method);
    return binades(intervalOf(asked.name)).map((range) => ({
      method,
      ...errorOver(answers, exactOf(asked.name), range),
    }));
  });
}

/**
 * The row of one range, with the answers and the function that it compares.
 * @throws MugiError for a method that is not asked for, or a range that the function does not have
 */
export function errorRange(
  asked: ApproximationRequest,
  { method, negative, near }: { method: string; negative: boolean; near: number },
): { row: RangeError; answers: Float32Array; exact: (x: number) => number } {
  if (!asked.methods.includes(method)) throw unknownName('method', method, asked.methods, 'method');
  const ranges = binades(intervalOf(asked.name));
  const range = ranges.find((one) => one.negative === negative && one.near === near);
  if (range === undefined) {
    const names = ranges.map((one) => `${one.negative ? '−' : ''}${one.near}`);
    throw unknownName('range of inputs', `${negative ? '−' : ''}${near}`, names, 'range');
  }
  const answers = answersOf(asked, method);
  const exact = exactOf(asked.name);
  return { row: errorOver(answers, exact, range), answers, exact };
}

/** Relative error of every BF16 input of magnitude 1/64 to 16, for drawing. */
export function curves(asked: ApproximationRequest): Curve[] {
  const { from, to } = intervalOf(asked.name);
  const exact = exactOf(asked.name);
  return asked.methods.flatMap((method) => {
    const answers = answersOf(asked, method);
    const curve: Curve[] = [];
    for (let bits = 0; bits < 65536; bits++) {
      const x = bf16.fromBits(bits);
      if (!(Math.abs(x) >= 1 / 64 && Math.abs(x) <= 16 && x >= from && x <= to)) continue;
      const value = exact(x);
      if (value === 0) continue;
      const y = answers[bits];
      curve.push({ method, x, y, exact: value, rel_error: y / value - 1 });
    }
    return curve.sort((a, b) => a.x - b.x);
  });
}

const SIGMAS = [1, 2, 4];
const ROWS = 64;

/** Softmax of normal scores, as attention has them before any training tells more. */
export function softmaxErrors(
  { methods, options }: ApproximationRequest,
  keys: number,
  seed: number,
): SoftmaxRow[] {
  return methods.flatMap((method) => {
    const operator = approximationNamed(method, options).softmax();
    return SIGMAS.map((sigma) => {
      const scores = Float32Array.from(gaussian(random(seed), ROWS * keys, sigma));
      return { method, sigma, ...softmaxError(operator, scores, ROWS, keys) };
    });
  });
}
