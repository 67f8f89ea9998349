import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { evaluatePoint, metrics } from '../src/index.ts';

/** Modules that a source file reaches by static imports, and the packages among them. */
function reach(url: URL, files = new Set<string>(), packages = new Set<string>()): Set<string> {
  if (files.has(url.href)) return packages;
  files.add(url.href);
  const source = readFileSync(url, 'utf8');
  for (const [, target = ''] of source.matchAll(/^(?:import|export)(?! type)[^;]*? from '([^']+)';/gm)) {
    if (target.startsWith('.')) reach(new URL(target, url), files, packages);
    else packages.add(target);
  }
  return packages;
}

it('the library reaches nothing that only Node has', () => {
  const packages = reach(new URL('../src/index.ts', import.meta.url));
  expect([...packages].sort()).toEqual(['fastest-levenshtein', 'pbf', 'zod']);
});

it('names to numbers in one call', () => {
  const answer = metrics(evaluatePoint({ design: 'mugi-256', model: 'llama-2-70b', preset: 'as-published' }));
  expect(answer.tokens_per_s.toFixed(2)).toBe('1.39');
});
