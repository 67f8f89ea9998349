import { MugiError } from '../errors.ts';
import type { ArrayJob } from '../machine/array/job.ts';
import type { Activity } from '../machine/mugi/program/activity.ts';
import { runGemm } from '../machine/mugi/program/gemm.ts';
import { DEFAULT_WINDOWS, nodeFunction } from '../machine/mugi/program/node-function.ts';
import { type NonlinearJob, runNonlinear } from '../machine/mugi/program/nonlinear.ts';
import type { Observer } from '../machine/mugi/program/run.ts';
import { functionDefinition, gemmDefinition, softmaxDefinition } from '../machine/mugi/proof/definition.ts';
import { LUT_EXPONENTS, WINDOW_EXPONENTS } from '../vlp/array.ts';
import { type ExponentWindow, sizeOf } from '../vlp/window.ts';
import type { Operation, Simulation } from './asked.ts';
import { gemmJob, tensor } from './job.ts';
import { rowsOf } from './node.ts';

/** What was run, with what it was given, and whether it equals the arithmetic. */
export interface Simulated {
  inputs: Record<string, unknown>;
  /** Format of partial sums, and how long a chain of them is; none in an element-wise function. */
  sums?: string;
  height: number;
  width: number;
  /** BF16 patterns, [height][width]. */
  output: Uint16Array;
  cycles: number;
  utilization: number;
  equal: boolean;
}

/** A run of the node. */
export interface Outcome extends Simulated {
  frames: number;
  activity: Activity;
}

type Report = (done: number, total: number) => void;

/**
 * Runs an operation on the node and its definition beside it.
 * @param observe looks at the node once per cycle
 * @throws MugiError for a design, sizes or values that the node cannot have
 */
export function simulate(asked: Simulation, observe?: Observer, report?: Report): Outcome {
  const rows = rowsOf(asked.design);
  return asked.operation === 'gemm'
    ? gemm(rows, asked, observe, report)
    : nonlinear(asked.operation, rows, asked, observe, report);
}

function gemm(rows: number, asked: Simulation, observe?: Observer, report?: Report): Outcome {
  const job = gemmJob(rows, asked);
  const run = runGemm(job, observe, report);
  return {
    ...run,
    inputs: inputsOf(job, job.groupSize),
    sums: sumsOf(job.accumulation, job.chain),
    height: job.m,
    width: job.n,
    equal: same(run.output, gemmDefinition(job)),
  };
}

function nonlinear(
  operation: Exclude<Operation, 'gemm'>,
  rows: number,
  asked: Simulation,
  observe?: Observer,
  report?: Report,
): Outcome {
  const softmax = operation === 'softmax';
  const name = softmax ? 'exp' : operation;
  const window = asked.window === undefined ? DEFAULT_WINDOWS[name] : nodeWindow(asked.window);
  const anchor = asked.anchor ?? 'max';
  const job: NonlinearJob = {
    rows,
    softmax,
    function: nodeFunction(name, window, anchor, asked.entries),
    ...tensor(rows, operation, asked),
  };
  const run = runNonlinear(job, observe, report);
  return {
    ...run,
    inputs: {
      window: `${window.lo}..${window.hi}`,
      anchor,
      entries: asked.entries,
      windows: asked.windowFrom,
      input_bits: [...job.input],
      mask: job.mask === undefined ? undefined : [...job.mask],
    },
    sums: softmax ? sumsOf(job.accumulation) : undefined,
    height: job.height,
    width: job.width,
    equal: same(run.output, softmax ? softmaxDefinition(job) : functionDefinition(job)),
  };
}

/** A window that the node's LUT can hold and slide over. */
function nodeWindow(window: ExponentWindow): ExponentWindow {
  const size = sizeOf(window);
  if (size >= WINDOW_EXPONENTS && size <= LUT_EXPONENTS) return window;
  throw new MugiError({
    code: 'invalid-value',
    message: `the LUT window of the node must be ${WINDOW_EXPONENTS} to ${LUT_EXPONENTS} exponents wide`,
    path: 'window',
    expected: 'LO..HI, for example -4..3',
    received: `${window.lo}..${window.hi}`,
  });
}

/** What a GEMM was given. @param group inner indices that share a scale */
export const inputsOf = (
  { m, k, n, activations, weights, scales }: ArrayJob,
  group = k,
): Simulated['inputs'] => ({
  m,
  k,
  n,
  group,
  activation_bits: [...activations],
  weights: [...weights],
  scale_bits: scales && [...scales],
});

/** How partial sums are kept, in words. */
export const sumsOf = (accumulation: string | undefined, chain?: number): string =>
  `${accumulation}${chain === undefined ? '' : `, chains of ${chain}`}`;

export const same = (a: Uint16Array, b: Uint16Array): boolean => a.every((bits, i) => bits === b[i]);
