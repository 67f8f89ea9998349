import { describe, expect, it } from 'vitest';
import { MugiError } from '../../../src/errors.ts';
import { type GemmJob, runGemm } from '../../../src/machine/mugi/program/gemm.ts';
import * as closed from '../../../src/machine/mugi/program/latency.ts';
import {
  type NodeFunction,
  type NonlinearJob,
  runNonlinear,
} from '../../../src/machine/mugi/program/nonlinear.ts';
import {
  functionDefinition,
  gemmDefinition,
  softmaxDefinition,
} from '../../../src/machine/mugi/proof/definition.ts';
import { expFunction, geluFunction, patterns, random, siluFunction, weights } from './reference.ts';

function gemmJob(next: () => number, rows: number, corners: boolean): GemmJob {
  const m = 1 + Math.floor(next() * 17);
  const n = 1 + Math.floor(next() * 2 * rows);
  const k = 1 + Math.floor(next() * 40);
  const groupSize = next() < 0.5 ? k : 1 + Math.floor(next() * k);
  const job: GemmJob = {
    rows,
    m,
    k,
    n,
    groupSize,
    activations: patterns(next, m * k, corners),
    weights: weights(next, n * k),
    accumulation: next() < 0.75 ? 'bf16' : 'fp32',
    chain: next() < 0.5 ? undefined : 1 + Math.floor(next() * 24),
  };
  if (next() < 0.5) job.scales = patterns(next, n * Math.ceil(k / groupSize), false);
  return job;
}

function tensor(next: () => number, rows: number, f: NodeFunction, softmax: boolean): NonlinearJob {
  const height = 1 + Math.floor(next() * (softmax ? 2.5 * rows : 5));
  const width = 1 + Math.floor(next() * (softmax ? 40 : 4 * rows));
  const corners = next() < 0.5;
  return { rows, softmax, function: f, input: patterns(next, height * width, corners), height, width };
}

describe('GEMM on the cycle model', () => {
  it.each([8, 16, 64])('equals its definition bit for bit, and the closed form, at %i rows', (rows) => {
    const next = random(rows);
    let mappings = 0;
    while (mappings < 10_000) {
      const job = gemmJob(next, rows, next() < 0.7);
      const run = runGemm(job);
      expect(run.output).toEqual(gemmDefinition(job));
      const cost = closed.gemmCost(job);
      expect([run.frames, run.cycles]).toEqual([cost.frames, cost.cycles]);
      expect(run.activity).toMatchObject(closed.gemmActivity(job));
      expect(run.activity.secondSpikeFifo).toBeLessThanOrEqual(7 * run.activity.weightLoad);
      mappings += run.activity.mappings;
    }
  });

  it('computes a 64×512×8 tile with every weight used', () => {
    const next = random(1);
    const job: GemmJob = {
      rows: 64,
      m: 8,
      k: 512,
      n: 64,
      activations: patterns(next, 8 * 512, false),
      weights: weights(next, 64 * 512),
    };
    const run = runGemm(job);
    expect(run.output).toEqual(gemmDefinition(job));
    expect(run.cycles).toBe(8 * 520 + 30);
  });

  it('refuses heights, shapes and weights that the array cannot hold', () => {
    const job: GemmJob = {
      rows: 8,
      m: 1,
      k: 2,
      n: 1,
      activations: new Uint16Array(2),
      weights: new Int8Array(2),
    };
    expect(() => runGemm({ ...job, rows: 24 })).toThrow(/power of two/);
    expect(() => runGemm({ ...job, rows: 512 })).toThrow(/power of two/);
    expect(() => runGemm({ ...job, k: 3 })).toThrow(/m × k/);
    expect(() => runGemm({ ...job, m: 0 })).toThrow(/positive/);
    expect(() => runGemm({ ...job, groupSize: 0 })).toThrow(/groupSize/);
    try {
      runGemm({ ...job, weights: Int8Array.of(0, -8) });
      expect.unreachable();
    } catch (error) {
      expect((error as MugiError).details).toMatchObject({ path: 'weights[0][1]', nearest: '-7' });
    }
  });
});

describe('nonlinear functions on the cycle model', () => {
  const windows: [number, number, 'max' | 'min'][] = [
    [-4, 3, 'max'],
    [-6, 4, 'max'],
    [-7, 4, 'min'],
  ];
  it.each([8, 16, 128])(
    'SiLU, GELU and exp equal the algorithm at %i rows, in the closed form of cycles',
    (rows) => {
      const next = random(rows + 1);
      let mappings = 0;
      while (mappings < 10_000) {
        const [low, high, anchor] = windows[Math.floor(next() * 3)];
        const make = [siluFunction, geluFunction, expFunction][Math.floor(next() * 3)];
        const f = make(low, high, anchor);
        const job = tensor(next, rows, f, false);
        const run = runNonlinear(job);
        expect(run.output).toEqual(functionDefinition(job));
        const passes = f.positive === undefined ? 1 : 2;
        const cost = closed.functionCost(job, passes);
        expect([run.frames, run.cycles]).toEqual([cost.frames, cost.cycles]);
        expect(run.activity).toMatchObject(closed.functionActivity(job, passes, high - low > 7 ? 2 : 1));
        mappings += run.activity.mappings;
      }
    },
  );

  it.each([8, 16, 128])('softmax equals its definition at %i rows, with masks and every sum', (rows) => {
    const next = random(rows + 2);
    let mappings = 0;
    while (mappings < 10_000) {
      const [low, high, anchor] = windows[Math.floor(next() * 3)];
      const job = tensor(next, rows, expFunction(low, high, anchor), true);
      if (next() < 0.5) job.mask = Uint8Array.from(job.input, () => (next() < 0.3 ? 1 : 0));
      job.accumulation = (['bf16', 'bf16-cascade', 'fp32'] as const)[Math.floor(next() * 3)];
      const run = runNonlinear(job);
      expect(run.output).toEqual(softmaxDefinition(job));
      const cost = closed.softmaxCost(job);
      expect([run.frames, run.cycles]).toEqual([cost.frames, cost.cycles]);
      if (job.mask === undefined) {
        expect(run.activity).toMatchObject(closed.softmaxActivity(job, high - low > 7 ? 2 : 1));
      }
      mappings += run.activity.mappings;
    }
  });

  it('gives zeros for a row whose keys are all masked, and keeps masked keys zero beside NaN', () => {
    const f = expFunction();
    const input = Uint16Array.of(0x3f80, 0x4000, 0x7fc0, 0x3f80);
    const mask = Uint8Array.of(1, 1, 0, 1);
    const run = runNonlinear({ rows: 8, softmax: true, function: f, input, mask, height: 2, width: 2 });
    expect([...run.output]).toEqual([0, 0, 0x7fc0, 0]);
  });
});
