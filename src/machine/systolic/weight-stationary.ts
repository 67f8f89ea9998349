import { noArrayActivity } from '../array/activity.ts';
import type { Cell } from '../array/cell.ts';
import {
  type ArrayJob,
  type ArrayRun,
  type ArrayTile,
  checkArrayJob,
  type Fold,
  foldsOf,
  lengthOf,
} from '../array/job.ts';
import { type ArrayObserver, LOADS, WORKS } from '../array/observe.ts';
import { ACCUMULATE, activationsOf, Sums } from '../array/sums.ts';

/** A weight-stationary systolic array: C lanes of activations (axis K), R lanes of weights and results (axis N). */
export interface WeightStationaryArray {
  columns: number;
  rows: number;
  /** Weight registers of a cell: with two, a fold's weights are loaded while the fold before it runs. */
  registers: 1 | 2;
  cell: Cell;
}

/** A row of activations on its way through a fold. */
interface Passing {
  fold: Fold;
  first: boolean;
  m: number;
  values: ArrayLike<number>;
  shared: number;
}

const NOTHING = -1;

/**
 * Runs a GEMM cycle by cycle. Lane k of the activations is skewed by k cycles; cell (k, n) adds its product to the sum
 * from lane k − 1 and passes the activation on to lane n + 1, a cycle each; at the bottom an accumulator for each n takes
 * the sum of the fold.
 *
 * With one weight register `load` is one signal for all cells: C cycles shift weights in, the last row first, once the
 * last activation has left the last cell. With two, weights follow the activations as a wave: the shadow registers of
 * lane n shift from the cycle in which its first cell began to use its weights, each from when it was read, and a cell
 * takes its shadow as the first activation of the next fold reaches it.
 */
export function runWeightStationary(
  array: WeightStationaryArray,
  job: ArrayJob,
  tile: ArrayTile,
  observe?: ArrayObserver,
): ArrayRun {
  checkArrayJob(job, tile);
  const { columns: C, rows: R, registers, cell } = array;
  const twice = registers === 2;
  const activity = noArrayActivity();
  const sums = new Sums(job, tile, activity);
  const values = activationsOf(job);
  const folds = foldsOf(job, tile, array);
  const weight = new Float64Array(C * R);
  const coming = twice ? new Float64Array(C * R) : weight;
  const passing = new Float64Array(C * R);
  const partial = new Float64Array(C * R);
  /** Of each cell, and of the skew in front of each lane: the number of a vector in `stream`. */
  const tags = new Int32Array(C * R).fill(NOTHING);
  const skew = new Int32Array(C).fill(NOTHING);
  const stream: Passing[] = [];
  /** First cycle of each fold's load. */
  const loads: number[] = [0];
  const lanes = new Uint8Array(R);

  let running = -1;
  let entered = 0;
  let inFlight = 0;
  let cycle = 0;
  for (; ; cycle++) {
    const through = running < 0 || entered === lengthOf(folds[running].m);
    const next = running + 1;
    if (through && next < loads.length && cycle >= loads[next] + C) {
      running = next;
      entered = 0;
      if (twice && next + 1 < folds.length) loads.push(cycle);
    }
    let entering = NOTHING;
    if (running >= 0 && entered < lengthOf(folds[running].m)) entering = enter(folds[running], entered++);
    lanes.fill(0);
    step(entering);
    for (let fold = loads.length - 1; fold >= 0 && cycle - loads[fold] < C + R; fold--)
      shift(folds[fold], cycle - loads[fold]);
    observe?.(cycle, lanes);
    if (inFlight > 0 || running < 0 || entered < lengthOf(folds[running].m)) continue;
    if (running === folds.length - 1) break;
    if (!twice && loads.length === running + 1) loads.push(cycle + 1);
  }
  return {
    output: sums.output(),
    cycles: cycle + 1 + cell.leaving + ACCUMULATE,
    activity,
  };

  function enter(fold: Fold, at: number): number {
    const m = fold.m.from + at;
    const row = values.subarray(m * job.k + fold.k.from, m * job.k + fold.k.to);
    activity.steps += 1;
    activity.inputLoad += row.length;
    inFlight += 1;
    return stream.push({ fold, first: at === 0, m, ...cell.enter(row) }) - 1;
  }

  /** The clock edge of all cells, the last first, so that each sees what its neighbours held before. */
  function step(entering: number): void {
    for (let k = C - 1; k >= 0; k--) {
      const arriving = k === 0 ? entering : skew[k - 1];
      for (let n = R - 1; n >= 0; n--) work(k, n, n === 0 ? arriving : tags[k * R + n - 1]);
    }
    skew.copyWithin(1, 0);
    skew[0] = entering;
  }

  function work(k: number, n: number, tag: number): void {
    const at = k * R + n;
    tags[at] = tag;
    if (tag === NOTHING) return;
    const { fold, first, m, values: row, shared } = stream[tag];
    if (twice && first) weight[at] = coming[at];
    passing[at] = n === 0 ? (row[k] ?? 0) : passing[at - 1];
    const above = k === 0 ? 0 : partial[at - R];
    const live = n < lengthOf(fold.n);
    if (live && k < lengthOf(fold.k)) {
      partial[at] = cell.add(above, cell.product(passing[at], weight[at]));
      activity.mac += 1;
      lanes[n] |= WORKS;
    } else partial[at] = above;
    if (k < C - 1) return;
    if (live) sums.add(m, fold.n.from + n, fold.k.from, cell.leave(partial[at], shared), fold.last);
    if (n === 0 && fold.last) activity.scalingSteps += 1;
    if (n === R - 1) inFlight -= 1;
  }

  /** Cycle `at` of a fold's load: a row of weights enters at the top, rows below it move down. */
  function shift({ k, n }: Fold, at: number): void {
    if (at >= C - lengthOf(k) && at < C) activity.weightSteps += 1;
    for (let lane = 0; lane < R; lane++) {
      const since = twice ? at - lane : at;
      if (since < 0 || since >= C) continue;
      for (let row = since; row > 0; row--) coming[row * R + lane] = coming[(row - 1) * R + lane];
      const row = C - 1 - since;
      const live = row < lengthOf(k) && lane < lengthOf(n);
      coming[lane] = live ? job.weights[(n.from + lane) * job.k + k.from + row] : 0;
      if (!live) continue;
      activity.weightLoad += 1;
      lanes[lane] |= LOADS;
    }
  }
}
