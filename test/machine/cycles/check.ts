import { cycleModel, type CycleModel } from '../../../src/design/cycle-model.ts';
import type { Design, TileSize } from '../../../src/design/design.ts';
import { type GemmMapping, mapGemm, tileOf } from '../../../src/design/mapping/gemm.ts';
import type { ArrayJob } from '../../../src/machine/array/job.ts';
import { runGemm } from '../../../src/machine/mugi/program/gemm.ts';
import { toBits } from '../../../src/number/bf16.ts';
import { random } from '../../../src/number/random.ts';
import { gemm } from '../../../src/vlp/gemm.ts';
import type { GemmOperator } from '../../../src/workload/operator.ts';

/*
 * Three routes to one product on one design: the definition of its arithmetic, its cycle model, and the closed form that
 * every evaluation uses. What is compared: results in every bit, cycles, and how often each event occurs.
 */

export interface Shape {
  m: number;
  k: number;
  n: number;
}

/** What two routes say of one thing. */
export interface Difference {
  event: string;
  model: number;
  closed: number;
}

const operator = ({ m, k, n }: Shape): GemmOperator => ({
  kind: 'gemm',
  name: 'one',
  phase: 'decode',
  group: 'ffn',
  operand: 'weights',
  batch: 1,
  m,
  k,
  n,
  activationBits: 16,
  weightBits: 4,
  outputBits: 16,
  repeat: 1,
  layers: 1,
});

export function closedForm(design: Design, shape: Shape): GemmMapping & { tile: TileSize } {
  const op = operator(shape);
  const tile = tileOf(design, op);
  return { ...mapGemm(design, op, tile), tile };
}

/** Operands of a shape: normal values with tails, and in every eighth job any pattern at all. */
function jobOf({ m, k, n }: Shape, group: number, seed: number): ArrayJob {
  const next = random(seed);
  const wild = seed % 8 === 0;
  const pattern = (): number =>
    wild
      ? Math.floor(next() * 65536)
      : toBits((next() + next() + next() - 1.5) * 2 ** Math.floor(next() * 6 - 3));
  return {
    m,
    k,
    n,
    activations: Uint16Array.from({ length: m * k }, pattern),
    weights: Int8Array.from({ length: n * k }, () => Math.floor(next() * 15) - 7),
    scales: Uint16Array.from({ length: n * Math.ceil(k / group) }, () => toBits(0.01 + next())),
  };
}

/** Results, cycles and events of a run, under the names that the closed form has for them. */
interface Seen {
  output: Uint16Array;
  events: Record<string, number>;
}

/**
 * The events that the closed form of Mugi counts step by step. Left out: what the node's vector unit does with a ragged
 * tile, of which all columns and rows leave, where the closed form counts those in use.
 */
function runMugi(design: Design, job: ArrayJob, group: number): Seen {
  const { rows } = design.array;
  const run = runGemm({ ...job, rows, groupSize: group, chain: design.arithmetic.products.chain });
  const { counterReuse, inputLoad, weightLoad, temporalCoder, array, accumulate } = run.activity;
  const events = { counterReuse, inputLoad, weightLoad, temporalCoder, array, accumulate };
  return { output: run.output, events: { cycles: run.cycles, ...events } };
}

function mugiClosed({ array: { rows, columns } }: Design, { counts }: GemmMapping): Record<string, number> {
  return {
    cycles: counts.arrayCycles,
    counterReuse: counts.steps * columns,
    inputLoad: counts.steps,
    weightLoad: counts.stepsRows * rows,
    temporalCoder: counts.stepsRows * rows,
    array: counts.stepsRows * rows * columns,
    accumulate: counts.stepsRows * rows * columns,
  };
}

function arrayClosed(design: Design, { counts, k }: GemmMapping, shape: Shape): Record<string, number> {
  const { columns, rows, depth, stationary } = design.array;
  const vlp = design.family === 'carat';
  return {
    cycles: counts.arrayCycles,
    steps: counts.steps,
    inputLoad: counts.stepsColumns * columns,
    weightLoad: (vlp ? counts.stepsRows : counts.weightTilesRows) * rows,
    weightSteps: vlp ? counts.steps : counts.weightTiles,
    mac: counts.stepsCells * columns * rows * depth,
    accumulate: shape.m * shape.n * (stationary === 'output' && depth === 1 ? shape.k : k.folds),
    scaling: counts.scaling * rows * (design.scaling.kind === 'plane' ? columns : 1),
    scalingSteps: counts.scalingSteps,
  };
}

/** Every way in which definition, cycle model and closed form differ on one shape. */
export function differences(
  design: Design,
  shape: Shape,
  seed: number,
  model: CycleModel | undefined = cycleModel(design),
): Difference[] {
  const closed = closedForm(design, shape);
  const { group } = design.arithmetic.weights;
  const job = jobOf(shape, group, seed);
  const seen = model === undefined ? runMugi(design, job, group) : runArray(model, job, closed.tile);
  const expected = model === undefined ? mugiClosed(design, closed) : arrayClosed(design, closed, shape);
  const matrix = {
    outputs: shape.n,
    inner: shape.k,
    values: job.weights,
    scales: job.scales!,
    axis: 'inner',
    groupSize: group,
    clipped: 0,
  } as const;
  const defined = gemm(job.activations, shape.m, matrix, design.arithmetic.products);
  const wrong = seen.output.reduce((count, bits, i) => count + (bits === toBits(defined[i]) ? 0 : 1), 0);
  const found = Object.entries(seen.events).flatMap(([event, value]): Difference[] =>
    Math.abs(expected[event] - value) < 1e-6 * Math.max(1, value)
      ? []
      : [{ event, model: value, closed: expected[event] }],
  );
  return wrong === 0 ? found : [{ event: 'results', model: wrong, closed: 0 }, ...found];
}

function runArray(model: CycleModel, job: ArrayJob, tile: TileSize): Seen {
  const { output, cycles, activity } = model(job, tile);
  return { output, events: { cycles, ...activity } };
}

/**
 * Random shapes of a design: fewer and more rows than lanes, ragged in every axis, chains that end inside K. Each takes at
 * most `work` cell-cycles, or three folds.
 */
export function* shapesOf(design: Design, count: number, seed: number, work: number): Generator<Shape> {
  const next = random(seed);
  const whole = (to: number): number => 1 + Math.floor(next() * to);
  const { columns, rows, depth, stationary, stepCycles } = design.array;
  // Large arrays get a few folds in any case.
  const cells = columns * rows * depth;
  const most = Math.max(work, cells * 3 * (2 * columns + rows + 24));
  const kLanes = depth > 1 ? depth : stationary === 'weight' ? columns : 16;
  for (let i = 0; i < count; i++) {
    const shape = {
      m: i % 5 === 0 ? whole(150) : whole(24),
      k: i % 4 === 0 ? 200 + whole(400) : whole(3 * kLanes),
      n: i % 7 === 0 ? whole(600) : whole(Math.ceil(2.5 * rows)),
    };
    const axes = ['m', 'k', 'n'] as const;
    for (let at = 0; ; at++) {
      const cycles = closedForm(design, shape).counts.arrayCycles / (stepCycles > 1 ? columns : 1);
      if (cycles * cells <= most) break;
      const axis = axes[at % 3];
      shape[axis] = Math.ceil((shape[axis] * (1 + next())) / 2);
      if (shape.m + shape.k + shape.n === 3) break;
    }
    yield shape;
  }
}
