import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const module = (name: string): string => new URL(`../../src/files/${name}.ts`, import.meta.url).href;

/** Writes half a file, then is interrupted; `before` runs first. */
const script = (path: string, before: string): string => `
  import { writeFileSync } from 'node:fs';
  import { announceInterrupts, announceOnInterrupt } from ${JSON.stringify(module('interrupt'))};
  import { writeAsideAtomic } from ${JSON.stringify(module('write'))};
  announceInterrupts();
  ${before}
  await writeAsideAtomic(${JSON.stringify(path)}, async (neighbour) => {
    writeFileSync(neighbour, 'half');
    process.kill(process.pid, 'SIGINT');
    await new Promise((resolve) => setTimeout(resolve, 60_000));
  });`;

it.each([
  ['', 'nothing was written'],
  ['announceOnInterrupt();', 'what is finished is kept, the same command goes on behind it'],
])('leaves nothing of a file that Ctrl-C finds in the making, and says one thing: %s', (before, said) => {
  const folder = mkdtempSync(join(tmpdir(), 'mugi-interrupt-'));
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--input-type=module', '--eval', script(join(folder, 'large'), before)],
    { encoding: 'utf8' },
  );
  expect([status, stderr]).toEqual([130, `mugi: interrupted; ${said}\n`]);
  expect(readdirSync(folder)).toEqual([]);
});
