import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { root, textOf } from './page.ts';

const folder = mkdtempSync(join(tmpdir(), 'mugi-pictures-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Pictures of the node, and the commands below them that made them. */
const MADE = [
  ...textOf('docs/node.md').matchAll(/\(pictures\/([\w-]+\.svg)\)\n\nMade by `mugi (simulate [^`]+) \1`/g),
].map(([, name, command]) => [name, command] as const);

it('two pictures of the node say how they were made', () => {
  expect(MADE.map(([name]) => name)).toEqual(['node-gemm.svg', 'node-silu.svg']);
});

it.each(MADE)('docs/pictures/%s is what mugi %s draws', (name, command) => {
  const drawn = join(folder, name);
  execFileSync(process.execPath, ['bin/mugi.js', ...command.split(' '), drawn], { cwd: root, stdio: 'pipe' });
  expect(readFileSync(drawn, 'utf8')).toBe(textOf(`docs/pictures/${name}`));
});
