import * as F from './frame.ts';
import { checkGemm, type GemmJob, gemmFeed } from './gemm.ts';
import { FUNCTION_TO_GEMM_FRAMES, MODE_SWITCH_FRAMES } from './latency.ts';
import { checkNonlinear, type NodeFunction, type NonlinearJob, nonlinearFeed } from './nonlinear.ts';
import type { Accumulation } from '../unit/output-accumulator.ts';
import { type Feed, type Observer, type Run, runProgram } from './run.ts';

export type Job = { gemm: Omit<GemmJob, 'rows'> } | { nonlinear: Omit<NonlinearJob, 'rows' | 'function'> };

/**
 * Jobs one after the other on one node, without draining it between them: GEMM and nonlinear mappings are in flight
 * together. A change of mode waits only as long as a unit is shared: four frames from GEMM to nonlinear work (vector
 * lanes), one from a function to GEMM (port of the input SRAM). All nonlinear jobs use one function, which the LUT and the configuration pins hold.
 */
export function runSequence(
  rows: number,
  fn: NodeFunction,
  jobs: readonly Job[],
  accumulation: Accumulation = 'bf16',
  observe?: Observer,
): Run & { outputs: Uint16Array[] } {
  const parts = jobs.map((job, i) => {
    const before = jobs[i - 1];
    if ('gemm' in job) {
      const gemm = { ...job.gemm, rows };
      checkGemm(gemm);
      const looked = before !== undefined && 'nonlinear' in before && !before.nonlinear.softmax;
      return { wait: looked ? FUNCTION_TO_GEMM_FRAMES : 0, ...gemmFeed(gemm) };
    }
    const nonlinear = { ...job.nonlinear, rows, function: fn };
    checkNonlinear(nonlinear);
    const wait = before !== undefined && 'gemm' in before ? MODE_SWITCH_FRAMES : 0;
    return { wait, ...nonlinearFeed(nonlinear) };
  });
  const starts: number[] = [];
  let length = 0;
  for (const { wait, program } of parts) {
    starts.push(length + wait);
    length += wait + program.length;
  }
  const program = new Uint32Array(length).fill(F.IDLE);
  parts.forEach((part, i) => program.set(part.program, starts[i]));
  const at = (frame: number): [Feed, number] => {
    const i = starts.findLastIndex((start) => start <= frame);
    return [parts[i].feed, frame - starts[i]];
  };
  const feed: Feed = {
    row(frame, chunk, inputs) {
      const [part, local] = at(frame);
      part.row?.(local, chunk, inputs);
    },
    activations(frame, inputs) {
      const [part, local] = at(frame);
      part.activations?.(local, inputs);
    },
    lookup(frame, magnitude, inputs) {
      const [part, local] = at(frame);
      part.lookup?.(local, magnitude, inputs);
    },
    partial(frame, column, inputs) {
      const [part, local] = at(frame);
      part.partial?.(local, column, inputs);
    },
    result(frame, index, values) {
      const [part, local] = at(frame);
      part.result?.(local, index, values);
    },
  };
  const { window, outside } = fn;
  const run = runProgram({ rows, window, outside, accumulation }, program, feed, observe);
  return { ...run, outputs: parts.map(({ output }) => output) };
}
