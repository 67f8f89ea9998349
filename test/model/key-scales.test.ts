import { describe, expect, it } from 'vitest';
import { keyScales } from '../../src/model/layer/key-scales.ts';
import { WeightMatrix } from '../../src/model/weight/weight-matrix.ts';
import { randomTensor } from './write-checkpoint.ts';
import { dequantize, quantizeKeys } from '../../src/vlp/quantize.ts';

const shape = { kvHeads: 2, headDim: 8 };

describe('static scales of key channels', () => {
  it('are powers of two that follow the size of a channel, and pairs that rotate share one', () => {
    const { values } = randomTensor([16, 32], 3);
    for (let i = 0; i < 32; i++) values[3 * 32 + i] *= 16;
    const weight = WeightMatrix.fromFloat32(16, 32, values);
    const gain = new Float32Array(32).fill(1);
    const plain = keyScales(shape, { weight, gain })();
    for (const scale of plain) expect(Number.isInteger(Math.log2(scale))).toBe(true);
    expect(plain[3] / plain[4]).toBeGreaterThanOrEqual(8);
    const half = keyScales(shape, { weight, gain, rotary: { pairs: 'half', dim: 8 } })();
    expect(half[3]).toBe(half[7]);
    expect(half[3]).toBeGreaterThan(half[2]);
    const neighbours = keyScales(shape, { weight, gain, rotary: { pairs: 'neighbours', dim: 8 } })();
    expect(neighbours[2]).toBe(neighbours[3]);
  });

  it('count gain, shift and bias, and read the keys of a fused matrix from their row on', () => {
    const { values } = randomTensor([32, 32], 4);
    const bias = new Float32Array(32);
    bias[16 + 5] = 1000;
    const weight = WeightMatrix.fromFloat32(32, 32, values);
    const gain = new Float32Array(32).fill(1);
    const scales = keyScales(shape, { weight, from: (head) => 16 + 8 * head, bias, gain })();
    expect(scales[5]).toBe(Math.max(...scales));
    const shifted = keyScales(shape, {
      weight,
      from: (head) => 16 + 8 * head,
      gain,
      shift: gain.map((x) => 1000 * x),
    })();
    expect(shifted).not.toEqual(keyScales(shape, { weight, from: (head) => 16 + 8 * head, gain })());
  });

  it('bring INT4 keys with large channels nearer', () => {
    const { values } = randomTensor([50, 8], 5);
    const sizes = [1, 32, 1, 1, 0.25, 1, 1, 4];
    const keys = values.map((x, i) => x * sizes[i % 8]);
    const error = (scaled: readonly number[]) => {
      const divided = keys.map((x, i) => x / scaled[i % 8]);
      const back = dequantize(quantizeKeys(divided, 50, 8)).map((x, i) => x * scaled[i % 8]);
      // As a query of like products sees it: each channel's error beside its size.
      return back.reduce((sum, x, i) => sum + ((x - keys[i]) / sizes[i % 8]) ** 2, 0);
    };
    expect(error(sizes)).toBeLessThan(error(sizes.map(() => 1)) / 4);
  });
});
