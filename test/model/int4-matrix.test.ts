import { expect, it } from 'vitest';
import { Int4Matrix } from '../../src/model/int4-matrix.ts';
import { WeightMatrix } from '../../src/model/weight-matrix.ts';
import { randomTensor } from './write-checkpoint.ts';

it.each([1, 8, 32, 50, 128])(
  'INT4 in groups of %i stays within half a step of its group, and −7..7',
  (group) => {
    const { values } = randomTensor([6, 50], 3);
    const int4 = new Int4Matrix(WeightMatrix.fromFloat32(6, 50, values), group);
    const restored = int4.rows(0, 6);
    const size = Math.min(group, 50);
    for (let o = 0; o < 6; o++) {
      for (let first = 0; first < 50; first += size) {
        const cells = Array.from({ length: Math.min(size, 50 - first) }, (_, i) => o * 50 + first + i);
        const scale = Math.max(...cells.map((i) => Math.abs(values[i]!))) / 7;
        for (const i of cells) {
          // The scale itself is rounded to BF16: up to 7 · 2⁻⁹ of a step on top.
          expect(Math.abs(restored[i]! - values[i]!)).toBeLessThanOrEqual(scale * (0.5 + 7 / 512 + 1e-6));
          expect(Math.abs(restored[i]!)).toBeLessThanOrEqual(7 * scale * (1 + 2 ** -8));
        }
      }
    }
    expect(int4.rows(2, 4)).toEqual(restored.subarray(100, 200));
  },
);

it('INT4 of a row of zeros is zeros', () => {
  const int4 = new Int4Matrix(WeightMatrix.fromFloat32(1, 4, new Float32Array(4)), 2);
  expect([...int4.rows(0, 1)]).toEqual([0, 0, 0, 0]);
});
