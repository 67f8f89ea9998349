import { describe, expect, it } from 'vitest';
import { emptyKv, KvCache } from '../../src/model/layer/kv-cache.ts';
import type { LayerKv } from '../../src/model/layer/layer-kv.ts';
import { headProduct, Linear } from '../../src/model/layer/linear.ts';
import { exactNonlinear } from '../../src/model/layer/nonlinear.ts';
import { WeightMatrix } from '../../src/model/weight/weight-matrix.ts';
import { encode } from '../../src/number/bf16.ts';
import { PUBLISHED_ARITHMETIC, REPAIRED_ARITHMETIC } from '../../src/vlp/arithmetic.ts';
import { EXACT_SUMS, gemm } from '../../src/vlp/gemm.ts';
import { quantize, quantizeKeys, quantizeValues } from '../../src/vlp/quantize.ts';
import { randomTensor } from './write-checkpoint.ts';

/** Exact sums, and those of the designs. */
const ALL_PRODUCTS = [EXACT_SUMS, PUBLISHED_ARITHMETIC.products, REPAIRED_ARITHMETIC.products];

describe('INT4 weights', () => {
  it('multiply BF16 inputs as the definition of VLP GEMM says', () => {
    const { values } = randomTensor([40, 96], 4);
    const { values: bias } = randomTensor([40], 5);
    const { values: x } = randomTensor([3, 96], 6);
    const linear = new Linear(WeightMatrix.fromFloat32(40, 96, values), bias);
    for (const [i, group] of [32, 64, 128].entries()) {
      const products = ALL_PRODUCTS[i];
      const matrix = quantize(values, 40, 96, {
        axis: 'inner',
        groupSize: Math.min(group, 96),
        tail: 'short',
      });
      const expected = gemm(encode(x), 3, matrix, products).map((v, at) => v + bias[at % 40]);
      const y = linear.apply(x, 3, {
        activations: 'fp32',
        weights: { type: 'int4', group },
        kv: 'fp32',
        products,
        nonlinear: exactNonlinear,
      });
      expect([...y]).toEqual([...expected]);
    }
  });

  it('are those of the output matrix where the arithmetic quantises it, and of nothing else', () => {
    const { values } = randomTensor([40, 96], 4);
    const { values: x } = randomTensor([3, 96], 6);
    const head = new Linear(WeightMatrix.fromFloat32(40, 96, values));
    const stored = head.apply(x, 3);
    const { products } = REPAIRED_ARITHMETIC;
    const arithmetic = {
      activations: 'fp32' as const,
      weights: { type: 'int4' as const, group: 32 },
      kv: 'fp32' as const,
      products,
      nonlinear: exactNonlinear,
    };
    expect(headProduct(head, x, 3, arithmetic)).toEqual(stored);
    expect(headProduct(head, x, 3)).toEqual(stored);
    const matrix = quantize(values, 40, 96, { axis: 'inner', groupSize: 64, tail: 'short' });
    const int4 = {
      ...arithmetic,
      weights: { type: 'stored' as const },
      head: { type: 'int4' as const, group: 64 },
    };
    expect([...headProduct(head, x, 3, int4)]).toEqual([...gemm(encode(x), 3, matrix, products)]);
  });
});

describe('keys and values of a layer', () => {
  const shape = { kvHeads: 2, headDim: 24 };
  const width = shape.kvHeads * shape.headDim;
  const tokens = 300;
  const keys = randomTensor([tokens, width], 7).values;
  const values = randomTensor([tokens, width], 8).values;
  /** One head's rows, close together. */
  const head = (rows: Float32Array, h: number) =>
    rows.filter((_, at) => Math.floor((at % width) / shape.headDim) === h);
  const filled = (kind: 'fp32' | 'int4', steps: readonly number[], products = EXACT_SUMS): LayerKv => {
    const kv = emptyKv(shape, { kv: kind, products });
    for (const [n, from] of steps.entries()) {
      const to = steps[n + 1] ?? tokens;
      kv.append(keys.subarray(from * width, to * width), values.subarray(from * width, to * width));
    }
    return kv;
  };

  it('give sums in FP32 that a double-precision pass confirms', () => {
    const kv = filled('fp32', [0, 1, 130]);
    const q = randomTensor([5, shape.headDim], 9).values;
    const [k, v] = [head(keys, 1), head(values, 1)];
    const scores = new Float32Array(5 * tokens);
    kv.scores(1, { x: q, rows: 5, limit: tokens, y: scores, yStride: tokens });
    const mixed = kv.mix(1, scores, 5, tokens, tokens);
    for (let r = 0; r < 5; r++) {
      const row = Array.from({ length: tokens }, (_, t) => {
        let sum = 0;
        for (let i = 0; i < 24; i++) sum += q[r * 24 + i] * k[t * 24 + i];
        return sum;
      });
      for (const [t, score] of row.entries()) expect(scores[r * tokens + t]).toBeCloseTo(score, 5);
      for (let i = 0; i < 24; i++) {
        const sum = row.reduce((total, p, t) => total + p * v[t * 24 + i], 0);
        expect(mixed[r * 24 + i]).toBeCloseTo(sum, 4);
      }
    }
  });

  it('in INT4 are quantizeKeys and quantizeValues of every token, multiplied as the definition says', () => {
    const q = randomTensor([2, 24], 10).values;
    const p = randomTensor([2, tokens], 11).values;
    const [k, v] = [quantizeKeys(head(keys, 0), tokens, 24), quantizeValues(head(values, 0), tokens, 24)];
    for (const products of ALL_PRODUCTS) {
      const scored = gemm(encode(q), 2, k, products);
      const mixed = gemm(encode(p), 2, v, products);
      // Prefilled in one go, in parts, and token by token: the same numbers.
      for (const steps of [[0], [0, 45, 46, 200], [0, 127, 128, 129], [0, 287, 288, 289, 290, 291]]) {
        const kv = filled('int4', steps, products);
        const scores = new Float32Array(2 * tokens);
        kv.scores(0, { x: q, rows: 2, limit: tokens, y: scores, yStride: tokens });
        expect([...scores]).toEqual([...scored]);
        expect([...kv.mix(0, p, 2, tokens, tokens)]).toEqual([...mixed]);
      }
      // A query of the middle sees the first tokens only.
      const kv = filled('int4', [0], products);
      const first = gemm(
        encode(p.subarray(0, 150)),
        1,
        quantizeValues(head(values, 0).subarray(0, 150 * 24), 150, 24),
        products,
      );
      expect([...kv.mix(0, p, 1, tokens, 150)]).toEqual([...first]);
    }
  });

  it('do not change their format under way', () => {
    const cache = new KvCache(shape);
    cache.layer(0, { kv: 'int4', products: EXACT_SUMS }).append(keys, values);
    expect(cache.length()).toBe(tokens);
    expect(() => cache.layer(0, { kv: 'fp32', products: EXACT_SUMS })).toThrow(/cannot continue as fp32/);
  });
});
