import { describe, expect, it } from 'vitest';
import { rtlLockstep } from '../../../src/machine/mugi/proof/co-simulation.ts';
import { IDLE_FUNCTION } from '../../../src/machine/mugi/configuration.ts';
import { type GemmJob, runGemm } from '../../../src/machine/mugi/program/gemm.ts';
import { type NonlinearJob, runNonlinear } from '../../../src/machine/mugi/program/nonlinear.ts';
import { expFunction, geluFunction, patterns, random, siluFunction, weights } from './reference.ts';

describe('RTL equals the cycle model in every cycle', () => {
  it.each([8, 16])('GEMM at %i rows', (rows) => {
    const next = random(rows + 10);
    let mappings = 0;
    while (mappings < 10_000) {
      const [m, k, n] = [
        1 + Math.floor(next() * 9),
        1 + Math.floor(next() * 300),
        1 + Math.floor(next() * 2 * rows),
      ];
      const groupSize = next() < 0.5 ? k : 1 + Math.floor(next() * k);
      const job: GemmJob = {
        rows,
        m,
        k,
        n,
        groupSize,
        activations: patterns(next, m * k, next() < 0.7),
        weights: weights(next, n * k),
        scales: patterns(next, n * Math.ceil(k / groupSize), next() < 0.3),
      };
      const { observe, difference } = rtlLockstep({ ...IDLE_FUNCTION, rows, accumulation: 'bf16' });
      mappings += runGemm(job, observe).activity.mappings;
      expect(difference()).toBeUndefined();
    }
  });

  it.each([8, 16])('softmax, SiLU, GELU and exp at %i rows', (rows) => {
    const next = random(rows + 11);
    let mappings = 0;
    while (mappings < 10_000) {
      const anchor = next() < 0.7 ? 'max' : 'min';
      const softmax = next() < 0.5;
      const other = next() < 0.5 ? siluFunction : geluFunction;
      const f = softmax || next() < 0.3 ? expFunction(-6, 4, anchor) : other(-7, 4, anchor);
      const height = 1 + Math.floor(next() * (softmax ? 2 * rows : 10));
      const width = 1 + Math.floor(next() * (softmax ? 300 : 40 * rows));
      const input = patterns(next, height * width, next() < 0.7);
      const job: NonlinearJob = { rows, softmax, function: f, input, height, width };
      if (softmax && next() < 0.5) job.mask = Uint8Array.from(input, () => (next() < 0.3 ? 1 : 0));
      const { observe, difference } = rtlLockstep({
        rows,
        window: f.window,
        outside: f.outside,
        accumulation: 'bf16',
      });
      mappings += runNonlinear(job, observe).activity.mappings;
      expect(difference()).toBeUndefined();
    }
  });
});
