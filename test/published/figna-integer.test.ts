import { expect, it } from 'vitest';
import { designNamed } from '../../src/design/index.ts';
import { designUnder, preset } from '../../src/published/preset.ts';
import { OPEN_45 } from '../../src/technology/open-45.ts';
import { PUBLISHED_45 } from '../../src/technology/published-45.ts';
import { changes, publishedDesign, repairedDesign } from './support.ts';

it('repaired, cells are integer, with converters at the edges of the array', () => {
  const design = repairedDesign('sa-f-8', 'figna-integer');
  const counts = Object.fromEntries(design.components.map(({ name, count }) => [name, count]));
  expect(counts).toMatchObject({
    figna_cell: 64,
    ch_aloc: 8,
    prealigner: 8,
    ch_dealoc: 8,
    int_to_fp_figna: 8,
  });
  for (const name of ['multiplier', 'accumulator', 'input_register', 'pe_register'])
    expect(counts[name]).toBeUndefined();
  const rest = changes('sa-f-8', 'figna-integer').filter((line) => !/^(components|events)\./.test(line));
  expect(rest).toEqual([]);
  for (const name of ['sa-16', 'sd-16', 'mugi-256', 'tensor'])
    expect(changes(name, 'figna-integer')).toEqual([]);
});

it('as published, a converter of each kind beside every full BF16 cell', () => {
  const counts = (name: string) =>
    Object.fromEntries(publishedDesign(name).components.map((part) => [part.name, part.count]));
  expect(counts('sa-f-8')).toMatchObject({ multiplier: 64, accumulator: 64, prealigner: 64, ch_aloc: 64 });
  expect(counts('sd-f-8')).toMatchObject({ multiplier: 64, accumulator: 56, prealigner: 64, ch_aloc: 64 });
});

it('where it stays, converters of one lane fire, as many as the edges of the real array have', () => {
  const fired = (name: string, part: string): number | undefined =>
    designUnder(designNamed(name), preset('corrected'), PUBLISHED_45).events.array!.find(
      ({ component }) => component === part,
    )?.count;
  for (const name of ['sa-f-16', 'sd-f-16'])
    expect([fired(name, 'prealigner'), fired(name, 'multiplier')]).toEqual([16, 256]);
});

it('a technology that prices no such cell keeps the published one', () => {
  const cell = ({ components }: ReturnType<typeof publishedDesign>): boolean =>
    components.some((part) => part.class === 'figna_pe');
  const under = (technology: typeof OPEN_45) =>
    designUnder(designNamed('sa-f-16'), preset('corrected'), technology);
  expect(cell(under(PUBLISHED_45))).toBe(false);
  expect(cell(under(OPEN_45))).toBe(true);
  expect(under(OPEN_45)).toEqual(designNamed('sa-f-16'));
});
