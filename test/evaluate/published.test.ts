import { describe, expect, it } from 'vitest';
import { evaluatePoint } from '../../src/question/point.ts';
import { metrics } from '../../src/evaluate/metrics.ts';
import type { Group } from '../../src/workload/operator.ts';

const relative = (value: number, expected: number): number => Math.abs(value / expected - 1);

/**
 * Totals of the authors' artifact (branch asplos_2026_ae) for Llama 2 70B GQA, batch 8, 4096 tokens: seconds, GEMM
 * and nonlinear dynamic energy in J, leakage in W, on-chip area in mm².
 */
const TOTALS: [string, number, number, number, number, number][] = [
  ['mugi-128', 46372.367155, 8411.511012, 11.957882, 0.040338444, 2.160319533],
  ['mugi-256', 23629.310157, 8245.236889, 12.073308, 0.061462482, 3.100791881],
  ['carat-128', 46610.314522, 11110.995825, 37.062932, 0.045386998, 2.419069675],
  ['carat-256', 23748.28384, 12601.664266, 36.649714, 0.074427974, 3.838443071],
  ['sa-16', 48827.599053, 12130.97689, 35.149835, 0.049819495, 2.578712053],
  ['sa-f-16', 48827.599053, 12429.741235, 35.149835, 0.054719918, 2.810672565],
  ['sd-16', 48827.599053, 11595.031907, 36.649714, 0.049127009, 2.541935957],
  ['sd-f-16', 48827.599053, 11893.796252, 36.649714, 0.054027432, 2.773896469],
  ['sa-64', 12144.87977, 12888.136518, 48.567741, 0.537780683, 25.841848179],
  ['sd-64', 12144.87977, 12405.092234, 50.228322, 0.526006276, 25.139080435],
  ['tensor', 3258.031898, 17920.509871, 59.992345, 0.803013943, 38.747338291],
  ['mugi-256@4x4', 1476.831885, 8123.249368, 12.073763, 0.983399708, 50.120048813],
  ['carat-256@4x4', 1484.26774, 12428.907037, 36.649768, 1.19084758, 61.922467853],
  ['sa-16@4x4', 3051.724941, 11471.480372, 35.149894, 0.797111927, 41.766771566],
  ['sd-16@4x4', 3051.724941, 10922.678268, 36.649773, 0.786032147, 41.17835403],
  ['tensor@2x1', 1629.015949, 17662.226793, 59.992349, 1.606027886, 77.558098922],
];

it.each(TOTALS)('%s: totals of the artifact, to 1e-7', (design, time, gemm, nonlinear, leakage, area) => {
  const m = metrics(evaluatePoint({ design, model: 'llama-2-70b', preset: 'as-published' }));
  expect(relative(m.time_s, time)).toBeLessThan(1e-7);
  expect(relative(m.energy_gemm_J, gemm)).toBeLessThan(1e-7);
  expect(relative(m.energy_nonlinear_J, nonlinear)).toBeLessThan(1e-7);
  expect(relative(m.leakage_W, leakage)).toBeLessThan(1e-7);
  expect(relative(m.area_mm2, area)).toBeLessThan(1e-7);
});

/** One layer (the output head once a model): seconds and J of projection, attention, FFN, output, softmax, SiLU. */
const LAYERS: [string, string, [number, number][]][] = [
  [
    'mugi-256',
    'llama-2-7b',
    [
      [21.8104, 7.7766],
      [65.7324, 2.9402],
      [43.9615, 15.6739],
      [0.6656, 0.2294],
      [0.3357, 0.0663],
      [0.0572, 0.007],
    ],
  ],
  [
    'mugi-256',
    'llama-2-70b',
    [
      [49.0734, 17.4951],
      [16.4469, 3.9237],
      [229.009, 81.6409],
      [1.3312, 0.4588],
      [0.6714, 0.1326],
      [0.1491, 0.0183],
    ],
  ],
  [
    'carat-256',
    'llama-2-70b',
    [
      [49.0734, 26.7441],
      [16.4469, 5.9644],
      [229.009, 124.8034],
      [1.3312, 0.7097],
      [1.8884, 0.3808],
      [0.4193, 0.0773],
    ],
  ],
  [
    'sa-16',
    'llama-2-7b',
    [
      [43.2852, 11.4486],
      [86.0565, 3.8531],
      [87.2468, 23.0752],
      [0.6758, 0.3336],
      [15.1068, 0.1827],
      [2.5759, 0.0284],
    ],
  ],
  [
    'sa-16',
    'llama-2-70b',
    [
      [97.3917, 25.7571],
      [21.5187, 5.6744],
      [454.4948, 120.1973],
      [1.3517, 0.6672],
      [30.2136, 0.3655],
      [6.7092, 0.0739],
    ],
  ],
  [
    'sd-16',
    'llama-2-70b',
    [
      [97.3917, 24.6189],
      [21.5187, 5.4254],
      [454.4948, 114.8856],
      [1.3517, 0.6363],
      [30.2136, 0.3808],
      [6.7092, 0.0773],
    ],
  ],
];

describe.each(LAYERS)('%s, %s', (design, model, expected) => {
  it('seconds and joules of one layer, to the four printed decimals', () => {
    const { operators } = evaluatePoint({ design, model, preset: 'as-published' });
    const layer = (wanted: Group | 'softmax' | 'silu'): [number, number] => {
      let [time, energy] = [0, 0];
      for (const o of operators) {
        const { group, layers } = o.operator;
        const name = o.operator.kind === 'nonlinear' ? o.operator.function : group;
        if (name === wanted) [time, energy] = [time + o.time / layers, energy + o.energy / layers];
      }
      return [time, energy];
    };
    (['projection', 'attention', 'ffn', 'output', 'softmax', 'silu'] as const).forEach((group, i) => {
      const [time, energy] = layer(group);
      expect(Math.abs(time - expected[i][0]), `${group} time`).toBeLessThan(5.1e-5);
      expect(Math.abs(energy - expected[i][1]), `${group} energy`).toBeLessThan(5.1e-5);
    });
  });
});
