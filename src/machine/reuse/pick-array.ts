import { noArrayActivity } from '../array/activity.ts';
import { FIGNA_CELL, type Vector } from '../array/cell.ts';
import {
  type ArrayJob,
  type ArrayRun,
  type ArrayTile,
  checkArrayJob,
  lengthOf,
  pieces,
  type Tile,
} from '../array/job.ts';
import { type ArrayObserver, LEAVES, LOADS, WORKS } from '../array/observe.ts';
import { activationsOf, Sums } from '../array/sums.ts';
import type { Sides } from '../sides.ts';
import { type ReuseShape, reuseTiming } from './shape.ts';

/** Dot products of C inner indices by R outputs, whose rows pick from multiples of aligned activations. */
export interface PickArray extends Sides {
  /** Sums that leave in a cycle: as many as there are lanes to scale them, and as the output SRAM takes in a word. */
  leaving: number;
}

/** The array among those of the ablation. */
export const pickShape = (sides: Sides): ReuseShape => ({
  pick: 'space',
  flow: 'dot',
  sums: 'integer',
  ...sides,
});

/** Cycles from a sum that is read to leave to the vector unit: a register, and the conversion to BF16. */
const LEAVING = 2;

/** Cycles beyond those of the steps: weights before the first, the way to the sums, and the C sums of each row that leave last. */
export const pickTail = (sides: Sides): number => {
  const { loads, read } = reuseTiming(pickShape(sides));
  return loads - 1 + read + LEAVING + sides.columns;
};

/** C inner indices of C tokens at R outputs: a step. */
interface Step extends Tile {
  start: number;
  /** Cycles between its tokens. */
  period: number;
  chain: Chain;
}

/** A chain of sums of up to C tokens, with their aligned activations. */
interface Chain extends Tile {
  vectors: Vector[];
}

/** A token's activations on their way through a step. */
interface Passing {
  step: Step;
  token: number;
  dots: Float64Array;
}

/**
 * Runs a GEMM cycle by cycle, in the pipeline of the machine on gates (`reuse-machine.ts`). A step takes C cycles: a token
 * enters in each, while a row of weights is written in each for the next step. The sum of a token leaves as the first product
 * of the next chain takes its place, so that chains follow each other; narrow words of the output SRAM hold these products up.
 */
export function runPick(array: PickArray, job: ArrayJob, tile: ArrayTile, observe?: ArrayObserver): ArrayRun {
  checkArrayJob(job, tile);
  const { columns: C, rows: R } = array;
  const { loads, row, read } = reuseTiming(pickShape(array));
  const period = Math.ceil(R / array.leaving);
  const activity = noArrayActivity();
  const sums = new Sums(job, tile, activity);
  const values = activationsOf(job);
  const held = Array.from({ length: C }, (): { chain?: Chain; sums: Float64Array } => ({
    sums: new Float64Array(R),
  }));
  /** Weights that are used, and those that are written, [k][n]. */
  const weights = new Float64Array(C * R);
  const coming = new Float64Array(C * R);
  const lanes = new Uint8Array(R);
  const { steps, end } = stepsOf();
  const passing: Passing[] = [];
  /** When the vector unit has what a row reads last: R sums of each token take as many cycles as there are between them. */
  const last = end + C * period - 1 + read;
  /** Positions in `steps`: whose tokens enter, whose weights come into use and are written, and whose tokens reach their sums. */
  let [entering, using, writing, adding] = [0, 0, 0, 0];
  for (let cycle = 0; cycle <= last; cycle++) {
    lanes.fill(0);
    const step = steps[entering];
    if (step !== undefined && cycle >= step.start) enter(step, cycle - step.start);
    if (step !== undefined && cycle + 1 === endOf(entering)) entering += 1;
    for (const one of passing) if (arrived(one, row) === cycle) multiply(one);
    drain(cycle);
    while (passing.length > 0 && arrived(passing[0], read) === cycle) accumulate(passing.shift()!);
    // The clock edge: weights change over, and a row of the next is written.
    if (steps[using]?.start === cycle - row + 1) {
      weights.set(coming);
      using += 1;
    }
    const next = steps[writing];
    const index = next === undefined ? -1 : cycle - 1 - (next.start - loads + 1);
    if (index >= 0) write(next, index);
    if (index === loads - 1) writing += 1;
    observe?.(cycle, lanes);
  }
  return { output: sums.output(), cycles: last + LEAVING + 1, activity };

  function endOf(at: number): number {
    return steps[at + 1]?.start ?? end;
  }

  function arrived({ step, token }: Passing, stage: number): number {
    return step.start + token * step.period + stage;
  }

  /** All steps with the cycles in which they begin, and the cycle in which another one could. */
  function stepsOf(): { steps: Step[]; end: number } {
    const all: Step[] = [];
    let time = loads - 1;
    for (const chain of chainsOf())
      for (const k of pieces(chain.k, C)) {
        // While sums leave, those that take their place keep their pace.
        const pace = k.from === chain.k.from && all.length > 0 ? period : 1;
        all.push({ ...chain, k, chain, start: time, period: pace });
        time += C * pace;
      }
    return { steps: all, end: time };
  }

  function* chainsOf(): Generator<Chain> {
    const whole = (to: number) => ({ from: 0, to });
    for (const tokens of pieces(whole(job.m), tile.m))
      for (const outputs of pieces(whole(job.n), tile.n))
        for (const n of pieces(outputs, R))
          for (const m of pieces(tokens, C))
            for (const k of pieces(whole(job.k), tile.k)) yield { m, n, k, vectors: [] };
  }

  function enter(step: Step, since: number): void {
    const { chain, m, k } = step;
    const token = since / step.period;
    if (since === 0) activity.steps += 1;
    if (!Number.isInteger(token) || token >= lengthOf(m)) return;
    if (k.from === chain.k.from) {
      const from = (m.from + token) * job.k;
      chain.vectors.push(FIGNA_CELL.enter(values.subarray(from + chain.k.from, from + chain.k.to)));
    }
    activity.inputLoad += 1;
    passing.push({ step, token, dots: new Float64Array(R) });
  }

  function multiply({ step: { chain, k, n }, token, dots }: Passing): void {
    const { values: aligned } = chain.vectors[token];
    for (let r = 0; r < lengthOf(n); r++) {
      for (let i = 0; i < lengthOf(k); i++)
        dots[r] += aligned[k.from - chain.k.from + i] * weights[i * R + r];
      activity.mac += C;
      lanes[r] |= WORKS;
    }
  }

  function accumulate({ step: { chain, k, n }, token, dots }: Passing): void {
    const place = held[token];
    if (k.from === chain.k.from) {
      if (place.chain !== undefined) throw new RangeError('a sum was overwritten before it left');
      place.chain = chain;
      place.sums.fill(0);
    }
    if (place.chain !== chain) throw new RangeError('a product met the sum of another chain');
    for (let r = 0; r < R; r++) place.sums[r] += dots[r];
    activity.accumulate += lengthOf(n);
  }

  /** The sums of a token leave as those of the next chain begin, and behind the last step. */
  function drain(cycle: number): void {
    const at = cycle - read;
    if (adding < steps.length && at === endOf(adding)) adding += 1;
    const before = steps[adding - 1]?.chain;
    const { start, period: pace, chain: now } = steps[adding] ?? { start: end, period };
    const token = (at - start) / pace;
    if (before === undefined || before === now || !Number.isInteger(token)) return;
    const { chain, sums: whole } = held[token];
    if (chain === undefined) return;
    const { m, n, k, vectors } = chain;
    for (let r = 0; r < lengthOf(n); r++) {
      const value = FIGNA_CELL.leave(whole[r], vectors[token].shared);
      sums.finish(m.from + token, n.from + r, k.from, value);
      lanes[r] |= LEAVES;
    }
    activity.scalingSteps += 1;
    held[token].chain = undefined;
  }

  /** A row of the weights of a step; what is beyond the matrix is zero. */
  function write({ k, n }: Step, index: number): void {
    if (index === 0) {
      activity.weightSteps += 1;
      activity.weightLoad += lengthOf(n);
    }
    for (let r = 0; r < R; r++) {
      const live = index < lengthOf(k) && r < lengthOf(n);
      coming[index * R + r] = live ? job.weights[(n.from + r) * job.k + k.from + index] : 0;
      if (live) lanes[r] |= LOADS;
    }
  }
}
