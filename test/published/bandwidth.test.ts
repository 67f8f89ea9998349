import { expect, it } from 'vitest';
import { evaluatePoint } from '../../src/question/point.ts';
import { preset } from '../../src/published/preset.ts';
import { DEFAULT_ENVIRONMENT } from '../../src/technology/environment.ts';
import { find, published, repaired } from './support.ts';

const base = { design: 'mugi-256', model: 'llama-2-70b' };

it('repaired, an operator takes as long as its traffic, and only then', () => {
  const slow = { ...DEFAULT_ENVIRONMENT, dramGBps: 1 };
  const free = repaired('bandwidth');
  expect(find(free, 'q').bound).toBe('array');
  const bound = evaluatePoint({
    ...base,
    preset: preset('as-published', { bandwidth: true }),
    environment: slow,
  });
  const { bound: resource, time, work } = find(bound, 'q');
  expect(resource).toBe('dram');
  const bits = work.dram.input + work.dram.weight + work.dram.output;
  expect(time / (bits / 8e9)).toBeCloseTo(1, 12);
  expect(published({ environment: slow }).total.time).toBe(published().total.time);
});

it('halving the bandwidth of a bound inference doubles its time', () => {
  const at = (dramGBps: number): number =>
    evaluatePoint({ ...base, design: 'tensor', environment: { ...DEFAULT_ENVIRONMENT, dramGBps } }).total
      .time;
  expect(at(0.5) / at(1)).toBeCloseTo(2, 6);
});

it('narrow links bind a mesh', () => {
  const environment = { ...DEFAULT_ENVIRONMENT, linkBits: 8 };
  const evaluation = evaluatePoint({ ...base, design: 'mugi-256@4x4', environment });
  expect(find(evaluation, 'q').bound).toBe('noc');
  expect(evaluatePoint({ ...base, environment }).total.time).toBe(evaluatePoint(base).total.time);
});

it('as published, the longest kind of access to the output SRAM counts; repaired, a port’s accesses add up', () => {
  const [before, after] = [published(), repaired('bandwidth')];
  const cycles = (evaluation: typeof before): number => find(evaluation, 'softmax').work.load[4];
  expect(find(before, 'softmax').bound).toBe('output-sram');
  // Two passes of reads on the array side against three accesses of the port, the drain included.
  expect(cycles(after) / cycles(before)).toBeCloseTo(3 / 2, 12);
});
