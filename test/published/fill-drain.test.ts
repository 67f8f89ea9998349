import { expect, it } from 'vitest';
import { changes } from './support.ts';

it('changes the pipeline alone', () => {
  expect(changes('sa-16', 'fill-drain')).toEqual(['array.pipeline.kind: ideal → weight-stationary']);
  expect(changes('sa-16-os', 'fill-drain')).toEqual(['array.pipeline.kind: ideal → output-stationary']);
  for (const name of ['mugi-256', 'carat-256', 'sd-16', 'tensor'])
    expect(changes(name, 'fill-drain').map((line) => line.split(':')[0])).toEqual([
      'array.pipeline.cycles',
      'array.pipeline.kind',
    ]);
});
