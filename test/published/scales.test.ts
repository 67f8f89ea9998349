import { expect, it } from 'vitest';
import { designNamed } from '../../src/design/index.ts';
import { fittingTile, mapGemm } from '../../src/design/mapping/gemm.ts';
import { inputScalings, scaleBitsOf } from '../../src/design/mapping/scales.ts';
import { evaluatePoint } from '../../src/question/point.ts';
import { preset } from '../../src/published/preset.ts';
import type { GemmOperator } from '../../src/workload/operator.ts';
import { changes, find, published, repaired } from './support.ts';

const design = designNamed('mugi-256');
const { operators } = evaluatePoint({ design: 'mugi-256', model: 'llama-2-70b' });
const gemm = (name: string): GemmOperator => find({ operators } as never, name).operator as GemmOperator;

it('scales have a place in the design, and the published model leaves them out', () => {
  expect(changes('mugi-256', 'scales')).toEqual(['scaleBits: 0 → 16']);
  expect(changes('sa-16', 'scales')).toEqual(['scaleBits: 0 → 16']);
});

it('a scale stands for as many elements as the arithmetic says', () => {
  expect(scaleBitsOf(design, gemm('q'))).toBe(16 / design.arithmetic.weights.group);
  // Keys and values of a token and head: 128 elements in Llama 2.
  expect(scaleBitsOf(design, gemm('q·kT'))).toBe(16 / 128);
  expect(scaleBitsOf(design, gemm('a·v'))).toBe(16 / 128);
  // Operands that are no INT4 have none; what a file says holds.
  expect(scaleBitsOf(design, { ...gemm('q'), weightBits: 16 })).toBe(0);
  expect(scaleBitsOf(design, { ...gemm('q'), scaleBits: 0.5 })).toBe(0.5);
});

it('queries and probabilities are scaled once each', () => {
  expect(inputScalings(design, gemm('q'))).toBe(0);
  const one = { ...gemm('a·v'), batch: 3, m: 5, k: 7, n: 128 };
  expect(inputScalings(design, one)).toBe(3 * 5 * 7);
  expect(inputScalings(design, { ...one, k: { from: 7, to: 9 } })).toBe(3 * 5 * (7 + 8 + 9));
  expect(inputScalings(design, { ...one, k: 128, n: { from: 7, to: 9 } })).toBe(3 * 5 * 128 * 3);
  expect(inputScalings({ ...design, scaleBits: 0 }, one)).toBe(0);
});

it('a group of weights ends where a chain of sums and a tile do', () => {
  const { weights, products } = design.arithmetic;
  expect([weights.group, products.chain]).toEqual([256, 256]);
  expect(fittingTile(design, gemm('q')).k).toBe(weights.group);
});

it('what crosses the edge grows by 1.6 % for weights and 3.1 % for keys and values, and nothing else', () => {
  const [before, after] = [published(), repaired('scales')];
  const grown = (name: string): number =>
    find(after, name).work.dram.weight / find(before, name).work.dram.weight;
  expect(grown('q')).toBeCloseTo(1 + 1 / 64, 12);
  expect(grown('q·kT')).toBeCloseTo(1 + 1 / 32, 12);
  expect(grown('a·v')).toBeCloseTo(1 + 1 / 32, 12);
  const rest = (evaluation: typeof before): number[] =>
    evaluation.operators.map(({ work }) => work.dram.input + work.dram.output);
  expect(rest(after)).toEqual(rest(before));
  const { counts } = mapGemm(design, gemm('q'), fittingTile(design, gemm('q')));
  const bare = mapGemm({ ...design, scaleBits: 0 }, gemm('q'), fittingTile(design, gemm('q'))).counts;
  expect(counts.weightWrites / bare.weightWrites).toBeCloseTo(1 + 1 / 64, 12);
});

it('new keys and values take their scales with them into the cache', () => {
  const at = (scaled: boolean, kvBits = 4) =>
    find(
      evaluatePoint({
        design: 'mugi-256',
        model: 'llama-2-70b',
        kvBits,
        preset: preset('corrected', { scales: scaled }),
      }),
      'kv-write',
      'prefill',
    ).work;
  expect(at(true).dram.output - at(false).dram.output).toBe(80 * 2 * 8 * 64 * 8 * 16);
  expect(at(true).words.some((words, i) => words > at(false).words[i])).toBe(true);
  expect(at(true, 16).dram.output).toBe(at(false, 16).dram.output);
});

it('corrected has them', () => {
  expect(preset('corrected').repairs.scales).toBe(true);
});
