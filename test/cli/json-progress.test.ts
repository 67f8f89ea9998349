import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { linesOf } from './json-lines.ts';

const bin = fileURLToPath(new URL('../../bin/mugi.js', import.meta.url));
const env = { ...process.env, MUGI_CACHE: mkdtempSync(join(tmpdir(), 'mugi-lines-')) };

const asked = (command: string) =>
  spawnSync(process.execPath, [bin, ...command.split(' '), '--json'], { env, encoding: 'utf8' });

it('accuracy tells on standard error what it does, a JSON object a line', () => {
  // Eight passes over 954 targets take more than a second on any machine.
  const { status, stdout, stderr } = asked('accuracy --tokens 1024 --arithmetic stored --windows default');
  expect(status).toBe(0);
  expect(() => JSON.parse(stdout) as unknown).not.toThrow();
  const lines = linesOf(stderr);
  expect(lines.length).toBeGreaterThan(0);
  for (const line of lines) {
    expect(line).toMatchObject({ command: 'accuracy', phase: 'losses', total: 954, unit: 'targets' });
    expect(line['elapsed_s']).toBeGreaterThanOrEqual(1);
  }
  expect(lines.at(-1)).toMatchObject({ done: 954, left_s: 0 });
});

it.each([
  'generate --prompt Call --max-tokens 40 --windows default',
  'mask --tokens 128',
  'tune --tokens 64 --calibration-tokens 64',
])('mugi %s --json says there only what is such a line', (command) => {
  const { status, stdout, stderr } = asked(command);
  expect(status).toBe(0);
  expect(() => JSON.parse(stdout) as unknown).not.toThrow();
  for (const line of linesOf(stderr)) expect(line['command']).toBe(command.split(' ')[0]);
});
