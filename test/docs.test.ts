import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../src/cli/main.ts';
import { wordsOf } from '../src/question/shell.ts';
import { difference, examplesOf, inlineCommands, PAGES, root, textOf } from './docs/page.ts';

const run = promisify(execFile);

/** Parses a command with everything but its action. */
async function parses(args: readonly string[]): Promise<void> {
  const entry = COMMANDS.find(({ name }) => name === args[0]);
  if (entry === undefined) throw new Error(`no command "${args[0]}"`);
  const program = new Command('mugi').exitOverride().configureOutput({ writeErr: () => {} });
  (await entry.load()).define(program, COMMANDS);
  for (const command of program.commands)
    command
      .exitOverride()
      .configureOutput({ writeErr: () => {} })
      .action(() => {});
  await program.parseAsync([...args], { from: 'user' });
}

describe.each(PAGES)('%s', (page) => {
  it.concurrent.each(examplesOf(page))('$command', async ({ args, shown }) => {
    const { stdout, stderr } = await run(process.execPath, ['bin/mugi.js', ...args], {
      cwd: root,
      maxBuffer: 64e6,
      env: { ...process.env, COLUMNS: '120', NO_COLOR: '1' },
    });
    if (shown === undefined) expect(stdout.length + stderr.length).toBeGreaterThan(20);
    else expect(difference(stdout, shown)).toBe(undefined);
    if (args.includes('--json')) expect(() => JSON.parse(stdout)).not.toThrow();
  });

  it('names commands and flags that exist', async () => {
    for (const command of inlineCommands(page)) {
      const [name, ...words] = wordsOf(command.replace(/^(npx )?mugi /, ''));
      if (words.includes('--help')) continue;
      // A command that is only named needs none of its arguments.
      if (words.length === 0) expect(COMMANDS.map((entry) => entry.name)).toContain(name);
      else await expect(parses([name!, ...words]), command).resolves.toBeUndefined();
    }
  });

  it('links to files that exist', () => {
    for (const [, target = ''] of textOf(page).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^(https?:|#)/.test(target)) continue;
      const [file, anchor] = target.split('#');
      const path = join(root, dirname(page), file!);
      expect(existsSync(path), `${target} of ${page}`).toBe(true);
      if (anchor === undefined) continue;
      const headings = [...readFileSync(path, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
        title
          .toLowerCase()
          .replaceAll(/[^\p{L}\p{N}\s-]/gu, '')
          .trim()
          .replaceAll(/\s/g, '-'),
      );
      expect(headings, `${target} of ${page}`).toContain(anchor);
    }
  });

  it('names npm scripts that exist', () => {
    const { scripts } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as {
      scripts: Record<string, string>;
    };
    for (const [, name = ''] of textOf(page).matchAll(/npm run ([\w:-]+)/g))
      expect(Object.keys(scripts), `npm run ${name} of ${page}`).toContain(name);
  });
});

describe('what a page shows', () => {
  it('is held to what is printed, line by line', () => {
    const printed = 'a 1\nb 2\nc 3\n';
    expect(difference(printed, ['a 1', 'b 2', 'c 3'])).toBe(undefined);
    expect(difference(printed, ['a 1', '…'])).toBe(undefined);
    expect(difference(printed, ['…', 'c 3'])).toBe(undefined);
    expect(difference(printed, ['a 1', '…', 'c 3'])).toBe(undefined);
    expect(difference(printed, ['a 1', 'b 3', 'c 3'])).toContain('the page shows');
    expect(difference(printed, ['a 1', 'b 2'])).toContain('goes on to print');
    expect(difference(printed, ['…', 'a 2'])).toContain('the page shows');
    expect(difference(printed, ['b 2', '…'])).toContain('the page shows');
  });
});
