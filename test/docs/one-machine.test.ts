import { expect, it } from 'vitest';
import { designNamed } from '../../src/design/index.ts';
import { mapGemm, tileOf } from '../../src/design/mapping/gemm.ts';
import { evaluatePoint } from '../../src/index.ts';
import { IDLE_FUNCTION } from '../../src/machine/mugi/configuration.ts';
import { type GemmJob, runGemm } from '../../src/machine/mugi/program/gemm.ts';
import { gemmActivity, gemmCost } from '../../src/machine/mugi/program/latency.ts';
import { rtlLockstep } from '../../src/machine/mugi/proof/co-simulation.ts';
import { gemmDefinition } from '../../src/machine/mugi/proof/definition.ts';
import { FILES } from '../../src/source/index.ts';
import { oneProduct } from '../../src/workload/operator.ts';
import { patterns, random, weights } from '../machine/mugi/reference.ts';
import { textOf } from './page.ts';

/* The operator of docs/one-machine.md by every route of the page. */

const SHAPE = { m: 8, k: 256, n: 512 };
const ROWS = 64;
const page = textOf('docs/one-machine.md');
const next = random(2);
const job: GemmJob = {
  rows: ROWS,
  ...SHAPE,
  chain: 256,
  activations: patterns(next, SHAPE.m * SHAPE.k, false),
  weights: weights(next, SHAPE.n * SHAPE.k),
  scales: patterns(next, SHAPE.n, false),
};

it('takes the same cycles and additions by formula, simulation and evaluation', () => {
  const [cycles, additions] = [16_926, 1_048_576];
  for (const number of [cycles, additions]) expect(page).toContain(number.toLocaleString('en'));
  expect(8 * (256 + 8) * 8 + 30).toBe(cycles);
  expect(gemmCost(job).cycles).toBe(cycles);
  expect(gemmActivity(job).accumulate).toBe(additions);
  const run = runGemm(job);
  expect([run.cycles, run.activity.accumulate]).toEqual([cycles, additions]);
  expect(run.output).toEqual(gemmDefinition(job));
  const design = designNamed('mugi-64');
  const op = oneProduct(SHAPE);
  const { counts } = mapGemm(design, op, tileOf(design, op));
  expect(counts.arrayCycles).toBe(cycles);
  expect(counts.stepsRows * ROWS * design.array.columns).toBe(additions);
  const question = { design: 'mugi-64', model: 'examples/models/gate-projection.csv' };
  const { operators } = evaluatePoint(question, FILES);
  expect(operators.map(({ cycles: own }) => own)).toEqual([cycles]);
});

it('is the same in every cycle of the RTL, for a tile of it', { timeout: 120_000 }, () => {
  const tile: GemmJob = {
    ...job,
    n: ROWS,
    weights: job.weights.subarray(0, ROWS * SHAPE.k),
    scales: job.scales!.subarray(0, ROWS),
  };
  const { observe, difference } = rtlLockstep({ ...IDLE_FUNCTION, rows: ROWS, accumulation: 'bf16' });
  const run = runGemm(tile, observe);
  expect(difference()).toBeUndefined();
  const whole = runGemm(job).output;
  expect(run.output).toEqual(
    Uint16Array.from(run.output, (_, i) => whole[Math.floor(i / ROWS) * SHAPE.n + (i % ROWS)]!),
  );
});
