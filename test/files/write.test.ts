import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { MugiError } from '../../src/errors.ts';
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
