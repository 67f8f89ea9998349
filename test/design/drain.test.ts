import { expect, it } from 'vitest';
import { drain, redrained } from '../../src/design/drain.ts';
import { designNamed, designNames } from '../../src/design/index.ts';
import { mapGemm, tileOf } from '../../src/design/mapping/gemm.ts';
import { DRAIN_FRAMES, INITIATION_INTERVAL } from '../../src/machine/mugi/program/latency.ts';
import type { GemmOperator } from '../../src/workload/operator.ts';

it('the rule gives what the simulated node takes', () => {
  for (const rows of [8, 16, 32, 64, 128, 256])
    expect(drain(designNamed(`mugi-${rows}`)).perTile).toBe(DRAIN_FRAMES * INITIATION_INTERVAL);
});

it('a tile leaves as wide as the output SRAM, or as the lanes that scale it', () => {
  // 8 × 256 sums of 16 bits through words of 256 bits; 8 × 32 through words of 512.
  expect(drain(designNamed('carat-256')).perTile).toBe((8 * 256 * 16) / 256);
  expect(drain(designNamed('sa-8x32-os')).perTile).toBe((8 * 32 * 16) / 512);
  expect(drain({ ...designNamed('carat-256'), scaling: { kind: 'vector', lanes: 4 } }).perTile).toBe(
    (8 * 256) / 4,
  );
});

it('sums that leave in a step wait for what it lacks', () => {
  // 8 × 32 sums through words of 512, of 128, and at 12 lanes: 8, 32 and 24 cycles, of which a step has 8.
  const pick = designNamed('pick-8x32');
  expect(drain(pick).perTile).toBe(0);
  const { output } = pick.sram;
  const narrow = { ...pick, sram: { ...pick.sram, output: { ...output, wordBits: 128 } } };
  expect(redrained(narrow).array.pipeline).toMatchObject({ perTile: 24 });
  expect(drain({ ...pick, scaling: { kind: 'vector', lanes: 12 } }).perTile).toBe(16);
});

it('every array that keeps its sums in place waits once an output tile and 256 of K', () => {
  const op: GemmOperator = {
    kind: 'gemm',
    name: 'one',
    phase: 'decode',
    group: 'ffn',
    operand: 'weights',
    batch: 1,
    m: 16,
    k: 512,
    n: 512,
    activationBits: 16,
    weightBits: 4,
    outputBits: 16,
    repeat: 1,
    layers: 1,
  };
  for (const name of ['mugi-256', 'carat-256', 'sa-16-os', 'sa-8x32-os']) {
    const design = designNamed(name);
    const { array } = design;
    const { perTile: _free, ...pipeline } = array.pipeline as {
      perTile: number;
      kind: 'tail';
      cycles: number;
    };
    const cycles = (of: typeof design): number => mapGemm(of, op, tileOf(of, op)).counts.arrayCycles;
    const tiles = Math.ceil(op.m / array.columns) * Math.ceil(512 / array.rows) * 2;
    expect(cycles(design) - cycles({ ...design, array: { ...array, pipeline } })).toBe(
      tiles * drain(design).perTile,
    );
  }
});

it.each(designNames())('%s drains through the output SRAM that it is built with', (name) => {
  const design = designNamed(name);
  expect(redrained(design)).toEqual(design);
});
