import { MugiError } from '../../../errors.ts';
import type { Activity } from './activity.ts';
import { checkedRows } from '../configuration.ts';
import type { BiasedWindow } from '../unit/e-proc.ts';
import * as F from './frame.ts';
import { type Accumulation } from '../unit/output-accumulator.ts';
import type { OutsideWindow } from '../unit/post-processing.ts';
import { COLUMNS, LUT_EXPONENTS, WINDOW_EXPONENTS } from '../../../vlp/array.ts';
import { CASCADE_FRAMES } from './latency.ts';
import { type Feed, type Observer, runProgram } from './run.ts';

/** A function as the node holds it: the LUT in the input SRAM and what happens outside its window. */
export interface NodeFunction {
  /** BF16 entries, [magnitude × 12 + exponent - window.low]; `positive` is undefined when no input is positive. */
  negative: Uint16Array;
  positive: Uint16Array | undefined;
  window: BiasedWindow;
  outside: OutsideWindow;
}

/** A tensor through a function, or through softmax along its rows. */
export interface NonlinearJob {
  /** Height H of the array: a power of two, 8 to 256. */
  rows: number;
  softmax: boolean;
  function: NodeFunction;
  /** BF16 patterns, [height][width]. */
  input: Uint16Array;
  height: number;
  width: number;
  /** Softmax: nonzero where an element does not take part, [height][width]. */
  mask?: Uint8Array;
  accumulation?: Accumulation;
}

export interface NonlinearRun {
  /** BF16 patterns, [height][width]. */
  output: Uint16Array;
  cycles: number;
  /** Frames of eight cycles. */
  frames: number;
  /** Elements over the lane-cycles of the mappings that looked them up. */
  utilization: number;
  activity: Activity;
}

/** Idle frames between the last exponential and the first reciprocal: the sum is still on its way. */
const SUM_IDLE = 1;
/** Idle frames between the last reciprocal and the first scaling: both need the read-back registers. */
const RECIPROCAL_IDLE = 3;

/** What the memories deliver in a frame: which rows of the tensor, and which column of it. */
interface Place {
  /** First of H tensor rows (softmax) or of H tensor elements (functions), and the key (softmax). */
  base: number;
  key: number;
}

/**
 * Softmax: per tile of H rows one frame per key to find the maxima, one per key for the exponentials and their
 * sum, eight for the reciprocals, one per key to multiply by them. Other functions: one frame per H consecutive
 * elements of a row, two if the function has both signs.
 */
function nonlinearProgram(job: NonlinearJob): { program: Uint32Array; places: Place[] } {
  const frames: number[] = [];
  const places: Place[] = [];
  const push = (frame: number, base: number, key: number): void => {
    frames.push(frame);
    places.push({ base, key });
  };
  const { rows, height, width, accumulation } = job;
  if (job.softmax) {
    const idle = SUM_IDLE + (accumulation === 'bf16-cascade' ? CASCADE_FRAMES : 0);
    for (let base = 0; base < height; base += rows) {
      for (let key = 0; key < width; key++) push(F.maximumFrame(key === 0), base, key);
      for (let key = 0; key < width; key++) push(F.softmaxFrame(key === 0), base, key);
      for (let i = 0; i < idle; i++) push(F.IDLE, base, 0);
      for (let chunk = 0; chunk < COLUMNS; chunk++) push(F.reciprocalFrame(chunk), base, 0);
      for (let i = 0; i < RECIPROCAL_IDLE; i++) push(F.IDLE, base, 0);
      for (let key = 0; key < width; key++) push(F.scaleFrame(), base, key);
    }
    return { program: Uint32Array.from(frames), places };
  }
  for (let row = 0; row < height; row++) {
    for (let base = 0; base < width; base += rows) {
      if (job.function.positive === undefined) push(F.expFrame(), base, row);
      else {
        push(F.positiveFrame(), base, row);
        push(F.negativeFrame(), base, row);
      }
    }
  }
  return { program: Uint32Array.from(frames), places };
}

/** Runs a tensor on the cycle model. */
export function runNonlinear(
  job: NonlinearJob,
  observe?: Observer,
  progress?: (done: number, of: number) => void,
): NonlinearRun {
  checkNonlinear(job);
  const { program, feed, output } = nonlinearFeed(job);
  const { window, outside } = job.function;
  const configuration = { rows: job.rows, window, outside, accumulation: job.accumulation ?? 'bf16' };
  const run = runProgram(configuration, program, feed, observe, (frame) => progress?.(frame, program.length));
  return {
    output,
    cycles: run.cycles,
    frames: run.frames,
    utilization: (job.height * job.width) / ((run.cycles / F.FRAME_CYCLES) * job.rows),
    activity: run.activity,
  };
}

export function nonlinearFeed(job: NonlinearJob): { program: Uint32Array; feed: Feed; output: Uint16Array } {
  const { height, width, input, mask, softmax } = job;
  const { program, places } = nonlinearProgram(job);
  const lanes = job.rows / COLUMNS;
  const output = new Uint16Array(height * width);
  /** Tensor index of a lane in a chunk of a frame, or -1 past the end. */
  const indexOf = (frame: number, chunk: number, lane: number): number => {
    const { base, key } = places[frame];
    const at = base + chunk * lanes + lane;
    if (softmax) return at < height ? at * width + key : -1;
    return at < width ? key * width + at : -1;
  };
  const feed: Feed = {
    row(frame, chunk, { data, live }) {
      const scaled = (program[frame] & F.SCALE) !== 0;
      for (let lane = 0; lane < lanes; lane++) {
        const at = indexOf(frame, chunk, lane);
        const dead = at < 0 || (mask !== undefined && mask[at] !== 0);
        live[lane] = dead ? 0 : 1;
        data[lane] = dead ? 0 : scaled ? output[at] : input[at];
      }
    },
    lookup(frame, magnitude, { column }) {
      const half = (program[frame] & F.NEGATIVE) !== 0 ? job.function.negative : job.function.positive;
      for (let entry = 0; entry < LUT_EXPONENTS; entry++) {
        column[entry] = half?.[magnitude * LUT_EXPONENTS + entry] ?? 0;
      }
    },
    result(frame, chunk, values) {
      for (let lane = 0; lane < lanes; lane++) {
        const at = indexOf(frame, chunk, lane);
        if (at >= 0) output[at] = values[lane];
      }
    },
  };
  return { program, feed, output };
}

/** @throws MugiError for sizes, operands or a LUT window that do not fit */
export function checkNonlinear(job: NonlinearJob): void {
  checkedRows(job.rows);
  for (const name of ['height', 'width'] as const) {
    if (Number.isInteger(job[name]) && job[name] > 0) continue;
    throw new MugiError({
      code: 'invalid-value',
      message: `${name} must be a positive whole number`,
      path: name,
      received: String(job[name]),
    });
  }
  for (const name of ['input', 'mask'] as const) {
    const values = job[name];
    if (values === undefined || values.length === job.height * job.width) continue;
    throw new MugiError({
      code: 'invalid-value',
      message: `${name} must hold height × width values`,
      path: name,
      expected: `${job.height * job.width} values`,
      received: `${values.length} values`,
    });
  }
  const { low, high } = job.function.window;
  if (high - low >= WINDOW_EXPONENTS - 1 && high - low < LUT_EXPONENTS && low >= 1 && high <= 254) return;
  throw new MugiError({
    code: 'invalid-value',
    message: `the LUT window must be ${WINDOW_EXPONENTS} to ${LUT_EXPONENTS} exponents wide and inside the normal BF16 range`,
    path: 'window',
    received: `${low - 127}..${high - 127}`,
  });
}
