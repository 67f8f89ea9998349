import type { Approximation, ElementwiseOperator } from '../approximation/approximation.ts';
import { precise } from '../approximation/precise.ts';
import { pwl } from '../approximation/pwl.ts';
import { taylor } from '../approximation/taylor.ts';
import type { Design } from '../design/design.ts';
import { vectorPasses } from '../design/vector-unit.ts';
import {
  runVector,
  type VectorActivity,
  type VectorArray,
  type VectorPassName,
} from '../machine/array/vector-run.ts';
import { round } from '../number/bf16.ts';
import { exp } from '../number/exp.ts';
import { sumOfLanes } from '../number/lane-sums.ts';
import { functionNamed } from '../vlp/function.ts';

/** What a vector array makes of a tensor. */
export interface VectorJob {
  function: 'softmax' | 'silu' | 'gelu';
  /** [height][width]: rows of scores, or tokens with their features. */
  values: Float32Array;
  height: number;
  width: number;
  /** Softmax: how many elements of each row take part; all when absent. */
  lengths?: Int32Array | undefined;
  /** Softmax: nonzero where an element takes no part, [height][width]. */
  masked?: Uint8Array | undefined;
}

export interface VectorResult {
  /** FP32, as lanes hold it before a result is rounded where it is stored. */
  output: Float32Array;
  cycles: number;
  activity: VectorActivity;
}

/** A vector array that computes nonlinear functions: its lanes, the cycles of a pass, and its arithmetic. */
export interface VectorFunctions {
  run(job: VectorJob): VectorResult;
  /** The same without lanes or cycles: what `mugi accuracy` computes. */
  definition(job: VectorJob): Float32Array;
  /** How the function is computed, in a few words. */
  label(name: VectorJob['function']): string;
}

const APPROXIMATION = { precise, pwl, taylor } as const;

/** The vector array of a design; undefined where functions are computed elsewhere. */
export function vectorFunctions({ method, nonlinear: { lanes } }: Design): VectorFunctions | undefined {
  if (method === 'vlp' || method === 'lut') return undefined;
  const own = APPROXIMATION[method]();
  const exact = precise();
  // Taylor as published is for exp; models run with exact activations beside it, in the cycles that it is charged.
  const by = (name: VectorJob['function']): Approximation => (own.supports(name) ? own : exact);
  // Tables are built once.
  const elementwise = once((name: string, of: Approximation) => of.elementwise(functionNamed(name)));
  const softmax = once((_: string, of: Approximation) => of.softmax());
  return {
    run(job) {
      const { function: name } = job;
      const array = { lanes, passes: vectorPasses(method, name === 'softmax') };
      if (name !== 'softmax') return functionRun(elementwise(name, by(name)), array, job);
      const lane = method === 'precise' ? EXACT_LANE : approximateLane(elementwise('exp', own));
      return softmaxRun(lane, array, job);
    },
    definition({ function: name, values, height, width, lengths, masked }) {
      const out = new Float32Array(values.length);
      const rows = { ...(lengths && { lengths }), ...(masked && { masked }) };
      if (name === 'softmax') softmax(name, by(name)).apply(values, out, height, width, rows);
      else elementwise(name, by(name)).apply(values, out, height, width);
      return out;
    },
    label: (name) => by(name).label,
  };
}

/** Makes something of a name when it is first asked for. */
function once<T>(make: (name: string, of: Approximation) => T): typeof make {
  const made = new Map<string, T>();
  return (name, of) => {
    const found = made.get(name) ?? make(name, of);
    made.set(name, found);
    return found;
  };
}

/** Features on the lanes, tokens in time: the tensor is turned, as rows of lanes are features. */
function functionRun(operator: ElementwiseOperator, array: VectorArray, job: VectorJob): VectorResult {
  const { height, width, values } = job;
  const output = new Float32Array(values.length);
  const run = runVector(array, { height: width, width: height }, (pass, { first, count, column }) => {
    if (pass !== 'evaluate') return;
    const at = column * width + first;
    operator.apply(values.subarray(at, at + count), output.subarray(at, at + count), 1, count);
  });
  return { output, ...run };
}

/** What a lane computes of softmax: exactly, or around an approximated exponential in BF16. */
interface SoftmaxLane {
  take(score: number): number;
  exponential(difference: number): number;
  add(sum: number, exponential: number): number;
  /** Sums of a row that take turns (src/number/lane-sums.ts). */
  turns: 1 | 4;
  divide(exponential: number, sum: number): number;
}

const EXACT_LANE: SoftmaxLane = {
  take: (x) => x,
  exponential: exp,
  add: (sum, y) => sum + y,
  turns: 4,
  divide: (y, sum) => Math.fround(y) * (sum === 0 ? 0 : 1 / sum),
};

function approximateLane(operator: ElementwiseOperator): SoftmaxLane {
  const [x, y] = [new Float32Array(1), new Float32Array(1)];
  return {
    take: round,
    exponential(difference) {
      x[0] = difference;
      operator.apply(x, y, 1, 1);
      return y[0];
    },
    add: (sum, value) => Math.fround(sum + value),
    turns: 1,
    divide: (value, sum) => (sum === 0 ? value : round(value / round(sum))),
  };
}

/** Rows of scores on the lanes, keys in time. */
function softmaxRun(lane: SoftmaxLane, array: VectorArray, job: VectorJob): VectorResult {
  const { width, values, lengths, masked } = job;
  const output = new Float32Array(values.length);
  // What the output memory holds between passes: differences, then exponentials.
  const between = new Float64Array(values.length);
  const [maxima, sums] = [new Float64Array(array.lanes), new Float64Array(4 * array.lanes)];
  const does: Record<VectorPassName, (i: number, at: number, column: number) => void> = {
    maximum(i, at) {
      if (!(values[at] <= maxima[i])) maxima[i] = values[at];
    },
    subtract(i, at) {
      const top = lane.take(maxima[i]);
      between[at] = lane.take(values[at]) - (top === -Infinity ? 0 : top);
    },
    evaluate(_, at) {
      between[at] = lane.exponential(between[at]);
    },
    accumulate(i, at, column) {
      const turn = 4 * i + (column % lane.turns);
      sums[turn] = lane.add(sums[turn], between[at]);
    },
    divide(i, at) {
      output[at] = lane.divide(between[at], sumOfLanes(sums, 4 * i));
    },
  };
  const run = runVector(array, job, (pass, { first, count, column }) => {
    if (pass === 'maximum' && column === 0) maxima.fill(-Infinity);
    if (pass === 'accumulate' && column === 0) sums.fill(0);
    for (let i = 0; i < count; i++) {
      const at = (first + i) * width + column;
      if (column < (lengths?.[first + i] ?? width) && !masked?.[at]) does[pass](i, at, column);
    }
  });
  return { output, ...run };
}
