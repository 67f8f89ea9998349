import { Argument, type Command, Option } from 'commander';
import { MugiError, unknownName, wholeNumber } from '../../errors.ts';
import type { Activity } from '../../machine/mugi/program/activity.ts';
import {
  functionDefinition,
  gemmDefinition,
  softmaxDefinition,
} from '../../machine/mugi/proof/definition.ts';
import { runGemm } from '../../machine/mugi/program/gemm.ts';
import { nodeFunction } from '../../machine/mugi/program/node-function.ts';
import { type NonlinearJob, runNonlinear } from '../../machine/mugi/program/nonlinear.ts';
import { ascii, recorder, svg } from '../../machine/mugi/view/picture.ts';
import type { Observer } from '../../machine/mugi/program/run.ts';
import { nodeTrace } from '../../machine/mugi/view/trace.ts';
import { fromBits } from '../../number/bf16.ts';
import { progress } from '../../present/progress.ts';
import { readable, textTable } from '../../present/table.ts';
import { writeFileAtomic } from '../../files/write.ts';
import { checkWaveformPath } from '../../hardware/waveform.ts';
import { number } from '../options/command.ts';
import { checkFlags } from '../options/simulate-flags.ts';
import { gemmJob, rowsOf, tensor } from '../job/simulate-job.ts';
import { OPERATIONS, type Operation, type Options } from '../options/simulate-options.ts';
import { chosenWindow } from '../job/simulate-windows.ts';

interface Outcome {
  inputs: Record<string, unknown>;
  height: number;
  width: number;
  output: Uint16Array;
  cycles: number;
  frames: number;
  utilization: number;
  activity: Activity;
  equal: boolean;
}

export function define(program: Command): void {
  const whole = (name: string, min: number, max: number) => (text: string) => {
    const value = number(name)(text);
    return wholeNumber(name, value, min, max);
  };
  program
    .command('simulate')
    .description(
      'run a GEMM or a nonlinear function on the Mugi node, cycle by cycle, and check it against the arithmetic',
    )
    .addArgument(new Argument('<operation>', `one of ${OPERATIONS.join(', ')}`))
    .option('--design <name>', 'mugi-H: H rows, a power of two from 8 to 256, and 8 columns', 'mugi-8')
    .option('--input <file>', 'JSON: activations, weights[, scales, group] for gemm; input[, mask] otherwise')
    .option(
      '--seed <n>',
      'seed of random inputs when there is no --input',
      whole('--seed', 0, 2 ** 32 - 1),
      1,
    )
    .option('--m <n>', 'gemm: activations (columns); otherwise rows of the tensor', whole('--m', 1, 65536), 8)
    .option('--k <n>', 'gemm: inner dimension', whole('--k', 1, 1 << 20), 16)
    .option('--n <n>', 'gemm: weight rows; otherwise elements per row', whole('--n', 1, 1 << 20), 8)
    .option('--group <n>', 'gemm: inner indices per scale', whole('--group', 1, 1 << 20))
    .option('--window <lo..hi>', 'LUT window, 8 to 12 IEEE exponents (softmax, exp: -4..3; others: -6..4)')
    .addOption(
      new Option(
        '--anchor <end>',
        'end of the exponents that the sliding window follows (default: max)',
      ).choices(['max', 'min']),
    )
    .option('--windows <file>', 'LUT window and anchor from a file of mugi tune (softmax, silu, gelu)')
    .option('--layer <n>', 'layer of the window file, from 0', whole('--layer', 0, 65535))
    .option('--head <n>', 'head of the window file, from 0', whole('--head', 0, 65535))
    .addOption(new Option('--accumulate <format>', 'partial sums').choices(['bf16', 'fp32']).default('bf16'))
    .option('--trace <file>', 'write every cycle as .vcd, or as .json for WaveJSON')
    .option('--ascii', 'draw rows over time, after Fig. 10 of the paper')
    .option('--svg <file>', 'the same picture as SVG')
    .option('--from <n>', 'first cycle of the picture', whole('--from', 0, 2 ** 31), 16)
    .option('--cycles <n>', 'cycles of the picture', whole('--cycles', 1, 512), 40)
    .option('--json', 'inputs, result bits, cycles, activity, equals_arithmetic')
    .addHelpText(
      'after',
      `
Examples:
  mugi simulate gemm --design mugi-8 --seed 1 --m 8 --k 16 --n 8 --ascii
  mugi simulate softmax --design mugi-16 --m 16 --n 64
  mugi simulate silu --input x.json --json          x.json: {"input": [[-0.5, 1.25, 3]]}
  mugi simulate silu --windows windows.json --layer 2     windows.json: from mugi tune --out windows.json
  mugi simulate gemm --input g.json --trace g.vcd   g.json: {"activations": [[1, 2]], "weights": [[-7, 3]]}`,
    )
    .action((operation: string, options: Options, command: Command) => {
      simulate(operation, options, command);
    });
}

function simulate(name: string, options: Options, command: Command): void {
  const operation = OPERATIONS.find((known) => known === name);
  if (operation === undefined) throw unknownName('operation', name, OPERATIONS);
  checkFlags(operation, options, command);
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
  print(operation, options, outcome, options.ascii === true ? ascii(picture.recording) : undefined);
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

function print(operation: string, options: Options, outcome: Outcome, picture: string | undefined): void {
  const { output, cycles, frames, utilization, activity, equal, height, width } = outcome;
  if (options.json === true) {
    const result = Array.from({ length: height }, (_, i) => [...output.subarray(i * width, (i + 1) * width)]);
    process.stdout.write(
      `${JSON.stringify({
        operation,
        design: options.design,
        inputs: outcome.inputs,
        accumulate: options.accumulate,
        result_bits: result,
        cycles,
        frames,
        utilization,
        activity,
        equals_arithmetic: equal,
      })}\n`,
    );
    return;
  }
  if (picture !== undefined) process.stdout.write(`${picture}\n\n`);
  const shown = [...output.subarray(0, Math.min(width, 8))].map((bits) => readable(fromBits(bits))).join(' ');
  const rows: [string, string | number][] = [
    ['cycles', String(cycles)],
    ['frames of 8 cycles', String(frames)],
    ['utilization', `${(utilization * 100).toFixed(1)} %`],
    ['equals the arithmetic', equal ? 'yes, every bit' : 'NO'],
    ...Object.entries(activity)
      .filter(([, count]) => count > 0)
      .map(([name, count]): [string, string] => [name, String(count)]),
  ];
  const { window, anchor } = outcome.inputs;
  const lut = window === undefined ? '' : `, LUT window ${String(window)}, anchor ${String(anchor)}`;
  process.stdout.write(`${operation} on ${options.design}: ${height} × ${width} results${lut}\n`);
  process.stdout.write(`${textTable(['quantity', 'value'], rows)}\n`);
  process.stdout.write(`first results: ${shown}${width > 8 ? ' …' : ''}\n`);
}
