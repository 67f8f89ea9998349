import { expect, it } from 'vitest';
import { rtlLockstep } from '../../../src/machine/mugi/proof/co-simulation.ts';
import {
  functionDefinition,
  gemmDefinition,
  softmaxDefinition,
} from '../../../src/machine/mugi/proof/definition.ts';
import { type Job, runSequence } from '../../../src/machine/mugi/program/sequence.ts';
import { expFunction, patterns, random, siluFunction, weights } from './reference.ts';

it.each([
  [8, 'softmax'],
  [16, 'softmax'],
  [8, 'silu'],
  [16, 'silu'],
] as const)('switches between GEMM and nonlinear work with both in flight: %i rows, %s', (rows, what) => {
  const next = random(rows + what.length);
  const softmax = what === 'softmax';
  const fn = softmax ? expFunction() : siluFunction();
  for (let round = 0; round < 6; round++) {
    const jobs: Job[] = [];
    for (let i = 0; i < 5; i++) {
      if (next() < 0.5) {
        const [m, k, n] = [
          1 + Math.floor(next() * 10),
          1 + Math.floor(next() * 12),
          1 + Math.floor(next() * 20),
        ];
        const groupSize = 1 + Math.floor(next() * k);
        const activations = patterns(next, m * k);
        jobs.push({ gemm: { m, k, n, groupSize, activations, weights: weights(next, n * k) } });
      } else {
        const [height, width] = [1 + Math.floor(next() * 20), 1 + Math.floor(next() * 20)];
        jobs.push({ nonlinear: { softmax, input: patterns(next, height * width), height, width } });
      }
    }
    const beside = rtlLockstep({ rows, window: fn.window, outside: fn.outside, accumulation: 'bf16' });
    const { outputs } = runSequence(rows, fn, jobs, 'bf16', beside.observe);
    expect(beside.difference()).toBeUndefined();
    jobs.forEach((job, i) => {
      const define = softmax ? softmaxDefinition : functionDefinition;
      const expected =
        'gemm' in job
          ? gemmDefinition({ ...job.gemm, rows })
          : define({ ...job.nonlinear, rows, function: fn });
      expect(outputs[i]).toEqual(expected);
    });
  }
});
