import { expect, it } from 'vitest';
import { designNamed } from '../../src/design/index.ts';
import { designUnder, preset } from '../../src/published/preset.ts';
import { PUBLISHED_45 } from '../../src/technology/published-45.ts';
import { changes } from './support.ts';

it('changes the cycles of Mugi, as published', () => {
  // Without `fill-drain` the others have neither fill nor drain.
  for (const name of ['carat-256', 'sa-16', 'sa-16-os', 'sd-16', 'tensor'])
    expect(changes(name, 'node-cycles')).toEqual([]);
  for (const name of ['mugi-256', 'mugi-l-128']) {
    const lines = changes(name, 'node-cycles');
    expect(lines.length).toBeGreaterThan(0);
    const place =
      /^(array\.pipeline|nonlinear\.(softmax|activation)\.(rules|sequence)|events\.temporal coder, nonlinear)\./;
    expect(lines.filter((line) => !place.test(line))).toEqual([]);
  }
});

it('Mugi-L, whose look-ups are not simulated, takes the cycles of products only', () => {
  expect(changes('mugi-l-128', 'node-cycles').filter((line) => !line.startsWith('array.pipeline.'))).toEqual(
    [],
  );
});

it('lets every array that keeps its sums in place drain for free, and no other', () => {
  const without = preset('corrected', { 'node-cycles': false });
  const perTile = (name: string, chosen = preset('corrected')): number | undefined => {
    const { pipeline } = designUnder(designNamed(name), chosen, PUBLISHED_45).array;
    return 'perTile' in pipeline ? pipeline.perTile : undefined;
  };
  const drains = {
    'mugi-256': 64,
    'mugi-l-64': 64,
    'carat-256': 128,
    'carat-64': 64,
    'sa-8x32-os': 8,
    'sa-16-os': 16,
  };
  for (const [name, cycles] of Object.entries(drains)) {
    expect([name, perTile(name)]).toEqual([name, cycles]);
    expect(perTile(name, without)).toBeUndefined();
  }
  for (const name of ['sa-16', 'sd-16', 'tensor']) expect(perTile(name)).toBeUndefined();
});
