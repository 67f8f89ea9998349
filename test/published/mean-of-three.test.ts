import { expect, it } from 'vitest';
import { fig17 } from '../../src/paper/fig17.ts';
import {
  ALL_LLAMAS,
  efficiencies,
  geometricMean,
  LLAMAS,
  modelWork,
  point,
} from '../../src/paper/quantities.ts';

it('Fig. 17 averages four models as published, and the three of its caption repaired', async () => {
  const throughput = (
    design: string,
    models: readonly string[],
    preset: 'as-published' | 'corrected',
  ): number =>
    geometricMean(
      models.map((model) => {
        const evaluation = point(design, model, preset);
        const { time, energy } = evaluation.total;
        const quantity = { work: modelWork(evaluation), time_s: time, energy_J: energy };
        return efficiencies(quantity, evaluation.leakage).throughput;
      }),
    );
  const ratio = (models: readonly string[], preset: 'as-published' | 'corrected'): number =>
    throughput('mugi-256@4x4', models, preset) / throughput('sa-8@4x4', models, preset);
  const { rows } = await fig17.run({});
  const row = rows.find(({ design, metric }) => design === 'mugi-256@4x4' && metric === 'throughput')!;
  expect(Number(row.as_published) / ratio(ALL_LLAMAS, 'as-published')).toBeCloseTo(1, 12);
  expect(Number(row.corrected) / ratio(LLAMAS, 'corrected')).toBeCloseTo(1, 12);
  expect(ratio(LLAMAS, 'as-published')).not.toBeCloseTo(ratio(ALL_LLAMAS, 'as-published'), 6);
});
