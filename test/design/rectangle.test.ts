import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { designNamed, RECTANGLE } from '../../src/design/index.ts';
import { mapGemm, tileOf } from '../../src/design/mapping/gemm.ts';
import { systolic } from '../../src/design/systolic.ts';
import type { GemmOperator } from '../../src/workload/operator.ts';

const one = { rows: 1, columns: 1 };

const gemm = (m: number, k: number, n: number): GemmOperator => ({
  kind: 'gemm',
  name: 'gemm',
  phase: 'decode',
  group: 'projection',
  operand: 'weights',
  batch: 1,
  m,
  k,
  n,
  activationBits: 16,
  weightBits: 4,
  outputBits: 16,
  repeat: 1,
  layers: 1,
});

/** Cycles of the array alone, without what memories add. */
function arrayCycles(name: string, op: GemmOperator): number {
  const design = designNamed(name);
  return mapGemm(design, op, tileOf(design, op)).counts.arrayCycles;
}

describe('rectangles of systolic cells', () => {
  it('are squares where their sides are equal', () => {
    for (const figna of [false, true])
      for (const dataflow of ['weight-stationary', 'output-stationary'] as const)
        for (const size of [4, 8, 16, 32, 64]) {
          const options = { figna, method: 'precise', dataflow, nodes: one } as const;
          expect(systolic({ ...options, size: { columns: size, rows: size } })).toEqual(
            systolic({ ...options, size }),
          );
        }
    expect(designNamed('sa-16x16-os')).toEqual(designNamed('sa-16-os'));
    expect(designNamed('sa-f-8x8@4x4')).toEqual(designNamed('sa-f-8@4x4'));
  });

  // SCALE-Sim's closed forms (Samajdar et al., ISPASS 2020, §III), written here from its axes.
  it('take the cycles of a weight-stationary array with K on its columns and N on its rows', () => {
    fc.assert(
      fc.property(
        fc.constantFrom([8, 32], [32, 8], [4, 64], [16, 16]),
        fc.integer({ min: 1, max: 64 }),
        fc.integer({ min: 1, max: 256 }),
        fc.integer({ min: 1, max: 256 }),
        ([columns, rows], m, k, n) => {
          const folds = Math.ceil(k / columns!) * Math.ceil(n / rows!);
          expect(arrayCycles(`sa-${columns}x${rows}`, gemm(m, k, n))).toBe(
            folds * (2 * columns! + rows! + m - 2) + 1,
          );
        },
      ),
    );
  });

  it('take the cycles of an output-stationary array with M on its columns and N on its rows', () => {
    fc.assert(
      fc.property(
        fc.constantFrom([8, 32], [32, 8], [4, 64], [16, 16]),
        fc.integer({ min: 1, max: 64 }),
        fc.integer({ min: 1, max: 256 }),
        fc.integer({ min: 1, max: 256 }),
        ([columns, rows], m, k, n) => {
          const folds = Math.ceil(m / columns!) * Math.ceil(n / rows!);
          expect(arrayCycles(`sa-${columns}x${rows}-os`, gemm(m, k, n))).toBe(
            folds * (k + 2 * columns! + rows! - 2),
          );
        },
      ),
    );
  });

  it('have as many cells as their sides say, and lanes at their edges', () => {
    const { components, array } = designNamed('sa-8x32-os');
    const count = (name: string) => components.find((part) => part.name === name)!.count;
    expect([array.columns, array.rows]).toEqual([8, 32]);
    expect([count('multiplier'), count('accumulator')]).toEqual([256, 256]);
    expect([count('ififo'), count('wfifo'), count('ofifo'), count('int_to_fp')]).toEqual([8, 32, 32, 32]);
  });

  it('are refused outside their limits, with the nearest', () => {
    for (const [name, nearest] of [
      ['sa-1x512', `sa-${RECTANGLE.min}x${RECTANGLE.max}`],
      ['sa-0x8-os', `sa-${RECTANGLE.min}x8-os`],
    ] as const)
      expect(() => designNamed(name)).toThrow(
        expect.objectContaining({ details: expect.objectContaining({ nearest }) }),
      );
    expect(() => designNamed('mugi-8x32')).toThrow('unknown design');
  });
});
