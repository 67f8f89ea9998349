import { expect, it } from 'vitest';
import { designNamed } from '../../src/design/index.ts';
import { sums } from '../../src/published/sums.ts';
import { priceDesign } from '../../src/evaluate/whole-machines.ts';
import { OPEN_45 } from '../../src/technology/open-45.ts';
import { PUBLISHED_45 } from '../../src/technology/published-45.ts';
import type { Technology } from '../../src/technology/technology.ts';
import { changes } from './support.ts';
import { PUBLISHED_ARITHMETIC, REPAIRED_ARITHMETIC } from '../../src/vlp/arithmetic.ts';

it('sums takes cascade and chains back, with what the cascade costs, and changes nothing else', () => {
  const design = designNamed('mugi-256');
  expect(design.arithmetic).toBe(REPAIRED_ARITHMETIC);
  expect(sums.design(design).arithmetic).toEqual(PUBLISHED_ARITHMETIC);
  const moved = changes('mugi-256', 'sums').filter((change) => !change.startsWith('arithmetic.'));
  expect(moved.filter((change) => !change.startsWith('components.cascade_'))).toEqual([
    'events.sum.cascade_and: none → 256',
    'events.sum.cascade_or: none → 256',
    `nonlinear.softmax.rules.5.share: 1 → ${3 + 1 / 8 + 1 / 64 + 1 / 512 - 2}`,
  ]);
});

it('a key adds a seventh more in the cascade, and a tile of rows takes a frame more', () => {
  const cascading = designNamed('mugi-256').nonlinear.softmax;
  const without = sums.design(designNamed('mugi-256')).nonlinear.softmax;
  expect(cascading.sequence!.perTile - without.sequence!.perTile).toBe(8);
  const share = ({ rules }: typeof cascading) => rules.find(({ event }) => event === 'sum')!.share!;
  expect(share(cascading) - share(without)).toBeCloseTo(73 / 512, 12);
});

it('the gates of the cascade are within a factor of three of those that were synthesised', () => {
  const area = (technology: Technology): number => {
    const { components } = priceDesign(designNamed('mugi-256'), technology);
    const of = (name: string): number => components.find((part) => part.name === name)!.area;
    return (of('cascade_and') + of('cascade_or')) / of('adder');
  };
  // docs/sums.md: 30 µm² of an accumulator of 1,726 µm², of which the adder is a third to a half.
  for (const technology of [PUBLISHED_45, OPEN_45]) {
    expect(area(technology)).toBeGreaterThan(0.01);
    expect(area(technology)).toBeLessThan(0.1);
  }
});

it('a vector array keeps its row sums', () => {
  const { softmax, products } = sums.design(designNamed('sa-16')).arithmetic;
  expect(softmax.sum).toBe('fp32');
  expect(products.chain).toBeUndefined();
});
