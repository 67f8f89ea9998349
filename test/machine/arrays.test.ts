import { describe, expect, it } from 'vitest';
import { BF16_CELL, type Cell, FIGNA_CELL } from '../../src/machine/array/cell.ts';
import type { ArrayJob, ArrayRun, ArrayTile } from '../../src/machine/array/job.ts';
import { caratDrainFrames, caratTail, runCarat } from '../../src/machine/carat/carat-array.ts';
import { treeLevels } from '../../src/machine/simd/adder-tree.ts';
import { runSimd } from '../../src/machine/simd/simd-array.ts';
import { runOutputStationary } from '../../src/machine/systolic/output-stationary.ts';
import { runWeightStationary } from '../../src/machine/systolic/weight-stationary.ts';
import { runTensor } from '../../src/machine/tensor/tensor-array.ts';
import { toBits } from '../../src/number/bf16.ts';
import { random } from '../../src/number/random.ts';
import { gemm, type GemmArithmetic } from '../../src/vlp/gemm.ts';

/*
 * Arrays of the compared designs of any sides, cycle by cycle: results are the definition's in every bit, and cycles are
 * counted here a second time, fold by fold.
 */

const CHAIN = 256;
const PLAIN: GemmArithmetic = { product: 'bf16', accumulator: 'bf16', subnormals: 'flush', chain: CHAIN };

type Draw = (from: number, to: number) => number;
const drawing = (seed: number): Draw => {
  const next = random(seed);
  return (from, to) => from + Math.floor(next() * (to - from + 1));
};

function jobOf(draw: Draw, wild: boolean, long: boolean): ArrayJob {
  const [m, k, n] = [draw(1, 24), long ? draw(250, 530) : draw(1, 70), draw(1, 50)];
  const pattern = () => (wild ? draw(0, 65535) : toBits((draw(-500, 500) / 500) * 2 ** draw(-4, 4)));
  return {
    m,
    k,
    n,
    activations: Uint16Array.from({ length: m * k }, pattern),
    weights: Int8Array.from({ length: n * k }, () => draw(-7, 7)),
    scales: Uint16Array.from({ length: n * Math.ceil(k / CHAIN) }, () => toBits(draw(1, 999) / 500)),
  };
}

function definition({ m, k, n, activations, weights, scales }: ArrayJob, arithmetic: GemmArithmetic) {
  const matrix = {
    outputs: n,
    inner: k,
    values: weights,
    scales: scales!,
    axis: 'inner',
    groupSize: CHAIN,
    clipped: 0,
  } as const;
  return [...gemm(activations, m, matrix, arithmetic)].map(toBits);
}

const cut = (length: number, limit: number): number[] =>
  Array.from({ length: Math.ceil(length / limit) }, (_, i) => Math.min(limit, length - i * limit));
const total = (sizes: readonly number[], of: (size: number) => number): number =>
  sizes.reduce((sum, size) => sum + of(size), 0);
const folds = (length: number, limit: number, lanes: number): number =>
  total(cut(length, limit), (size) => Math.ceil(size / lanes));

const integer = (lanes: number): Partial<GemmArithmetic> => ({
  product: 'exact',
  vector: { lanes, order: 'integer' },
});

interface Case {
  job: ArrayJob;
  tile: ArrayTile;
  columns: number;
  rows: number;
}

function cases(seed: number, count: number, each: (one: Case, draw: Draw) => void): void {
  const draw = drawing(seed);
  for (let i = 0; i < count; i++) {
    const [columns, rows] = [draw(2, 20), draw(2, 20)];
    const job = jobOf(draw, i % 3 === 0, i % 4 === 0);
    each({ job, tile: { m: draw(3, 16), k: CHAIN, n: draw(1, 3) * rows }, columns, rows }, draw);
  }
}

function holds(run: ArrayRun, { job }: Case, arithmetic: Partial<GemmArithmetic>, cycles: number): void {
  expect([...run.output]).toEqual(definition(job, { ...PLAIN, ...arithmetic }));
  expect(run.cycles).toBe(cycles);
  expect(run.activity.scaling).toBe(job.m * job.n * Math.ceil(job.k / CHAIN));
}

const CELLS: [string, Cell][] = [
  ['BF16', BF16_CELL],
  ['FIGNA', FIGNA_CELL],
];

describe.each(CELLS)('arrays of %s cells', (name, cell) => {
  const figna = name === 'FIGNA';

  it('weight stationary: a load, the activations and the skew a fold', () =>
    cases(1, 12, (one) => {
      const { job, tile, columns: C, rows: R } = one;
      const run = runWeightStationary({ columns: C, rows: R, registers: 1, cell }, job, tile);
      const pieces = folds(job.k, CHAIN, C) * folds(job.n, tile.n, R);
      const cycles = pieces * total(cut(job.m, tile.m), (m) => C + m + C + R - 2);
      const arithmetic = figna ? integer(C) : { vector: { lanes: C, order: 'chain' as const } };
      holds(run, one, arithmetic, cycles + 1 + cell.leaving);
      expect(run.activity).toMatchObject({
        mac: job.m * job.k * job.n,
        inputLoad: job.m * job.k * folds(job.n, tile.n, R),
        weightLoad: cut(job.m, tile.m).length * job.k * job.n,
        accumulate: job.m * job.n * folds(job.k, CHAIN, C),
      });
    }));

  it('weight stationary with two registers: loads hide behind the activations', () =>
    cases(2, 12, (one) => {
      const { job, tile, columns: C, rows: R } = one;
      const run = runWeightStationary({ columns: C, rows: R, registers: 2, cell }, job, tile);
      const tiles = cut(job.m, tile.m);
      const last = tiles.at(-1)!;
      const pieces = folds(job.k, CHAIN, C) * folds(job.n, tile.n, R);
      const cycles = pieces * total(tiles, (m) => Math.max(m, C)) - Math.max(last, C) + last;
      const arithmetic = figna ? integer(C) : { vector: { lanes: C, order: 'chain' as const } };
      holds(run, one, arithmetic, C + cycles + C + R - 2 + 1 + cell.leaving);
    }));

  it('output stationary: sums leave behind each chain, the skew is behind each tile of outputs', () =>
    cases(3, 12, (one, draw) => {
      const { job, tile, columns: C, rows: R } = one;
      const leaving = draw(1, R);
      const period = Math.ceil(R / leaving);
      const run = runOutputStationary({ columns: C, rows: R, leaving, cell }, job, tile);
      const chains = Math.ceil(job.k / CHAIN);
      const outputs = folds(job.m, tile.m, C) * folds(job.n, tile.n, R);
      const cycles = outputs * (job.k + chains * C * period + C + R - 1 - period);
      holds(run, one, figna ? integer(CHAIN) : {}, cycles + cell.leaving);
      expect(run.activity).toMatchObject({
        steps: outputs * job.k,
        mac: job.m * job.k * job.n,
        weightLoad: folds(job.m, tile.m, C) * job.k * job.n,
      });
    }));

  it('SIMD: rows of activations follow each other, and the tree is behind the last', () =>
    cases(4, 12, (one) => {
      const { job, tile, columns: C, rows: R } = one;
      const run = runSimd({ columns: C, rows: R, cell }, job, tile);
      const tiles = cut(job.m, tile.m);
      const last = tiles.at(-1)!;
      const pieces = folds(job.k, CHAIN, C) * folds(job.n, tile.n, R);
      const cycles = C + pieces * total(tiles, (m) => Math.max(m, C)) - Math.max(last, C) + last;
      const arithmetic = figna ? integer(C) : { vector: { lanes: C, order: 'tree' as const } };
      holds(run, one, arithmetic, cycles + treeLevels(C) + 1 + cell.leaving);
    }));
});

it('a tensor core takes a step a cycle and adds sixteen products in a tree', () =>
  cases(5, 12, (one) => {
    const { job, tile } = one;
    const run = runTensor({ columns: 8, rows: 16, depth: 16 }, job, tile);
    const steps = folds(job.m, tile.m, 8) * folds(job.n, tile.n, 16) * folds(job.k, CHAIN, 16);
    expect(run.activity.steps).toBe(steps);
    holds(run, one, { vector: { lanes: 16, order: 'tree' } }, steps + 6);
  }));

it('Carat multiplies by repeated addition, a frame an inner index, and drains as wide as its word', () =>
  cases(6, 12, (one, draw) => {
    const { job } = one;
    const rows = 8 * draw(1, 6);
    const array = { rows, leaving: [8, 16, rows][draw(0, 2)], stages: draw(0, 3) };
    const tile = { ...one.tile, n: rows * draw(1, 2) };
    const run = runCarat(array, job, tile);
    const outputs = folds(job.m, tile.m, 8) * folds(job.n, tile.n, rows);
    const frames = outputs * (job.k + Math.ceil(job.k / CHAIN) * caratDrainFrames(array));
    holds(run, one, { product: 'repeated' }, 8 * frames + caratTail(array.stages));
    expect(run.activity).toMatchObject({ steps: outputs * job.k, mac: job.m * job.k * job.n });
  }));

it('sums of Carat that underflow to −0 keep their sign while they wait in the ring', () => {
  // 7 · 1.695e-38·… − 2.2e-37: below the smallest normal value, and negative, in the last rows to leave.
  const n = 50;
  const job = {
    m: 1,
    k: 3,
    n,
    activations: Uint16Array.of(0x607, 0x159, 0x2c0),
    weights: Int8Array.from({ length: 3 * n }, (_, i) => [0, 7, -1][i % 3]),
    scales: new Uint16Array(n).fill(0x3f24),
  };
  const run = runCarat({ rows: 64, leaving: 8, stages: 1 }, job, { m: 64, k: CHAIN, n: 256 });
  const defined = definition(job, { ...PLAIN, product: 'repeated' });
  expect([...run.output]).toEqual(defined);
  expect(new Set(defined)).toEqual(new Set([0x8000]));
});
