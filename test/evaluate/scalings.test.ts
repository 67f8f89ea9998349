import { expect, it } from 'vitest';
import { RESOURCES } from '../../src/design/design.ts';
import { inputScalings } from '../../src/design/mapping/scales.ts';
import { cyclesOf } from '../../src/evaluate/parts/cycle.ts';
import type { Evaluation, OperatorEvaluation } from '../../src/evaluate/evaluation.ts';
import { LOAD } from '../../src/evaluate/execute/execution.ts';
import { agrees, combined, type Quantity } from '../../src/evaluate/quantity.ts';
import { preset } from '../../src/published/preset.ts';
import { evaluatePoint } from '../../src/question/point.ts';
import type { GemmOperator } from '../../src/workload/operator.ts';

const DESIGNS = ['mugi-256', 'sa-16', 'sd-16', 'tensor', 'mugi-256@2x2'];

const gemms = ({ operators }: Evaluation): OperatorEvaluation[] =>
  operators.filter(({ operator }) => operator.kind === 'gemm');
const times = ({ operator }: OperatorEvaluation): number => operator.repeat * operator.layers;

/** Cycles of the vector unit by its rules alone, all executions. */
function byRules({ work, operator }: OperatorEvaluation, kept = work.counts.map(() => 1)): number {
  const { resource, timeFrom, cycles } = work.rules!;
  const each = cycles.map((own, i) =>
    RESOURCES[resource[i]!] === 'vector' ? ((work.mapping[timeFrom[i]!]! * own) / work.over) * kept[i]! : 0,
  );
  return Math.max(0, ...each) * operator.repeat * operator.layers;
}

it.each(DESIGNS)(
  '%s takes the scalings of inputs behind what its rules ask of the same multipliers',
  (design) => {
    const evaluation = evaluatePoint({ design, model: 'llama-2-70b', prefill: 512 });
    const { design: own } = evaluation.priced;
    let scaled = 0;
    for (const one of gemms(evaluation)) {
      const { load, multiplies, scalings, over } = one.work;
      // On a mesh each node scales what it multiplies: the busiest takes the time, copies take energy.
      if (one.work.mesh === undefined) expect(scalings * times(one)).toBe(multiplies);
      else expect(scalings * times(one)).toBeGreaterThanOrEqual(multiplies / 4);
      const scaling = (scalings * times(one)) / own.elementwise.multiplyLanes / over;
      expect(agrees(load[LOAD.vector]!, byRules(one) + scaling)).toBe(true);
      if (multiplies > 0) scaled++;
    }
    expect(scaled).toBe(4);
  },
);

it.each(DESIGNS)('%s says why, down to the scalings, in parts that give the value', (design) => {
  const evaluation = evaluatePoint({ design, model: 'llama-2-70b', prefill: 512 });
  let scalings = 0;
  const check = (quantity: Quantity): void => {
    const parts = quantity.parts?.() ?? [];
    if (quantity.name === 'scalings of inputs') scalings++;
    if (parts.length > 0)
      expect(
        agrees(
          combined(
            quantity.combine!,
            parts.map(({ value }) => value),
          ),
          quantity.value,
        ),
      ).toBe(true);
    parts.forEach(check);
  };
  for (const one of gemms(evaluation)) {
    const vector = cyclesOf(one, evaluation).parts!().find(({ name }) => name === 'vector')!;
    expect(vector.value === 0 || vector.parts !== undefined, one.operator.name).toBe(true);
    check(vector);
  }
  expect(scalings).toBe(4);
});

it('scales every query once, whichever keys causality leaves it, and the probabilities that exist', () => {
  const evaluation = evaluatePoint({ design: 'mugi-256', model: 'llama-2-70b', prefill: 512 });
  const share = (operand: GemmOperator['operand']): number => {
    const one = gemms(evaluation).find(
      ({ operator }) =>
        operator.kind === 'gemm' && operator.phase === 'prefill' && operator.operand === operand,
    )!;
    const all = inputScalings(evaluation.priced.design, one.operator as GemmOperator) * times(one);
    return one.work.multiplies / all;
  };
  expect(share('keys')).toBe(1);
  expect(share('values')).toBeGreaterThan(0.5);
  expect(share('values')).toBeLessThan(0.6);
});

it('keeps the scalings where the published model truncates its counts', () => {
  const scaled = (repairs: Parameters<typeof preset>[1]) =>
    evaluatePoint({
      design: 'mugi-256',
      model: 'llama-2-70b',
      context: 333,
      prefill: 77,
      preset: preset('as-published', { scales: true, 'causal-prefill': true, ...repairs }),
    });
  const evaluation = scaled({});
  const whole = scaled({ 'whole-counts': true });
  const { multiplyLanes } = evaluation.priced.design.elementwise;
  let truncated = 0;
  gemms(evaluation).forEach((one, at) => {
    const { work } = one;
    const before = gemms(whole)[at]!.work;
    const kept = work.counts.map((count, i) => (before.counts[i]! > 0 ? count / before.counts[i]! : 1));
    if (work.multiplies > 0 && kept.some((share) => share < 1)) truncated++;
    const expected = byRules(one, kept) + work.multiplies / multiplyLanes;
    expect(agrees(work.load[LOAD.vector]!, expected), one.operator.name).toBe(true);
  });
  expect(truncated).toBeGreaterThan(0);
});
