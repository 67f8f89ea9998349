import { noArrayActivity } from '../array/activity.ts';
import type { Cell, Vector } from '../array/cell.ts';
import {
  type ArrayJob,
  type ArrayRun,
  type ArrayTile,
  checkArrayJob,
  type Fold,
  foldsOf,
  lengthOf,
} from '../array/job.ts';
import { type ArrayObserver, LEAVES, LOADS, WORKS } from '../array/observe.ts';
import { ACCUMULATE, activationsOf, Sums } from '../array/sums.ts';
import { AdderTrees, treeLevels } from './adder-tree.ts';

/** A SIMD array: C lanes of activations (axis K), broadcast to R trees of C products (axis N). */
export interface SimdArray {
  columns: number;
  rows: number;
  cell: Cell;
}

/** A row of activations on its way through the trees. */
interface Passing {
  fold: Fold;
  m: number;
  vector: Vector;
  entered: number;
}

/**
 * Runs a GEMM cycle by cycle. A row of activations enters every cycle, is multiplied by the weights that the cells keep,
 * and its products are added in a tree for each output, a level a cycle; behind the trees stand the accumulators. A row
 * of R weights is loaded every cycle, C cycles a fold, into the register that the fold at work does not use.
 */
export function runSimd(array: SimdArray, job: ArrayJob, tile: ArrayTile, observe?: ArrayObserver): ArrayRun {
  checkArrayJob(job, tile);
  const { columns: C, rows: R, cell } = array;
  const activity = noArrayActivity();
  const sums = new Sums(job, tile, activity);
  const values = activationsOf(job);
  const folds = foldsOf(job, tile, array);
  const trees = new AdderTrees(R, C, cell);
  const latency = treeLevels(C) + 1;
  /** Weights of the fold at work and of the next one, [k][n]. */
  let weight = new Float64Array(C * R);
  let coming = new Float64Array(C * R);
  const lanes = new Uint8Array(R);
  const passing: Passing[] = [];

  let running = -1;
  let entered = 0;
  let rows = 0;
  let cycle = 0;
  let done = 0;
  const all = folds.reduce((count, { m }) => count + lengthOf(m), 0);
  for (; done < all; cycle++) {
    lanes.fill(0);
    const through = running < 0 || entered === lengthOf(folds[running].m);
    if (through && rows === C && running + 1 < folds.length) {
      running += 1;
      [entered, rows] = [0, 0];
      [weight, coming] = [coming, weight];
    }
    if (passing.length > 0 && cycle === passing[0].entered + latency) take(passing.shift()!);
    const entering = running >= 0 && entered < lengthOf(folds[running].m) ? enter(folds[running]) : undefined;
    trees.clock(entering && ((n, k) => multiply(entering, n, k)));
    if (running + 1 < folds.length && rows < C) load(folds[running + 1], rows++);
    observe?.(cycle, lanes);
  }
  return { output: sums.output(), cycles: cycle - 1 + ACCUMULATE + cell.leaving, activity };

  function enter(fold: Fold): Passing {
    const m = fold.m.from + entered++;
    const row = values.subarray(m * job.k + fold.k.from, m * job.k + fold.k.to);
    activity.steps += 1;
    activity.inputLoad += row.length;
    const one = { fold, m, vector: cell.enter(row), entered: cycle };
    passing.push(one);
    return one;
  }

  function multiply({ fold, vector }: Passing, n: number, k: number): number {
    if (n >= lengthOf(fold.n) || k >= lengthOf(fold.k)) return 0;
    activity.mac += 1;
    lanes[n] |= WORKS;
    return cell.product(vector.values[k], weight[k * R + n]);
  }

  /** The sums of the trees, as the accumulators take them. */
  function take({ fold, m, vector }: Passing): void {
    for (let n = 0; n < lengthOf(fold.n); n++) {
      if (fold.last) lanes[n] |= LEAVES;
      const sum = cell.leave(trees.results[n], vector.shared);
      sums.add(m, fold.n.from + n, fold.k.from, sum, fold.last);
    }
    if (fold.last) activity.scalingSteps += 1;
    done += 1;
  }

  /** A row of weights into the register that stands by; rows beyond the matrix are zero. */
  function load({ k, n }: Fold, row: number): void {
    if (row < lengthOf(k)) activity.weightSteps += 1;
    for (let lane = 0; lane < R; lane++) {
      const live = row < lengthOf(k) && lane < lengthOf(n);
      coming[row * R + lane] = live ? job.weights[(n.from + lane) * job.k + k.from + row] : 0;
      if (!live) continue;
      activity.weightLoad += 1;
      lanes[lane] |= LOADS;
    }
  }
}
