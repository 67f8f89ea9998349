import { expect, it } from 'vitest';
import { designNames } from '../../src/design/index.ts';
import { componentUse } from '../../src/evaluate/components.ts';
import { evaluatePoint } from '../../src/question/point.ts';

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

it.each([...designNames(), 'mugi-256@4x4', 'sa-16@4x4', 'tensor@2x2'])(
  '%s: energy, area and leakage of the components are those of the chip, in both presets',
  (design) => {
    for (const preset of ['as-published', 'corrected'] as const) {
      const evaluation = evaluatePoint({ design, model: 'llama-2-70b', batch: 3, context: 777, preset });
      const parts = componentUse(evaluation, evaluation.operators);
      expect(sum(parts.map(({ energy_J }) => energy_J)) / evaluation.total.energy).toBeCloseTo(1, 9);
      expect(sum(parts.map(({ area_mm2 }) => area_mm2)) / evaluation.area).toBeCloseTo(1, 9);
      expect(sum(parts.map(({ leakage_mW }) => leakage_mW)) / 1e3 / evaluation.leakage).toBeCloseTo(1, 9);
    }
  },
);
