import { expect, it } from 'vitest';
import { overclaims } from '../../src/design/claims.ts';
import type { Design } from '../../src/design/design.ts';
import { designNamed, designNames } from '../../src/design/index.ts';
import { preset, designUnder } from '../../src/published/preset.ts';
import { OPEN_45 } from '../../src/technology/open-45.ts';
import { PUBLISHED_45 } from '../../src/technology/published-45.ts';

it('no built-in design claims more than its parts make, under any preset or technology', () => {
  for (const name of designNames())
    for (const chosen of ['corrected', 'as-published'] as const)
      for (const technology of [PUBLISHED_45, OPEN_45])
        expect([name, overclaims(designUnder(designNamed(name), preset(chosen), technology))]).toEqual([
          name,
          [],
        ]);
});

const wider = (name: string, factor: number): Design => {
  const design = designNamed(name);
  return { ...design, array: { ...design.array, rows: factor * design.array.rows } };
};

it('twice the rows with the parts of one: the part that bounds it is named', () => {
  expect(overclaims(wider('sa-16', 2))).toEqual([
    'its array claims 512 products a step of 1 cycle (16 × 32 × 1), but "multiplier" fires 256 times in a step: the others are free',
  ]);
  expect(overclaims(wider('mugi-64', 4))[0]).toContain('claims 2048 products a step of 8 cycles');
  expect(overclaims(wider('mugi-64', 4))[0]).toContain('"adder" fires 512 times');
});

it('picks make products as multipliers do, but not a choice of a few', () => {
  expect(overclaims(wider('pick-8', 2))[0]).toContain('but "pick" fires 512 times in a step');
  const pick = designNamed('pick-8');
  const components = pick.components.map((part) =>
    part.name === 'pick' ? { ...part, attributes: { width: 15, inputs: 2 } } : part,
  );
  expect(overclaims({ ...pick, components })[0]).toContain('but "pair_adder" fires 256 times');
});

it('a part that would fire more often than it can', () => {
  const design = designNamed('sa-16');
  const components = design.components.map((part) =>
    part.name === 'multiplier' ? { ...part, count: 64 } : part,
  );
  expect(overclaims({ ...design, components })).toEqual([
    '"multiplier" fires 256 times a step of 1 cycle, which its 64 instances cannot: they bound the array to 64 of the 256 products that it claims',
  ]);
});
