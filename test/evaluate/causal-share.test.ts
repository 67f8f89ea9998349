import fc from 'fast-check';
import { expect, it } from 'vitest';
import { designNamed } from '../../src/design/index.ts';
import { mapGemm, tileOf } from '../../src/design/mapping/gemm.ts';
import type { Design } from '../../src/design/design.ts';
import { causalShare } from '../../src/evaluate/execute/product.ts';
import { metrics } from '../../src/evaluate/metrics.ts';
import { answer } from '../../src/question/point.ts';
import { question } from '../../src/question/question.ts';
import { type GemmOperator, oneProduct } from '../../src/workload/operator.ts';

/** The definition: tile by tile of query positions, the pieces of keys that it needs. */
function looped(design: Design, op: GemmOperator): number {
  const { n, k } = mapGemm(design, op, tileOf(design, op));
  const { axis, rowsPerPosition, window = Infinity } = op.causal!;
  const positions = op.m / rowsPerPosition;
  const perTile = Math.max(1, Math.floor(design.array.columns / rowsPerPosition));
  const piece = axis === 'n' ? design.array.rows : design.array.depth;
  const whole = axis === 'n' ? n.folds : Math.ceil(k.size / piece);
  let [needed, tiles] = [0, 0];
  for (let first = 0; first < positions; first += perTile) {
    const last = Math.min(positions, first + perTile);
    needed += Math.min(whole, Math.ceil(last / piece));
    needed -= Math.floor(Math.max(0, first + 1 - window) / piece);
    tiles++;
  }
  return needed / (tiles * whole);
}

it.each(['mugi-8', 'mugi-256', 'sa-4', 'sa-16-os', 'sd-16', 'tensor', 'carat-32'])(
  '%s skips what causality leaves out as a loop over tiles does, in every bit',
  (name) => {
    const design = designNamed(name);
    const whole = fc.integer({ min: 1, max: 3000 });
    fc.assert(
      fc.property(
        whole,
        fc.integer({ min: 1, max: 9 }),
        fc.constantFrom('n' as const, 'k' as const),
        fc.option(whole, { nil: undefined }),
        fc.integer({ min: 0, max: 40 }),
        (positions, rowsPerPosition, axis, window, more) => {
          const keys = Math.max(1, positions + more - 20);
          const op = oneProduct({
            m: positions * rowsPerPosition,
            k: axis === 'k' ? keys : 128,
            n: axis === 'n' ? keys : 128,
            operand: axis === 'n' ? 'keys' : 'values',
            causal: { axis, rowsPerPosition, ...(window === undefined ? {} : { window }) },
          });
          const { n, k } = mapGemm(design, op, tileOf(design, op));
          expect(causalShare(design, op, { n, k })).toBe(looped(design, op));
        },
      ),
      { numRuns: 300 },
    );
  },
);

it('reads the longest prompt at once', () => {
  const asked = question({ context: 2 ** 24, prefill: 2 ** 24, designs: ['mugi-8', 'sa-4', 'sa-4-os'] });
  for (const one of answer(asked)) expect(metrics(one).time_s).toBeGreaterThan(0);
});
