import { expect, it } from 'vitest';
import { changes } from './support.ts';

it('changes the cycles of Mugi alone', () => {
  for (const name of ['carat-256', 'sa-16', 'sd-16', 'tensor'])
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
