import { expect, it } from 'vitest';
import type { Evaluation } from '../../src/evaluate/evaluation.ts';
import { evaluatePoint, type Point } from '../../src/question/point.ts';
import type { GemmOperator } from '../../src/workload/operator.ts';

const base: Point = { design: 'mugi-256', model: 'llama-2-7b', context: 200, prefill: 100 };
const gemms = ({ operators }: Evaluation): GemmOperator[] =>
  operators.flatMap(({ operator }) => (operator.kind === 'gemm' ? [operator] : []));
const bitsOf = (point: Partial<Point>, group: 'output' | 'ffn'): number[] => [
  ...new Set(
    gemms(evaluatePoint({ ...base, ...point }))
      .filter((operator) => operator.group === group)
      .map(({ weightBits }) => weightBits),
  ),
];

it('gives the output matrix bits of its own, whatever the others have', () => {
  expect([bitsOf({}, 'output'), bitsOf({}, 'ffn')]).toEqual([[4], [4]]);
  expect([bitsOf({ headBits: 16 }, 'output'), bitsOf({ headBits: 16 }, 'ffn')]).toEqual([[16], [4]]);
  const both = { headBits: 8, weightBits: 16 };
  expect([bitsOf(both, 'output'), bitsOf(both, 'ffn')]).toEqual([[8], [16]]);
});

it('a head as checkpoints store it is read whole, and taken in slices of the code', () => {
  const one = (point: Partial<Point>) =>
    evaluatePoint({ ...base, ...point }).operators.find(
      ({ operator }) => operator.group === 'output' && operator.phase === 'decode',
    )!;
  const [narrow, wide] = [one({}), one({ headBits: 16 })];
  // 4 bits with a scale of 16 for 256 of them, and 16 without.
  expect(wide.work.dram.weight / narrow.work.dram.weight).toBeCloseTo(16 / (4 + 1 / 16), 9);
  // Four slices; tiles of 16 bits are shallower, so that more partial sums leave.
  const slower = wide.work.load[0] / narrow.work.load[0];
  expect(slower).toBeGreaterThan(4);
  expect(slower).toBeLessThan(4.5);
  const rest = (point: Partial<Point>): number =>
    evaluatePoint({ ...base, ...point })
      .operators.filter(({ operator }) => operator.group !== 'output')
      .reduce((sum, { time }) => sum + time, 0);
  expect(rest({ headBits: 16 })).toBe(rest({}));
});
