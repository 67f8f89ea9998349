import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const pages = [
  'README.md',
  ...readdirSync(`${root}docs`)
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/** `npx mugi …` lines of the shell examples of a page. */
const commands = (page: string): string[] =>
  [...readFileSync(root + page, 'utf8').matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block = '']) =>
    block.split('\n').filter((line) => line.startsWith('npx mugi ')),
  );

const run = promisify(execFile);

it.concurrent.each(pages.flatMap((page) => commands(page).map((command) => ({ page, command }))))(
  '$page: $command',
  async ({ command }) => {
    const args = command
      .replace(/\s+#.*$/, '')
      .split(/\s+/)
      .slice(2);
    const { stdout } = await run(process.execPath, ['bin/mugi.js', ...args], { cwd: root, maxBuffer: 64e6 });
    expect(stdout.length).toBeGreaterThan(0);
  },
);
