import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/**
 * A copy of the launcher whose own Node is too old, as far as it can tell, and whose Node of node_modules is a
 * script: it says its number, and ends with status 7, by a signal, or by what it catches.
 */
const folder = mkdtempSync(join(tmpdir(), 'mugi-launcher-'));
const bin = join(folder, 'bin/mugi.js');
const old = join(folder, 'old.cjs');
const node = join(folder, 'node_modules/.bin/node');
const sources = join(folder, 'src/cli/main.ts');

beforeAll(() => {
  for (const path of [bin, node, sources]) mkdirSync(dirname(path), { recursive: true });
  cpSync(fileURLToPath(new URL('../../bin/mugi.js', import.meta.url)), bin);
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  writeFileSync(old, "Object.defineProperty(process, 'versions', { value: { node: '20.19.0' } });");
  writeFileSync(
    node,
    `#!/bin/sh
case "$2" in
  status) exit 7 ;;
  killed) kill -KILL $$ ;;
  real) exec "${process.execPath}" "$@" ;;
esac
trap 'echo int; exit 41' INT
trap 'echo term; exit 42' TERM
echo $$
i=0
while [ $i -lt 200 ]; do sleep 0.05; i=$((i + 1)); done
`,
  );
  chmodSync(node, 0o755);
  writeFileSync(
    sources,
    'export const run = () => { console.log(process.pid); setInterval(() => {}, 1000); };',
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

const launch = (argument: string) =>
  spawn(process.execPath, ['--require', old, bin, argument], { stdio: ['ignore', 'pipe', 'inherit'] });

describe('the launcher under an old Node', () => {
  it.each([
    ['SIGINT', 'int', 41],
    ['SIGTERM', 'term', 42],
  ] as const)('hands %s to the child and ends with its status', async (signal, heard, status) => {
    const launcher = launch('wait');
    let out = '';
    launcher.stdout.on('data', (data) => (out += data));
    const closed = once(launcher, 'close');
    await once(launcher.stdout, 'data');
    launcher.kill(signal);
    expect(await closed).toEqual([status, null]);
    const [pid, caught] = out.trim().split('\n');
    expect(caught).toBe(heard);
    expect(() => process.kill(Number(pid), 0)).toThrow(/ESRCH/);
  });

  it.each([
    ['status', 7],
    ['killed', 128 + 9],
  ])('ends as the child does: %s', async (argument, status) => {
    expect(await once(launch(argument), 'close')).toEqual([status, null]);
  });

  it('ends the child when it is killed itself', async () => {
    const launcher = launch('real');
    await once(launcher.stdout, 'data');
    // The launcher's output closes when the child, which inherited it, has ended too.
    const closed = once(launcher, 'close');
    launcher.kill('SIGKILL');
    expect(await closed).toEqual([null, 'SIGKILL']);
  });
});
