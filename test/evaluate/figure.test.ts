import { describe, expect, it } from 'vitest';
import { gainQuantity } from '../../src/compare/gain-parts.ts';
import { comparison } from '../../src/compare/comparison.ts';
import { peakMacs, RESOURCES } from '../../src/design/design.ts';
import { designName } from '../../src/evaluate/metrics.ts';
import { operatorFigure, roofFigure, shareOfTime } from '../../src/evaluate/parts/figure.ts';
import { operatorName } from '../../src/evaluate/parts/operator.ts';
import { combined, type Quantity } from '../../src/evaluate/quantity.ts';
import { why } from '../../src/evaluate/why.ts';
import { evaluate } from '../../src/evaluate/evaluate.ts';
import { preset } from '../../src/published/preset.ts';
import { evaluatePoint, pricedDesign } from '../../src/question/point.ts';
import { DEFAULT_ENVIRONMENT } from '../../src/technology/environment.ts';
import { technologyNamed } from '../../src/technology/index.ts';
import { workloadOf } from '../../src/workload/workload.ts';
import { encoderGraph } from '../onnx/encoder.ts';
import { OPEN, read, USE } from '../onnx/graphs.ts';
import { refusal } from '../refusal.ts';
import { GROUPS } from '../../src/workload/operator.ts';

const POINT = { model: 'llama-3.2-1b', batch: 3, context: 777 } as const;
const [mugi, systolic] = ['mugi-256', 'sa-16@2x2'].map((design) => evaluatePoint({ ...POINT, design }));

function expectMade({ name, value, combine, parts }: Quantity): void {
  if (combine === undefined || parts === undefined) return;
  const together = combined(
    combine,
    parts().map((part) => part.value),
  );
  expect(value === 0 ? together + 1 : together / value, name).toBeCloseTo(1, 11);
}

describe.each([mugi, systolic])('figures of operators on $priced.design.name', (evaluation) => {
  it('are those of the evaluation, and made of their parts', () => {
    for (const one of evaluation.operators) {
      const told = (figure: string): number => {
        const quantity = operatorFigure(one, evaluation, figure);
        expectMade(quantity);
        return quantity.value;
      };
      const what = operatorName(one, evaluation);
      expect(told('share'), what).toBe(one.time / evaluation.total.time);
      expect(told('utilisation'), what).toBe(one.utilisation);
      const { input, weight, output } = one.work.dram;
      expect(['input', 'weight', 'output'].map(told), what).toEqual([input, weight, output]);
      expect(told('traffic'), what).toBe(input + weight + output);
      expect(RESOURCES.map(told), what).toEqual([...one.work.load]);
    }
    const { design, technology } = evaluation.priced;
    expect(roofFigure(evaluation, 'rate').value).toBe(peakMacs(design) * technology.clock);
    expect(roofFigure(evaluation, 'bytes').value).toBe(evaluation.environment.dramGBps);
  });

  it('have shares that add up to the whole', () => {
    const share = (group: string): number =>
      shareOfTime(
        evaluation.operators
          .filter(({ operator }) => operator.group === group)
          .map((one) => ({ one, part: 1 })),
        evaluation,
      ).value;
    expect(GROUPS.reduce((sum, group) => sum + share(group), 0)).toBeCloseTo(1, 12);
    const [one] = evaluation.operators;
    const half = shareOfTime([{ one, part: 0.5 }], evaluation);
    expectMade(half);
    expect(half.value).toBeCloseTo(one.time / evaluation.total.time / 2, 12);
  });

  it('are refused by their nearest name', () => {
    expect(refusal(() => operatorFigure(evaluation.operators[0], evaluation, 'utilization')).nearest).toBe(
      'utilisation',
    );
    expect(refusal(() => roofFigure(evaluation, 'byte')).nearest).toBe('bytes');
  });
});

it('takes every gain of a comparison apart', () => {
  const both = [mugi, systolic];
  const { designs } = comparison(both, designName(systolic));
  const [{ gains }] = designs;
  expect(Object.keys(gains).length).toBeGreaterThan(10);
  for (const [metric, gain] of Object.entries(gains)) {
    const quantity = gainQuantity(mugi, systolic, metric);
    expect(quantity.value / gain, metric).toBeCloseTo(1, 12);
    expectMade(quantity);
  }
  expect(() => gainQuantity(mugi, systolic, 'tokens')).toThrow(/no gain/);
  expect(refusal(() => gainQuantity(mugi, systolic, 'token_per_s')).nearest).toBe('tokens_per_s');
});

it('finds operators of graph files, whose names hold slashes', () => {
  const graph = read(encoderGraph({ layers: 2, hidden: 128, heads: 2, ffn: 512, words: 1000 }), OPEN);
  const priced = pricedDesign('mugi-64', preset('corrected'), technologyNamed('published'));
  const evaluation = evaluate(priced, workloadOf(graph, USE), preset('corrected'), DEFAULT_ENVIRONMENT);
  const slashed = evaluation.operators.filter(({ operator }) => operator.name.includes('/'));
  expect(slashed.length).toBeGreaterThan(5);
  for (const one of slashed) {
    const { kind } = one.operator;
    const sum = kind === 'gemm' || kind === 'nonlinear' ? kind : 'other';
    const path = `time_${sum}_s/${operatorName(one, evaluation)}`;
    const { quantity } = why(evaluation, path);
    expect(quantity.value, path).toBe(one.time);
    expect(why(evaluation, `${path}/cycles/array`).quantity.name).toBe('array');
  }
});
