import { describe, expect, it } from 'vitest';
import { metrics } from '../../src/evaluate/metrics.ts';
import { evaluatedPoint } from '../../src/explore/front-points.ts';
import { planOf } from '../../src/explore/space/plan.ts';
import { Space } from '../../src/explore/space/space.ts';
import { Walker } from '../../src/explore/walk.ts';
import { parse } from '../../src/question/command.ts';
import { answer } from '../../src/question/point.ts';

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

  it('have the power, the efficiencies and the energy-delay product of their mixed energy and time', () => {
    const { metrics, models: each } = evaluatedPoint(space, 1);
    const [a, b] = each as [NonNullable<typeof each>[0], NonNullable<typeof each>[0]];
    // Both have the same number of tokens, of which three quarters are the first one's.
    const energy = 0.75 * a.energy_J + 0.25 * b.energy_J;
    const time = 0.75 * a.time_s + 0.25 * b.time_s;
    const close = (value: number, expected: number): void => expect(value / expected).toBeCloseTo(1, 12);
    close(metrics.power_W, energy / time);
    close(metrics.energy_delay_product_Js, energy * time);
    close(metrics.energy_efficiency_tokens_per_s_per_MJ, (a.tokens / time / energy) * 1e6);
    close(metrics.power_efficiency_tokens_per_s_per_W, a.tokens / energy);
    expect(Math.abs(metrics.power_W / (0.75 * a.power_W + 0.25 * b.power_W) - 1)).toBeGreaterThan(1e-6);
  });

  it('are named in commands as they were written, JSON for one that is written out', () => {
    const written = {
      model_type: 'llama',
      hidden_size: 256,
      intermediate_size: 512,
      num_hidden_layers: 2,
      num_attention_heads: 4,
      num_key_value_heads: 4,
      vocab_size: 1000,
    };
    const one = new Space(
      planOf({ models: [{ model: written, weight: 1 }, 'llama-2-7b'], vary: { height: [64] } }),
    );
    const { commands, models: each } = evaluatedPoint(one, 0);
    const again = commands.map((command) => metrics(answer(parse(command))[0]!));
    expect(again.map(({ energy_J }) => energy_J)).toEqual(each!.map(({ energy_J }) => energy_J));
    expect(parse(commands[0]!).model).toEqual(written);
  });

  it('have the same means while walking', () => {
    const objectives = [
      'power_W',
      'energy_delay_product_Js',
      'energy_efficiency_tokens_per_s_per_MJ',
      'power_efficiency_tokens_per_s_per_W',
    ];
    const walked = new Space(planOf({ models, batch: 4, vary: { height: [64, 128] }, minimise: objectives }));
    const walker = new Walker(walked);
    expect(walker.metrics.map(({ name }) => name)).toEqual(expect.arrayContaining(objectives));
    for (let index = 0; index < walked.size; index++) {
      walker.at(index);
      const { metrics } = evaluatedPoint(walked, index);
      expect([...walker.values]).toEqual(walker.metrics.map(({ name }) => metrics[name as 'area_mm2']));
    }
  });
});
