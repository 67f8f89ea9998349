import { describe, expect, it } from 'vitest';
import { evaluatedPoint } from '../../src/explore/front-points.ts';
import { planOf } from '../../src/explore/space/plan.ts';
import { Space } from '../../src/explore/space/space.ts';
import { Walker } from '../../src/explore/walk.ts';

describe('several models', () => {
  const models = [
    { model: 'llama-2-7b', weight: 3 },
    { model: 'qwen3-8b', weight: 1 },
  ];
  const space = new Space(
    planOf({ models, batch: 4, vary: { height: [64, 128], dramBandwidth: [64, 512] } }),
  );

  it('share the tokens by their weights: times and energies add up', () => {
    const alone = models.map(
      ({ model }) =>
        evaluatedPoint(
          new Space(planOf({ model, batch: 4, vary: { height: [64, 128], dramBandwidth: [64, 512] } })),
          1,
        ).metrics,
    );
    const both = evaluatedPoint(space, 1);
    const [a, b] = alone as [(typeof alone)[0], (typeof alone)[0]];
    expect(both.metrics.energy_per_token_J).toBeCloseTo(
      0.75 * a.energy_per_token_J + 0.25 * b.energy_per_token_J,
      12,
    );
    // Of four tokens three take the time of the one and one that of the other.
    expect(4 / both.metrics.tokens_per_s).toBeCloseTo(3 / a.tokens_per_s + 1 / b.tokens_per_s, 9);
    expect(both.metrics.area_mm2).toBeCloseTo(a.area_mm2, 12);
    expect(both.models!.map(({ model }) => model)).toEqual(['llama-2-7b', 'qwen3-8b']);
    expect(both.commands).toHaveLength(2);
  });

  it('have the same means while walking', () => {
    const walker = new Walker(space);
    for (let index = 0; index < space.size; index++) {
      walker.at(index);
      const { metrics } = evaluatedPoint(space, index);
      expect([...walker.values]).toEqual(walker.metrics.map(({ name }) => metrics[name as 'area_mm2']));
    }
  });
});
