import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MugiError } from '../../src/errors.ts';
import { writeFolderAtomic } from '../../src/files/write-folder.ts';
import { makeFolder, writeFileAtomic } from '../../src/files/write.ts';

const folder = (): string => mkdtempSync(join(tmpdir(), 'mugi-write-'));

it('a file is written whole, in folders made for it, and leaves no neighbour', () => {
  const path = join(folder(), 'a', 'b', 'c.txt');
  writeFileAtomic(path, 'whole');
  expect(readFileSync(path, 'utf8')).toBe('whole');
  expect(readdirSync(join(path, '..'))).toEqual(['c.txt']);
});

it('what cannot be written is one error, and nothing half-written', () => {
  const base = folder();
  writeFileSync(join(base, 'file'), '');
  const path = join(base, 'file', 'below');
  expect(() => writeFileAtomic(path, 'x')).toThrow(MugiError);
  expect(() => writeFileAtomic(base, 'x')).toThrow(MugiError);
  expect(readdirSync(base)).toEqual(['file']);
});

it('a dash names no file: it is refused, and nothing is called so', () => {
  expect(() => writeFileAtomic('-', 'x')).toThrow(/standard output/);
  expect(() => makeFolder('-')).toThrow(/standard output/);
  expect(existsSync('-')).toBe(false);
});

it.skipIf(!existsSync('/dev/full'))('a full disk is an error (no /dev/full on this system: skipped)', () => {
  expect(() => writeFileAtomic('/dev/full', 'x')).toThrow(/ENOSPC/);
  expect(existsSync('/dev/full')).toBe(true);
});

describe('what a killed process has left beside a file', () => {
  /** A process that has certainly ended. */
  const { pid } = spawnSync(process.execPath, ['--version']);
  const host = hostname().replace(/[^\w-]/g, '');

  it('is removed by the next run, and nothing else is', async () => {
    const base = folder();
    const path = join(base, 'result.json');
    const dead = [`result.json.${pid}.tmp`, `result.json.${host}-${pid}.tmp`];
    const kept = [
      `result.json.${host}-${process.ppid}.tmp`,
      `result.json.elsewhere-${pid}.tmp`,
      `result.json.tmp`,
      `result.jsonx.${pid}.tmp`,
      `other.json.${host}-${pid}.tmp`,
    ];
    for (const name of [...dead, ...kept]) writeFileSync(join(base, name), 'half');
    writeFileAtomic(path, 'whole');
    expect(readdirSync(base).sort()).toEqual([...kept, 'result.json'].sort());

    const out = join(base, 'out');
    for (const purpose of ['tmp', 'old']) {
      mkdirSync(`${out}.${host}-${pid}.${purpose}`);
      writeFileSync(join(`${out}.${host}-${pid}.${purpose}`, 'a'), '');
    }
    await writeFolderAtomic(out, [{ name: 'a', text: '' }], { written: () => new Set(['a']) });
    expect(readdirSync(base).filter((name) => name.startsWith('out'))).toEqual(['out']);
  });

  it('of our own number is replaced, and a link there is not followed', () => {
    const base = folder();
    const path = join(base, 'result.json');
    writeFileSync(join(base, 'secret'), 'secret');
    symlinkSync(join(base, 'secret'), `${path}.${host}-${process.pid}.tmp`);
    writeFileAtomic(path, 'whole');
    expect(readFileSync(path, 'utf8')).toBe('whole');
    expect(readFileSync(join(base, 'secret'), 'utf8')).toBe('secret');
    expect(readdirSync(base).sort()).toEqual(['result.json', 'secret']);
  });
});
