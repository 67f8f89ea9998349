import { MugiError } from '../../../errors.ts';
import * as F from './frame.ts';
import { type Accumulation } from '../unit/output-accumulator.ts';
import { BF16_ONE } from '../proof/arithmetic.ts';
import { COLUMNS } from '../../../vlp/array.ts';
import { checkedRows, IDLE_FUNCTION } from '../configuration.ts';
import type { Activity } from './activity.ts';
import { type Feed, type Observer, runProgram } from './run.ts';

/** A GEMM for the node: `output[m][n] = Σ_g scale[n][g] · Σ_{k in g} activation[m][k] · weight[n][k]`. */
export interface GemmJob {
  /** Rows H of the array: a power of two, 8 to 256. */
  rows: number;
  m: number;
  k: number;
  n: number;
  /** BF16 patterns, [m][k]. */
  activations: Uint16Array;
  /** INT4 weights -7…7, [n][k]. */
  weights: Int8Array;
  /** Inner indices that share a scale; k when absent. */
  groupSize?: number;
  /** Inner indices after which a partial sum leaves for the vector unit; those of a scale when absent. */
  chain?: number;
  /** BF16 scales, [n][group]; 1 when absent. */
  scales?: Uint16Array;
  accumulation?: Accumulation;
}

export interface GemmRun {
  /** BF16 patterns, [m][n]. */
  output: Uint16Array;
  cycles: number;
  /** Frames of eight cycles: mappings and drains. */
  frames: number;
  /** Multiply-accumulates of the GEMM over what the array could do in `cycles`. */
  utilization: number;
  activity: Activity;
}

/** One output tile and chain of sums: eight columns of activations, H rows of weights, a range of k. */
export interface Step {
  m: number;
  n: number;
  from: number;
  to: number;
  group: number;
}

/** The frames of a GEMM: per tile and chain one MAC frame per k, then eight frames that drain the partial sums. */
function gemmProgram(job: GemmJob): { program: Uint32Array; steps: Step[]; starts: Uint32Array } {
  const { m, k, n, rows } = job;
  const groupSize = job.groupSize ?? k;
  const chain = Math.min(job.chain ?? groupSize, groupSize);
  const steps: Step[] = [];
  for (let row = 0; row < n; row += rows) {
    for (let column = 0; column < m; column += COLUMNS) {
      for (let from = 0, to = 0; from < k; from = to) {
        const group = Math.floor(from / groupSize);
        to = Math.min(k, from + chain, (group + 1) * groupSize);
        steps.push({ m: column, n: row, from, to, group });
      }
    }
  }
  const starts = new Uint32Array(steps.length + 1);
  steps.forEach(({ from, to }, i) => {
    starts[i + 1] = starts[i] + to - from + COLUMNS;
  });
  const program = new Uint32Array(starts[steps.length]);
  steps.forEach(({ from, to }, i) => {
    let at = starts[i];
    for (let inner = from; inner < to; inner++) program[at++] = F.macFrame(inner === from);
    for (let chunk = 0; chunk < COLUMNS; chunk++) program[at++] = F.drainFrame(chunk, from > 0);
  });
  return { program, steps, starts };
}

/** Runs a GEMM on the cycle model. */
export function runGemm(
  job: GemmJob,
  observe?: Observer,
  progress?: (done: number, of: number) => void,
): GemmRun {
  checkGemm(job);
  const { m, k, n, rows } = job;
  const { program, feed, output } = gemmFeed(job);
  const configuration = { ...IDLE_FUNCTION, rows, accumulation: job.accumulation ?? 'bf16' };
  const run = runProgram(configuration, program, feed, observe, (frame) => progress?.(frame, program.length));
  return {
    output,
    cycles: run.cycles,
    frames: run.frames,
    utilization: (m * k * n) / (run.cycles * rows),
    activity: run.activity,
  };
}

/** A GEMM as the node runs it. */
export interface GemmFeed {
  program: Uint32Array;
  /** What the frames do: step i has frames `starts[i]` to `starts[i + 1]` − 1. */
  steps: readonly Step[];
  starts: Uint32Array;
  /** The end of every output tile along K. */
  inner: number;
  feed: Feed;
  /** Fills while it runs. */
  output: Uint16Array;
}

/** The program of a GEMM with the memories that feed it. */
export function gemmFeed(job: GemmJob): GemmFeed {
  const { m, k, n, rows, activations, weights, scales } = job;
  const { program, steps, starts } = gemmProgram(job);
  const groups = Math.ceil(k / (job.groupSize ?? k));
  const lanes = rows / COLUMNS;
  const output = new Uint16Array(m * n);
  const stepOf = new Uint32Array(program.length);
  for (let i = 0; i < steps.length; i++) stepOf.fill(i, starts[i], starts[i + 1]);
  const innerOf = (frame: number): number => steps[stepOf[frame]].from + frame - starts[stepOf[frame]];
  const feed: Feed = {
    row(frame, chunk, { nibble, live }) {
      const step = steps[stepOf[frame]];
      const mac = (program[frame] & F.MAC) !== 0;
      const inner = innerOf(frame);
      const rowChunk = mac ? chunk : F.chunkOf(program[frame]);
      for (let lane = 0; lane < lanes; lane++) {
        const row = step.n + rowChunk * lanes + lane;
        const alive = row < n;
        live[lane] = alive ? 1 : 0;
        if (mac) nibble[lane] = alive ? weights[row * k + inner] & 15 : 0;
        else if (chunk < 4) {
          const scale = alive && scales !== undefined ? scales[row * groups + step.group] : BF16_ONE;
          nibble[lane] = (scale >>> (4 * chunk)) & 15;
        }
      }
    },
    activations(frame, { column }) {
      const step = steps[stepOf[frame]];
      const inner = innerOf(frame);
      for (let c = 0; c < COLUMNS; c++) {
        column[c] = step.m + c < m ? activations[(step.m + c) * k + inner] : 0;
      }
    },
    partial(frame, column, { data }) {
      const step = steps[stepOf[frame]];
      const first = step.n + F.chunkOf(program[frame]) * lanes;
      for (let lane = 0; lane < lanes; lane++) {
        const inside = step.m + column < m && first + lane < n;
        data[lane] = inside ? output[(step.m + column) * n + first + lane] : 0;
      }
    },
    result(frame, column, values) {
      const step = steps[stepOf[frame]];
      const first = step.n + F.chunkOf(program[frame]) * lanes;
      if (step.m + column >= m) return;
      for (let lane = 0; lane < lanes && first + lane < n; lane++) {
        output[(step.m + column) * n + first + lane] = values[lane];
      }
    },
  };
  return { program, steps, starts, inner: k, feed, output };
}

/** @throws MugiError for sizes, operands or weights that do not fit */
export function checkGemm(job: GemmJob): void {
  checkedRows(job.rows);
  for (const name of ['m', 'k', 'n', 'groupSize', 'chain'] as const) {
    const value = job[name] ?? 1;
    if (Number.isInteger(value) && value > 0) continue;
    throw new MugiError({
      code: 'invalid-value',
      message: `${name} must be a positive whole number`,
      path: name,
      received: String(value),
    });
  }
  const { m, k, n, groupSize = k } = job;
  const groups = Math.ceil(k / groupSize);
  sameLength('activations', job.activations.length, m * k, 'm × k');
  sameLength('weights', job.weights.length, n * k, 'n × k');
  if (job.scales !== undefined) sameLength('scales', job.scales.length, n * groups, 'n × groups');
  const bad = job.weights.findIndex((weight) => weight < -7 || weight > 7);
  if (bad >= 0) {
    throw new MugiError({
      code: 'invalid-value',
      message: 'a weight lies outside the sign and 3-bit magnitude of the temporal code',
      path: `weights[${Math.floor(bad / k)}][${bad % k}]`,
      expected: 'a whole number from -7 to 7',
      received: String(job.weights[bad]),
      nearest: String(Math.max(-7, Math.min(7, job.weights[bad]))),
    });
  }
}

function sameLength(path: string, received: number, expected: number, shape: string): void {
  if (received === expected) return;
  throw new MugiError({
    code: 'invalid-value',
    message: `${path} must hold ${shape} values`,
    path,
    expected: `${expected} values`,
    received: `${received} values`,
  });
}
