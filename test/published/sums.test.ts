import { expect, it } from 'vitest';
import { designNamed } from '../../src/design/index.ts';
import { sums } from '../../src/published/sums.ts';
import { PUBLISHED_ARITHMETIC, REPAIRED_ARITHMETIC } from '../../src/vlp/arithmetic.ts';

it('sums takes cascade and chains back, and changes nothing else', () => {
  const design = designNamed('mugi-256');
  expect(design.arithmetic).toBe(REPAIRED_ARITHMETIC);
  const { arithmetic, ...rest } = sums.design(design);
  expect(arithmetic).toEqual(PUBLISHED_ARITHMETIC);
  const { arithmetic: _, ...before } = design;
  expect(rest).toEqual(before);
});

it('a vector array keeps its row sums', () => {
  const { softmax, products } = sums.design(designNamed('sa-16')).arithmetic;
  expect(softmax.sum).toBe('fp32');
  expect(products.chain).toBeUndefined();
});
