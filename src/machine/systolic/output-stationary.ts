import { noArrayActivity } from '../array/activity.ts';
import type { Cell, Vector } from '../array/cell.ts';
import {
  type ArrayJob,
  type ArrayRun,
  type ArrayTile,
  checkArrayJob,
  lengthOf,
  pieces,
  type Range,
} from '../array/job.ts';
import { type ArrayObserver, LEAVES, WORKS } from '../array/observe.ts';
import { activationsOf, Sums } from '../array/sums.ts';

/** An output-stationary systolic array: C lanes of activations (axis M), R lanes of weights and results (axis N). */
export interface OutputStationaryArray {
  columns: number;
  rows: number;
  /** Sums that leave in a cycle: as many as there are lanes to scale them, and as the output SRAM takes in a word. */
  leaving: number;
  cell: Cell;
}

/** A chain of sums of one output tile, and the cycle in which its first operands enter. */
interface Chain {
  k: Range;
  start: number;
  /** The activations of each lane, and what they share. */
  vectors: Vector[];
}

/**
 * Runs a GEMM cycle by cycle. Lane c of the activations and lane r of the weights are skewed by c and r cycles and meet
 * in cell (c, r), which keeps one sum. When a chain ends, the sums of lane r shift towards the last activation lane and
 * leave there, from the cycle in which the last of them is complete, one every ⌈R / leaving⌉ cycles; the lanes do so as
 * a wave. The next chain of the same outputs follows ⌈R / leaving⌉ · C cycles behind the operands of the last one; the
 * next outputs begin in an empty array.
 */
export function runOutputStationary(
  array: OutputStationaryArray,
  job: ArrayJob,
  tile: ArrayTile,
  observe?: ArrayObserver,
): ArrayRun {
  checkArrayJob(job, tile);
  const { columns: C, rows: R, leaving, cell } = array;
  const period = Math.ceil(R / leaving);
  const activity = noArrayActivity();
  const sums = new Sums(job, tile, activity);
  const values = activationsOf(job);
  const sum = new Float64Array(C * R);
  /** The chain whose sum a cell holds, and its lane; −1 when it has left. */
  const chainOf = new Int32Array(C * R).fill(-1);
  const laneOf = new Int32Array(C * R);
  const lanes = new Uint8Array(R);
  let cycle = 0;
  for (const { m, n } of outputTiles()) runTile(m, n);
  return { output: sums.output(), cycles: cycle + cell.leaving, activity };

  function* outputTiles(): Generator<Record<'m' | 'n', Range>> {
    for (const rows of pieces({ from: 0, to: job.m }, tile.m))
      for (const outputs of pieces({ from: 0, to: job.n }, tile.n))
        for (const n of pieces(outputs, R)) for (const m of pieces(rows, C)) yield { m, n };
  }

  function runTile(m: Range, n: Range): void {
    const chains: Chain[] = [...pieces({ from: 0, to: job.k }, tile.k)].map((k) => ({
      k,
      start: Infinity,
      vectors: [],
    }));
    let begun = 0;
    let next = cycle;
    let left = 0;
    while (left < chains.length * C * R) {
      if (begun < chains.length && cycle === next) {
        chains[begun].start = cycle;
        next = cycle + lengthOf(chains[begun].k) + C * period;
        begun += 1;
      }
      lanes.fill(0);
      // A sum moves on at the clock edge at which its cell may begin the next chain.
      for (let at = 0; at < begun; at++) left += leave(at, chains[at], m, n);
      for (let at = 0; at < begun; at++) work(at, chains[at], m, n);
      observe?.(cycle, lanes);
      cycle += 1;
    }
  }

  /** Shifts the sums of a chain where it is their time; how many left. */
  function leave(at: number, { k, start, vectors }: Chain, m: Range, n: Range): number {
    let left = 0;
    for (let r = 0; r < R; r++) {
      const since = cycle - (start + lengthOf(k) + C - 1 + r);
      if (since < 0 || since % period !== 0 || since / period >= C) continue;
      const last = (C - 1) * R + r;
      if (chainOf[last] !== at) throw new RangeError('a sum left before it was complete');
      left += 1;
      const lane = laneOf[last];
      if (lane < lengthOf(m) && r < lengthOf(n)) {
        lanes[r] |= LEAVES;
        const value = cell.leave(sum[last], vectors[lane].shared);
        sums.finish(m.from + lane, n.from + r, k.from, value);
      }
      if (r === 0 && lane < lengthOf(m)) activity.scalingSteps += 1;
      // Cells below the number of shifts have begun the next chain, or are empty.
      for (let c = C - 1; c > since / period; c--) {
        const [to, from] = [c * R + r, (c - 1) * R + r];
        sum[to] = sum[from];
        laneOf[to] = laneOf[from];
        chainOf[to] = chainOf[from];
      }
      chainOf[(since / period) * R + r] = -1;
    }
    return left;
  }

  /** All cells that the wave of a chain has reached. */
  function work(at: number, { k, start, vectors }: Chain, m: Range, n: Range): void {
    const [length, since] = [lengthOf(k), cycle - start];
    if (since >= length + C + R - 2) return;
    if (since < length) {
      activity.steps += 1;
      activity.inputLoad += lengthOf(m);
      activity.weightLoad += lengthOf(n);
      activity.weightSteps += 1;
    }
    if (since === 0)
      for (let row = m.from; row < m.to; row++)
        vectors.push(cell.enter(values.subarray(row * job.k + k.from, row * job.k + k.to)));
    for (let c = Math.max(0, since - length - R + 2); c < Math.min(C, since + 1); c++) {
      const from = Math.max(0, since - c - length + 1);
      for (let r = from; r <= Math.min(R - 1, since - c); r++) {
        const inner = since - c - r;
        const place = c * R + r;
        if (inner === 0) {
          if (chainOf[place] !== -1) throw new RangeError('a sum was overwritten before it left');
          chainOf[place] = at;
          laneOf[place] = c;
          sum[place] = 0;
        }
        if (c >= lengthOf(m) || r >= lengthOf(n)) continue;
        const weight = job.weights[(n.from + r) * job.k + k.from + inner];
        sum[place] = cell.add(sum[place], cell.product(vectors[c].values[inner], weight));
        activity.mac += 1;
        activity.accumulate += 1;
        lanes[r] |= WORKS;
      }
    }
  }
}
