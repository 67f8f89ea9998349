import type { Command } from 'commander';
import { MugiError, unknownName } from '../../errors.ts';
import { writeFileAtomic } from '../../files/write.ts';
import { checkWaveformPath } from '../../hardware/waveform.ts';
import { runGemm } from '../../machine/mugi/program/gemm.ts';
import { nodeFunction } from '../../machine/mugi/program/node-function.ts';
import { type NonlinearJob, runNonlinear } from '../../machine/mugi/program/nonlinear.ts';
import type { Observer } from '../../machine/mugi/program/run.ts';
import {
  functionDefinition,
  gemmDefinition,
  softmaxDefinition,
} from '../../machine/mugi/proof/definition.ts';
import { ascii, recorder, svg } from '../../machine/mugi/view/picture.ts';
import { nodeTrace } from '../../machine/mugi/view/trace.ts';
import { progress } from '../../present/progress.ts';
import { define as command } from '../options/command.ts';
import { output } from '../options/output.ts';
import { checkFlags } from '../options/simulate-limits.ts';
import { OPERATIONS, type Operation, type Options, SIMULATE_FLAGS } from '../options/simulate-options.ts';
import { type Outcome, outcomeJson, outcomeText } from '../show/simulate.ts';
import { rowsOf } from '../source/node.ts';
import { gemmJob, tensor } from '../source/simulate-job.ts';
import { chosenWindow } from '../source/simulate-windows.ts';

export const define = (program: Command): void =>
  command<Options>(program, {
    name: 'simulate',
    description:
      'run a GEMM or a nonlinear function on the Mugi node, cycle by cycle, and check it against the arithmetic',
    arguments: [{ name: '<operation>', help: `one of ${OPERATIONS.join(', ')}` }],
    flags: SIMULATE_FLAGS,
    examples: [
      'mugi simulate gemm --design mugi-8 --seed 1 --m 8 --k 16 --n 8 --ascii',
      'mugi simulate softmax --design mugi-16 --m 16 --n 64',
      'mugi simulate silu --input x.json --json          x.json: {"input": [[-0.5, 1.25, 3]]}',
      'mugi simulate silu --windows windows.json --layer 2     windows.json: from mugi tune --out windows.json',
      'mugi simulate gemm --input g.json --trace g.vcd   g.json: {"activations": [[1, 2]], "weights": [[-7, 3]]}',
    ],
    run: ({ words: [name], flags, given }) => simulate(name, flags, given),
  });

function simulate(name: string, options: Options, given: ReadonlySet<string>): void {
  const operation = OPERATIONS.find((known) => known === name);
  if (operation === undefined) throw unknownName('operation', name, OPERATIONS);
  checkFlags(operation, options, given);
  const rows = rowsOf(options.design);
  if (options.trace !== undefined) checkWaveformPath(options.trace, '--trace');
  const picture = recorder(Math.min(rows, 64), options.from, options.cycles);
  const trace = options.trace === undefined ? undefined : nodeTrace(rows);
  const draws = options.ascii === true || options.svg !== undefined;
  const observe: Observer | undefined =
    draws || trace !== undefined
      ? (cycle, node) => {
          if (draws) picture.observe(cycle, node);
          trace?.observe(cycle, node);
        }
      : undefined;
  const bar = progress('simulate', 1);
  const report = (done: number, of: number): void => bar.update(done / of);
  const outcome =
    operation === 'gemm'
      ? gemm(rows, options, observe, report)
      : nonlinear(operation, rows, options, observe, report);
  bar.stop();
  if (trace !== undefined) writeFileAtomic(options.trace!, trace.text(options.trace!));
  if (options.svg !== undefined) {
    writeFileAtomic(options.svg, svg(picture.recording, `${operation} on ${options.design}, cycle by cycle`));
  }
  const ran = { operation, ...options };
  output(options, {
    json: () => outcomeJson(ran, outcome),
    compact: true,
    text: () => outcomeText(ran, outcome, options.ascii === true ? ascii(picture.recording) : undefined),
  });
  if (!outcome.equal) {
    throw new MugiError({
      code: 'internal',
      message:
        'the cycle model and the arithmetic differ: a fault of mugi, please report it with these inputs',
      path: operation,
    });
  }
}

function gemm(
  rows: number,
  options: Options,
  observe: Observer | undefined,
  report: (done: number, of: number) => void,
): Outcome {
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
  report: (done: number, of: number) => void,
): Outcome {
  const softmax = operation === 'softmax';
  const name = softmax ? 'exp' : operation;
  const { window, anchor, from } = chosenWindow(operation, rows, options);
  const job: NonlinearJob = {
    rows,
    softmax,
    function: nodeFunction(name, window, anchor),
    ...tensor(rows, operation, options),
    accumulation: options.accumulate,
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
    height: job.height,
    width: job.width,
    equal: same(run.output, softmax ? softmaxDefinition(job) : functionDefinition(job)),
  };
}

const same = (a: Uint16Array, b: Uint16Array): boolean => a.every((bits, i) => bits === b[i]);
