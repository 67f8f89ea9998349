import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { QUIRKS } from '../../src/published/index.ts';
import type { Quirk } from '../../src/published/quirk.ts';
import { preset, REPAIR_NAMES } from '../../src/published/preset.ts';

it('docs/quirks.md shows the list of quirks, word for word', () => {
  const table = [
    '| switch | as published | repaired |',
    '|---|---|---|',
    ...QUIRKS.map(({ name, published, repaired }) => `| \`${name}\` | ${published} | ${repaired} |`),
  ];
  expect(readFileSync('docs/quirks.md', 'utf8')).toContain(`${table.join('\n')}\n\n`);
});

it('a quirk is a file of its name, with a test beside it', () => {
  const files = readdirSync('src/published');
  const tests = readdirSync('test/published');
  for (const name of REPAIR_NAMES) {
    expect(files).toContain(`${name}.ts`);
    expect(tests).toContain(`${name}.test.ts`);
    expect(readFileSync(`src/published/${name}.ts`, 'utf8')).toContain(`name: '${name}',`);
  }
});

it('the rooms below know of no quirk', () => {
  const sources = (folder: string): string[] =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => `${folder}/${name}`);
  const rooms = ['src/design', 'src/workload', 'src/technology', 'src/evaluate'].flatMap(sources);
  const switched = rooms.filter((path) => /\brepairs[.[]/.test(readFileSync(path, 'utf8')));
  expect(switched).toEqual([]);
});

it('as-published has every change and corrected has none; a preset is named after what it switches', () => {
  const count = (name: 'as-published' | 'corrected'): number =>
    Object.values(preset(name).changes).reduce((sum, list) => sum + list.length, 0);
  expect(count('corrected')).toBe(0);
  expect(count('as-published')).toBe(
    QUIRKS.flatMap((quirk) =>
      Object.values(quirk)
        .flat()
        .filter((value) => typeof value !== 'string'),
    ).length + QUIRKS.flatMap((quirk: Quirk) => quirk.omits ?? []).length,
  );
  expect(preset('corrected', { bandwidth: false, norms: false, rope: true })).toMatchObject({
    name: 'corrected −bandwidth −norms',
    flags: '--preset corrected --without bandwidth,norms',
  });
  expect(preset('as-published', { carbon: true }).flags).toBe('--preset as-published --with carbon');
});
