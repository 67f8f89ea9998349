import { MugiError } from '../errors.ts';
import { functionCost, gemmCost, softmaxCost } from '../machine/mugi/program/latency.ts';
import type { Accumulation } from '../machine/mugi/unit/output-accumulator.ts';
import { checkFilm } from '../machine/mugi/view/film.ts';
import { traceSignals } from '../machine/mugi/view/trace.ts';
import type { Operation, Simulation } from './asked.ts';

/** Samples of a trace, which stays in memory until the run ends: about a gigabyte. */
const MAX_SAMPLES = 2 ** 23;

/** Values of one matrix, and frames of one run, that memory surely holds; a run of so many frames takes long enough. */
const MAX_VALUES = 2 ** 24;
const MAX_FRAMES = 2 ** 24;

/** Products that arrays could form in the cycles of a run: minutes of simulation. */
export const MAX_WORK = 2 ** 32;

/** Sizes of a run for which nothing is said: `gemm` has all three, others rows and elements per row. */
export const USUAL_SIZES = { m: 8, k: 16, n: 8 } as const;

export interface GemmShape {
  m: number;
  k: number;
  n: number;
  groupSize: number;
}

/** Refuses a GEMM that is too large to simulate on the node, or to keep. */
export function checkGemmSize(rows: number, shape: GemmShape & { chain?: number }, kept: Kept = {}): void {
  checkMatrices(shape);
  const { frames, cycles } = gemmCost({ rows, ...shape });
  checkLength('frames of 8 cycles', frames, MAX_FRAMES, 'a design of more rows');
  checkKept(rows, cycles, kept);
}

/** The same on a compared design's array, which could form `work` products in that time. */
export function checkArraySize(shape: GemmShape, work: number): void {
  checkMatrices(shape);
  checkLength('cells × cycles', work, MAX_WORK, 'a design of fewer idle cells');
}

function checkMatrices({ m, k, n }: GemmShape): void {
  checkValues('m × k', m * k);
  checkValues('n × k', n * k);
  checkValues('m × n', m * n);
}

/** The same for a tensor of `height` rows. */
export function checkTensorSize(
  rows: number,
  operation: Operation,
  height: number,
  width: number,
  accumulation: Accumulation,
  kept: Kept = {},
): void {
  checkValues('m × n', height * width);
  const shape = { rows, height, width, accumulation };
  const cost =
    operation === 'softmax' ? softmaxCost(shape) : functionCost(shape, operation === 'exp' ? 1 : 2);
  checkLength('frames of 8 cycles', cost.frames, MAX_FRAMES, 'a design of more rows');
  checkKept(rows, cost.cycles, kept);
}

/** Refuses a matrix that memory may not hold. */
export function checkValues(path: string, values: number): void {
  if (values <= MAX_VALUES) return;
  throw new MugiError({
    code: 'invalid-value',
    message: 'a matrix is too large to simulate',
    path,
    expected: `at most ${MAX_VALUES} values`,
    received: String(values),
  });
}

function checkLength(path: string, length: number, most: number, instead: string): void {
  if (length <= most) return;
  throw new MugiError({
    code: 'invalid-value',
    message: 'the run is too long to simulate cycle by cycle; an evaluation has its cycles in closed form',
    path,
    expected: `at most ${most}: fewer values, or ${instead}`,
    received: String(length),
  });
}

/** What is kept of a run. */
type Kept = Pick<Simulation, 'traced' | 'filmed'>;

function checkKept(rows: number, cycles: number, { traced, filmed }: Kept): void {
  if (traced) checkTrace(rows, cycles);
  if (filmed) checkFilm(rows, cycles);
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
