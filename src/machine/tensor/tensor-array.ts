import { noArrayActivity } from '../array/activity.ts';
import { BF16_CELL } from '../array/cell.ts';
import {
  type ArrayJob,
  type ArrayRun,
  type ArrayTile,
  checkArrayJob,
  lengthOf,
  pieces,
  type Tile,
  tilesOf,
} from '../array/job.ts';
import { type ArrayObserver, LEAVES, WORKS } from '../array/observe.ts';
import { ACCUMULATE, activationsOf, Sums } from '../array/sums.ts';
import { AdderTrees, treeLevels } from '../simd/adder-tree.ts';

/** A tensor core: C × R dot products (axes M and N) of `depth` products each (axis K). */
export interface TensorArray {
  columns: number;
  rows: number;
  depth: number;
}

/** The operand registers in front of the multipliers. */
const OPERANDS = 1;

/** A step on its way: which operands, and whether the chain of sums ends with it. */
interface Step extends Tile {
  last: boolean;
  /** The weights are those of the step before. */
  same: boolean;
  entered: number;
}

/**
 * Runs a GEMM cycle by cycle, a step a cycle: C vectors of activations and R of weights, `depth` long, enter operand
 * registers, then C · R dot products are formed by multipliers and trees of adders, a level a cycle, and accumulators
 * take their sums. Vectors of weights stay for all rows of activations of the tile.
 */
export function runTensor(
  { columns: C, rows: R, depth }: TensorArray,
  job: ArrayJob,
  tile: ArrayTile,
  observe?: ArrayObserver,
): ArrayRun {
  checkArrayJob(job, tile);
  const activity = noArrayActivity();
  const sums = new Sums(job, tile, activity);
  const values = activationsOf(job);
  const steps = [...stepsOf()];
  const trees = new AdderTrees(C * R, depth, BF16_CELL);
  const latency = OPERANDS + treeLevels(depth) + 1;
  const lanes = new Uint8Array(R);
  let held: Step | undefined;
  let cycle = 0;
  let taken = 0;
  for (; taken < steps.length; cycle++) {
    lanes.fill(0);
    const first = steps[taken];
    if (first.entered + latency === cycle) {
      accumulate(first);
      taken += 1;
    }
    const now = held;
    trees.clock(now && ((tree, leaf) => multiply(now, tree, leaf)));
    held = steps[cycle];
    if (held !== undefined) enter(held);
    observe?.(cycle, lanes);
  }
  return { output: sums.output(), cycles: cycle - 1 + ACCUMULATE, activity };

  function* stepsOf(): Generator<Step> {
    for (const { m, k, n } of tilesOf(job, tile))
      for (const outputs of pieces(n, R))
        for (const inner of pieces(k, depth))
          for (const rows of pieces(m, C)) {
            const last = inner.to === k.to;
            yield { m: rows, k: inner, n: outputs, last, same: rows.from > m.from, entered: Infinity };
          }
  }

  function enter(step: Step): void {
    step.entered = cycle;
    activity.steps += 1;
    activity.inputLoad += lengthOf(step.m);
    if (step.same) return;
    activity.weightSteps += 1;
    activity.weightLoad += lengthOf(step.n);
  }

  function multiply({ m, k, n }: Step, tree: number, leaf: number): number {
    const [c, r] = [Math.floor(tree / R), tree % R];
    if (c >= lengthOf(m) || r >= lengthOf(n)) return 0;
    activity.mac += 1;
    lanes[r] |= WORKS;
    if (leaf >= lengthOf(k)) return 0;
    const weight = job.weights[(n.from + r) * job.k + k.from + leaf];
    return BF16_CELL.product(values[(m.from + c) * job.k + k.from + leaf], weight);
  }

  function accumulate({ m, k, n, last }: Step): void {
    for (let c = 0; c < lengthOf(m); c++)
      for (let r = 0; r < lengthOf(n); r++) {
        if (last) lanes[r] |= LEAVES;
        sums.add(m.from + c, n.from + r, k.from, trees.results[c * R + r], last);
      }
    if (last) activity.scalingSteps += 1;
  }
}
