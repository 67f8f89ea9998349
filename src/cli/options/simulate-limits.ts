import { resolve } from 'node:path';
import { MugiError } from '../../errors.ts';
import { functionCost, gemmCost, softmaxCost } from '../../machine/mugi/program/latency.ts';
import type { Accumulation } from '../../machine/mugi/unit/output-accumulator.ts';
import { traceSignals } from '../../machine/mugi/view/trace.ts';
import { writableFile } from '../../files/write.ts';
import { oneOutput, refuseIdle } from './idle.ts';
import type { Operation, Options } from './simulate-options.ts';

/** Refuses options that would change nothing, and files that cannot be written or would overwrite each other. */
export function checkFlags(operation: Operation, options: Options, given: ReadonlySet<string>): void {
  const { input, ascii, svg, json, windows } = options;
  const gemm = operation === 'gemm';
  refuseIdle(
    given,
    [
      {
        flags: ['window', 'anchor', 'windows', 'layer', 'head'],
        when: gemm,
        because: 'has no effect: a GEMM looks nothing up, so it has no LUT window',
      },
      {
        flags: ['k', 'group'],
        when: !gemm,
        because: 'has no effect: only a GEMM has an inner dimension and groups of it',
      },
      {
        flags: ['preset', 'arithmetic'],
        when: !gemm && operation !== 'softmax',
        because: 'has no effect: only GEMM and softmax have partial sums',
      },
      {
        flags: ['m', 'k', 'n', 'seed'],
        when: input !== undefined,
        because: 'has no effect: the values and their shape are those of --input',
      },
      {
        flags: ['from', 'cycles'],
        when: ascii !== true && svg === undefined,
        because: 'chooses cycles of a picture, and none is asked for: add --ascii or --svg FILE',
      },
      {
        flags: ['window', 'anchor'],
        when: windows !== undefined,
        because: 'has no effect: the window file says window and anchor already',
        expected: '--windows FILE, or --window and --anchor',
      },
    ],
    `this run of ${operation}`,
  );
  oneOutput(
    { '--ascii': ascii === true, '--json': json === true },
    'one of them; --svg FILE draws beside --json',
  );
  const taken = new Map<string, string>();
  for (const name of ['input', 'windows', 'trace', 'svg'] as const) {
    const path = options[name];
    if (path === undefined) continue;
    const before = taken.get(resolve(path));
    const written = name === 'trace' || name === 'svg';
    if (written && before !== undefined) {
      throw new MugiError({
        code: 'invalid-value',
        message: `--${name} would overwrite the file of ${before}`,
        path: name,
        expected: 'a file of its own',
        received: path,
      });
    }
    if (written) writableFile(path);
    taken.set(resolve(path), `--${name}`);
  }
}

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

export function checkGemmSize(rows: number, shape: Shape, trace?: string): void {
  const { m, k, n } = shape;
  checkValues('--m x --k', m * k);
  checkValues('--n x --k', n * k);
  checkValues('--m x --n', m * n);
  const { frames, cycles } = gemmCost({ rows, ...shape });
  checkFrames(frames);
  if (trace !== undefined) checkTrace(rows, cycles);
}

/** The same for a tensor of `height` rows. */
export function checkTensorSize(
  rows: number,
  operation: Operation,
  height: number,
  width: number,
  accumulation: Accumulation,
  trace?: string,
): void {
  checkValues('--m x --n', height * width);
  const shape = { rows, height, width, accumulation };
  const cost =
    operation === 'softmax' ? softmaxCost(shape) : functionCost(shape, operation === 'exp' ? 1 : 2);
  checkFrames(cost.frames);
  if (trace !== undefined) checkTrace(rows, cost.cycles);
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
    message: 'the run is too long to simulate cycle by cycle; mugi evaluate has its cycles in closed form',
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
