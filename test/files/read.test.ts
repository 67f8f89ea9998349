import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kindAt, namesIn, readBytes, readJson, readText } from '../../src/files/read.ts';
import { refusal } from '../refusal.ts';

const folder = mkdtempSync(join(tmpdir(), 'mugi-read-'));
const at = (name: string): string => join(folder, name);
const KIND = { what: 'design file', limit: 100 };

beforeAll(() => {
  mkdirSync(at('folder'));
  writeFileSync(at('text.json'), '\uFEFF{"a": 1}');
  writeFileSync(at('large'), 'x'.repeat(101));
  writeFileSync(at('latin'), Buffer.from([0x63, 0xe9]));
  writeFileSync(at('early.json'), '{"a":\n [1, 2');
  writeFileSync(at('wrong.json'), '{"a":\n x}');
  symlinkSync(at('folder'), at('link'));
  symlinkSync('/dev/zero', at('zero.json'));
  execFileSync('mkfifo', [at('pipe.json')]);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('a file', () => {
  it('is read whole, a byte order mark left out', () => {
    expect(readText(at('text.json'), KIND)).toBe('{"a": 1}');
    expect(readJson(at('text.json'), KIND)).toEqual({ a: 1 });
    expect(readText(at('latin'), KIND, true)).toBe('c\uFFFD');
    // Files of /proc say that they have no bytes.
    expect(readText('/proc/self/status', { what: 'status', limit: 1e5 })).toMatch(/^Name:/);
  });

  it.each([
    ['folder', 'invalid-file', 'this is a folder, not a design file'],
    ['link', 'invalid-file', 'this is a folder, not a design file'],
    ['zero.json', 'invalid-file', 'this is a device, not a design file'],
    ['pipe.json', 'invalid-file', 'this is a pipe, not a design file'],
    ['large', 'invalid-file', 'the file is larger than 100 bytes, which no design file is'],
    ['latin', 'invalid-file', 'not UTF-8 text: a byte in it is not part of any character'],
    ['text.json/below', 'missing-file', 'there is no such design file'],
    ['tex.json', 'missing-file', 'there is no such design file'],
    ['a\0b', 'missing-file', 'there is no such design file'],
  ])('%s is refused at once', (name, code, message) => {
    expect(refusal(() => readText(at(name), KIND))).toMatchObject({ code, message });
  });

  it('that is missing has the most similar one beside it named', () => {
    expect(refusal(() => readBytes(at('tex.json'), KIND)).nearest).toBe(at('text.json'));
  });

  it('that grows while it is read is read to its limit', () => {
    expect(refusal(() => readBytes('/proc/self/maps', KIND)).message).toMatch(/larger than 100 bytes/);
  });

  it('of broken JSON is refused with line and column', () => {
    expect(refusal(() => readJson(at('early.json'), KIND))).toMatchObject({
      message: 'not valid JSON: it ends too early',
      path: `${at('early.json')}:2:7`,
    });
    expect(refusal(() => readJson(at('wrong.json'), KIND))).toMatchObject({
      message: expect.stringMatching(/^not valid JSON: Unexpected token/),
      path: `${at('wrong.json')}:2:2`,
    });
  });
});

it('tells what lies at a path, and what lies in a folder', () => {
  expect(['text.json', 'link', 'pipe.json', 'none'].map((name) => kindAt(at(name)))).toEqual([
    'file',
    'folder',
    'other',
    'nothing',
  ]);
  expect(namesIn(folder, 'folder').folders).toEqual(['folder', 'link']);
  expect(refusal(() => namesIn(at('text.json'), 'folder of images')).code).toBe('missing-file');
});
