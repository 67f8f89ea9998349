import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { run } from '../../src/cli/main.ts';

let folder = '';
let out = '';
let err = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mugi-rtl-'));
  out = join(folder, 'rtl');
  err = '';
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    err += String(text);
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

async function rtl(...args: string[]): Promise<number> {
  process.exitCode = 0;
  await run(['rtl', ...args]);
  const status = Number(process.exitCode);
  process.exitCode = 0;
  return status;
}

const contents = () =>
  Object.fromEntries(readdirSync(out).map((name) => [name, readFileSync(join(out, name), 'utf8')]));

describe('mugi rtl into a folder', () => {
  it('that an earlier run wrote leaves nothing of that run, nor anything beside it', async () => {
    expect(await rtl('--design', 'mugi-8', '--out', out)).toBe(0);
    const first = contents();
    expect(await rtl('--design', 'mugi-16', '--out', out)).toBe(0);
    expect(Object.keys(contents())).toContain('mugi_16.v');
    expect(await rtl('--design', 'mugi-8', '--out', `${out}/`)).toBe(0);
    expect(contents()).toEqual(first);
    expect(readdirSync(folder)).toEqual(['rtl']);
  });

  it('whose file list still serves iverilog', async () => {
    await rtl('--out', out);
    execFileSync('iverilog', ['-o', join(folder, 'testbench'), '-f', 'files.f', 'testbench.v'], { cwd: out });
    expect(readdirSync(folder)).toContain('testbench');
  });

  it.each([
    ['a file beside an earlier run', 'notes.txt', true],
    ['a folder of the name of a module', 'mugi_8.v', true],
    ['a file of its own', 'counter.v', false],
    ['a file list of its own that names it', 'counter.v', 'files.f'],
  ] as const)('that holds %s is refused, and left as it is', async (_, name, before) => {
    if (before === true) await rtl('--out', out);
    else mkdirSync(out);
    const path = join(out, name);
    rmSync(path, { force: true });
    if (name === 'mugi_8.v') mkdirSync(path);
    else writeFileSync(path, 'mine');
    if (before === 'files.f') writeFileSync(join(out, 'files.f'), `${name}\n`);
    const entries = readdirSync(out);
    expect(await rtl('--design', 'mugi-16', '--out', out)).toBe(1);
    expect(err).toContain(`rtl: the folder holds "${name}", which an earlier run did not write`);
    expect(readdirSync(out)).toEqual(entries);
    expect(readdirSync(folder)).toEqual(['rtl']);
  });

  it('that is empty, made before', async () => {
    mkdirSync(out);
    expect(await rtl('--out', out)).toBe(0);
    expect(readdirSync(out)).toContain('mugi_8.v');
  });

  it('of no name, or in which everything else runs, is refused', async () => {
    expect(await rtl('--out', '')).toBe(1);
    expect(err).toContain('the name of the folder is empty');
    expect(await rtl('--out', '.')).toBe(1);
    expect(err).toContain('the current folder cannot be replaced');
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('is all or nothing under %s', async (signal, status) => {
    expect(await rtl('--out', out)).toBe(0);
    expect(err).toBe(`wrote ${out}\n`);
    err = '';
    const first = contents();
    const exit = vi.spyOn(process, 'exit').mockReturnValue(undefined as never);
    const listeners = process.listenerCount(signal);
    const running = rtl('--design', 'mugi-16', '--out', out);
    const temporary = () => readdirSync(folder).filter((name) => name.endsWith('.tmp'));
    while (temporary().length === 0) await setImmediate();
    process.emit(signal, signal);
    process.emit(signal, signal);
    await running;
    expect(exit).toHaveBeenCalledWith(status);
    expect(err).toBe('mugi: interrupted; nothing was written\n');
    expect(contents()).toEqual(first);
    expect(readdirSync(folder)).toEqual(['rtl']);
    expect(process.listenerCount(signal)).toBe(listeners);
  });
});
