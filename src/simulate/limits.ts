import { MugiError } from '../errors.ts';
import { functionCost, gemmCost, softmaxCost } from '../machine/mugi/program/latency.ts';
import type { Accumulation } from '../machine/mugi/unit/output-accumulator.ts';
import { traceSignals } from '../machine/mugi/view/trace.ts';
import type { Operation } from './asked.ts';

/** Samples of a trace, which stays in memory until the run ends: about a gigabyte. */
const MAX_SAMPLES = 2 ** 23;

/** Values of one matrix, and frames of one run, that memory surely holds; a run of so many frames takes long enough. */
const MAX_VALUES = 2 ** 24;
const MAX_FRAMES = 2 ** 24;

interface Shape {
  m: number;
  k: number;
  n: number;
  groupSize: number;
  chain?: number;
}

/** Refuses a GEMM that is too large to simulate; a traced one is bounded further. */
export function checkGemmSize(rows: number, shape: Shape, traced = false): void {
  const { m, k, n } = shape;
  checkValues('m × k', m * k);
  checkValues('n × k', n * k);
  checkValues('m × n', m * n);
  const { frames, cycles } = gemmCost({ rows, ...shape });
  checkFrames(frames);
  if (traced) checkTrace(rows, cycles);
}

/** The same for a tensor of `height` rows. */
export function checkTensorSize(
  rows: number,
  operation: Operation,
  height: number,
  width: number,
  accumulation: Accumulation,
  traced = false,
): void {
  checkValues('m × n', height * width);
  const shape = { rows, height, width, accumulation };
  const cost =
    operation === 'softmax' ? softmaxCost(shape) : functionCost(shape, operation === 'exp' ? 1 : 2);
  checkFrames(cost.frames);
  if (traced) checkTrace(rows, cost.cycles);
}

function checkValues(path: string, values: number): void {
  if (values <= MAX_VALUES) return;
  throw new MugiError({
    code: 'invalid-value',
    message: 'a matrix is too large to simulate',
    path,
    expected: `at most ${MAX_VALUES} values`,
    received: String(values),
  });
}

function checkFrames(frames: number): void {
  if (frames <= MAX_FRAMES) return;
  throw new MugiError({
    code: 'invalid-value',
    message: 'the run is too long to simulate cycle by cycle; an evaluation has its cycles in closed form',
    path: 'frames of 8 cycles',
    expected: `at most ${MAX_FRAMES}: fewer values, or a design of more rows`,
    received: String(frames),
  });
}

function checkTrace(rows: number, cycles: number): void {
  const most = Math.floor(MAX_SAMPLES / traceSignals(rows));
  if (cycles <= most) return;
  throw new MugiError({
    code: 'invalid-value',
    message: 'the run is too long to trace every signal of it',
    path: 'trace',
    expected: `at most ${most} cycles at ${rows} rows: fewer values, or no trace`,
    received: `${cycles} cycles`,
  });
}
