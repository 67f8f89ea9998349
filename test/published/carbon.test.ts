import { expect, it } from 'vitest';
import { published, repaired } from './support.ts';

it('repaired, operational carbon is intensity × (leakage + dynamic energy) of everything', () => {
  const { carbon, total, leakage } = repaired('carbon');
  const kilowattHours = (total.energy + leakage * total.time) / 3.6e6;
  expect(carbon.operationalTotal / (kilowattHours * 301)).toBeCloseTo(1, 12);
  expect(carbon.operationalTotal).toBeGreaterThan(published().carbon.operationalTotal);
});

it('as published, one layer of GEMMs, all of softmax, and nothing of the output head', () => {
  const { carbon, groups, leakage } = published();
  const grams = (joules: number): number => (joules / 3.6e6) * 301;
  const { ffn, nonlinear } = groups;
  expect(carbon.operational.ffn / grams(ffn.energy / 80 + leakage * ffn.time)).toBeCloseTo(1, 12);
  expect(carbon.operational.nonlinear / grams(nonlinear.energy + leakage * nonlinear.time)).toBeCloseTo(
    1,
    12,
  );
  expect(carbon.operational.output).toBe(0);
  expect(carbon.embodied).toBe(repaired('carbon').carbon.embodied);
});
