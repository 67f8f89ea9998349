import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { writeFolderAtomic } from '../../src/files/write-folder.ts';

const folder = mkdtempSync(join(tmpdir(), 'mugi-write-folder-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('leaves the folder as it was, and nothing beside it, when a write fails', async () => {
  const out = join(folder, 'out');
  const written = () => new Set(['a']);
  await writeFolderAtomic(out, [{ name: 'a', text: 'before' }], { written });
  const files = [
    { name: 'a', text: 'after' },
    { name: 'no-such-folder/b', text: '' },
  ];
  await expect(writeFolderAtomic(out, files, { written })).rejects.toThrow(
    /cannot write the folder \(ENOENT\)/,
  );
  expect(readFileSync(join(out, 'a'), 'utf8')).toBe('before');
  expect(readdirSync(folder)).toEqual(['out']);
});
