import { runGemm } from '../../machine/mugi/program/gemm.ts';
import { nodeFunction } from '../../machine/mugi/program/node-function.ts';
import { type NonlinearJob, runNonlinear } from '../../machine/mugi/program/nonlinear.ts';
import type { Observer } from '../../machine/mugi/program/run.ts';
import {
  functionDefinition,
  gemmDefinition,
  softmaxDefinition,
} from '../../machine/mugi/proof/definition.ts';
import type { Operation, Options } from '../options/simulate-options.ts';
import type { Outcome } from '../show/simulate.ts';
import { gemmJob, tensor } from './simulate-job.ts';
import { chosenWindow } from './simulate-windows.ts';

type Report = (done: number, total: number) => void;

/** Runs an operation on the node and its definition beside it. */
export function simulated(
  operation: Operation,
  rows: number,
  options: Options,
  observe: Observer | undefined,
  report: Report,
): Outcome {
  return operation === 'gemm'
    ? gemm(rows, options, observe, report)
    : nonlinear(operation, rows, options, observe, report);
}

function gemm(rows: number, options: Options, observe: Observer | undefined, report: Report): Outcome {
  const job = gemmJob(rows, options);
  const run = runGemm(job, observe, report);
  return {
    ...run,
    inputs: {
      m: job.m,
      k: job.k,
      n: job.n,
      group: job.groupSize,
      activation_bits: [...job.activations],
      weights: [...job.weights],
      scale_bits: job.scales === undefined ? undefined : [...job.scales],
    },
    sums: sumsOf(job.accumulation, job.chain),
    height: job.m,
    width: job.n,
    equal: same(run.output, gemmDefinition(job)),
  };
}

function nonlinear(
  operation: Exclude<Operation, 'gemm'>,
  rows: number,
  options: Options,
  observe: Observer | undefined,
  report: Report,
): Outcome {
  const softmax = operation === 'softmax';
  const name = softmax ? 'exp' : operation;
  const { window, anchor, from } = chosenWindow(operation, rows, options);
  const job: NonlinearJob = {
    rows,
    softmax,
    function: nodeFunction(name, window, anchor),
    ...tensor(rows, operation, options),
  };
  const run = runNonlinear(job, observe, report);
  return {
    ...run,
    inputs: {
      window: `${window.lo}..${window.hi}`,
      anchor,
      windows: from,
      input_bits: [...job.input],
      mask: job.mask === undefined ? undefined : [...job.mask],
    },
    sums: softmax ? sumsOf(job.accumulation) : undefined,
    height: job.height,
    width: job.width,
    equal: same(run.output, softmax ? softmaxDefinition(job) : functionDefinition(job)),
  };
}

/** How partial sums are kept, in words. */
const sumsOf = (accumulation: string | undefined, chain?: number): string =>
  `${accumulation}${chain === undefined ? '' : `, chains of ${chain}`}`;

const same = (a: Uint16Array, b: Uint16Array): boolean => a.every((bits, i) => bits === b[i]);
