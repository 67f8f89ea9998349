import { expect, it } from 'vitest';
import { changed, changes, find, published, repaired } from './support.ts';

it('repaired, softmax alone gets slower and costs more', () => {
  for (const design of ['mugi-256', 'carat-256', 'sa-16', 'tensor']) {
    const [before, after] = [published({ design }), repaired('softmax-max', { design })];
    expect(changed(before, after)).toEqual(['prefill softmax', 'decode softmax']);
    expect(find(after, 'softmax').time).toBeGreaterThan(find(before, 'softmax').time);
    expect(find(after, 'softmax').energy).toBeGreaterThan(find(before, 'softmax').energy);
  }
});

it('repaired, a vector array needs 47 cycles instead of 45', () => {
  const [before, after] = [published({ design: 'sa-16' }), repaired('softmax-max', { design: 'sa-16' })];
  expect(find(after, 'softmax').time / find(before, 'softmax').time).toBeCloseTo(47 / 45, 12);
});

it('changes the rules and passes of softmax in a design, and nothing else', () => {
  for (const name of ['mugi-256', 'mugi-l-128', 'carat-256', 'sa-16', 'sa-16-taylor', 'tensor']) {
    const lines = changes(name, 'softmax-max');
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.filter((line) => !/^nonlinear\.softmax\.(rules\.|reads:)/.test(line))).toEqual([]);
  }
});
