import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MugiError } from '../../src/errors.ts';
import { fromBits, round } from '../../src/number/bf16.ts';
import {
  dequantize,
  quantize,
  quantizeKeys,
  quantizeValues,
  quantizeWeights,
} from '../../src/vlp/quantize.ts';

const matrixOf = (length: number) =>
  fc.array(fc.float({ noNaN: true, noDefaultInfinity: true, min: -1000, max: 1000 }), {
    minLength: length,
    maxLength: length,
  });

describe('group quantisation', () => {
  it('rounds max ∕ 7 to BF16 and values to nearest, ties to even', () => {
    const weights = Float32Array.of(7, 0.5, 1.5, -2.5, -7, 0, 3.49, -0.51);
    const { values, scales, clipped } = quantizeWeights(weights, 1, 8, 8);
    expect(fromBits(scales[0])).toBe(1);
    expect([...values]).toEqual([7, 0, 2, -2, -7, 0, 3, -1]);
    expect(clipped).toBe(0);
  });

  it('is never further off than half a step, and gives each group its own scale', () => {
    fc.assert(
      fc.property(
        matrixOf(48),
        fc.constantFrom(1, 2, 3, 4, 6, 12),
        fc.boolean(),
        (list, groupSize, inner) => {
          const matrix = Float32Array.from(list);
          const q = quantize(matrix, 12, 4, { axis: inner ? 'inner' : 'outer', groupSize, tail: 'short' });
          const back = dequantize(q);
          let normal = 0;
          for (let o = 0; o < 12; o++) {
            for (let i = 0; i < 4; i++) {
              const g = Math.floor((inner ? i : o) / groupSize);
              const members = list.filter((_, at) =>
                inner
                  ? Math.floor(at / 4) === o && Math.floor((at % 4) / groupSize) === g
                  : at % 4 === i && Math.floor(Math.floor(at / 4) / groupSize) === g,
              );
              const scale = round(Math.max(...members.map(Math.abs)) / 7);
              if (scale < 2 ** -126) continue;
              normal++;
              expect(Math.abs(back[o * 4 + i] - matrix[o * 4 + i])).toBeLessThanOrEqual(
                scale * (0.5 + 2 ** -5),
              );
            }
          }
        },
      ),
    );
  });

  it('keeps a group of zeros at zero with scale 1, and counts what a subnormal scale clips', () => {
    const zeros = quantizeWeights(new Float32Array(4), 1, 4, 4);
    expect([...zeros.values]).toEqual([0, 0, 0, 0]);
    expect(fromBits(zeros.scales[0])).toBe(1);
    const tiny = quantizeWeights(Float32Array.of(10 * 2 ** -133, 2 ** -133), 1, 2, 2);
    expect([...tiny.values]).toEqual([7, 1]);
    expect(tiny.clipped).toBe(1);
  });

  it('gives keys a scale per channel and values a scale per token', () => {
    const tokens = 5;
    const channels = 4;
    const cache = Float32Array.from({ length: tokens * channels }, (_, i) => (i + 1) * (i % 3 ? 1 : -1));
    const keys = quantizeKeys(cache, tokens, channels);
    expect([keys.axis, keys.outputs, keys.inner, keys.scales.length]).toEqual([
      'inner',
      tokens,
      channels,
      tokens,
    ]);
    expect(fromBits(keys.scales[1])).toBe(round(8 / 7));
    expect(fromBits(keys.scales[4])).toBe(round(20 / 7));
    const values = quantizeValues(cache, tokens, channels);
    expect([values.outputs, values.inner, values.scales.length]).toEqual([channels, tokens, tokens]);
    expect(fromBits(values.scales[2])).toBe(round(12 / 7));
    expect(values.values[tokens + 2]).toBe(Math.round(cache[2 * channels + 1] / round(12 / 7)));
  });

  it('refuses groups that do not divide, sizes that do not fit, empty matrices, NaN and INF', () => {
    expect(() => quantizeWeights(new Float32Array(100), 1, 100, 64)).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ nearest: '50' }) }),
    );
    expect(() => quantizeWeights(new Float32Array(7), 2, 4, 2)).toThrow(/does not fit its shape/);
    expect(() => quantizeWeights(new Float32Array(0), 0, 4, 2)).toThrow(/outputs/);
    expect(() => quantizeWeights(new Float32Array(4), 1, 4, 0)).toThrow(MugiError);
    for (const bad of [Number.NaN, Infinity]) {
      expect(() => quantizeWeights(Float32Array.of(1, bad), 1, 2, 2)).toThrow(/only finite/);
    }
  });
});
