import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { duplicateKey } from '../../src/model/format/duplicate-key.ts';
import { openSafetensors } from '../../src/model/format/safetensors.ts';
import { temporaryFolder } from './write-checkpoint.ts';

interface Entry {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}
const entry = (begin: number, end: number, dtype = 'F32'): Entry => ({
  dtype,
  shape: [(end - begin) / 4],
  data_offsets: [begin, end],
});

/** A folder with a file of that header and so many bytes behind it. */
function checkpoint(header: string | Record<string, unknown>, bytes: number): string {
  const folder = temporaryFolder();
  mkdirSync(folder, { recursive: true });
  const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  writeFileSync(join(folder, 'model.safetensors'), Buffer.concat([length, text, Buffer.alloc(bytes)]));
  return folder;
}

describe('a safetensors file', () => {
  it('holds tensors one behind the other, in any order of the header', () => {
    const folder = checkpoint({ __metadata__: {}, b: entry(8, 24), a: entry(0, 8), none: entry(24, 24) }, 24);
    expect([...openSafetensors(folder).tensors.keys()]).toEqual(['b', 'a', 'none']);
    expect(openSafetensors(checkpoint({ q: entry(0, 8, 'F8_E4M3FNUZ') }, 8)).unread.get('q')?.type).toBe(
      'F8_E4M3FNUZ',
    );
  });

  it.each<[string, string | Record<string, unknown>, number, RegExp]>([
    ['shared bytes', { a: entry(0, 8), b: entry(4, 12) }, 12, /tensor b shares bytes/],
    ['a hole', { a: entry(0, 8), b: entry(12, 16) }, 16, /4 bytes before tensor b/],
    ['a hole in front', { a: entry(4, 8) }, 8, /4 bytes before tensor a/],
    ['a rest', { a: entry(0, 8) }, 10, /2 bytes behind the last tensor/],
    [
      'an end before the beginning',
      { a: { ...entry(0, 8), data_offsets: [8, 0] } },
      8,
      /ends before it begins/,
    ],
    [
      'a wrong size',
      { a: { ...entry(0, 8), dtype: 'I64' } },
      8,
      /occupies 8 bytes, its shape and type need 16/,
    ],
    [
      'a key twice',
      `{"a":${JSON.stringify(entry(0, 8))},"\\u0061":${JSON.stringify(entry(0, 8))}}`,
      8,
      /key "a" twice/,
    ],
    ['white space in front', ` {"a":${JSON.stringify(entry(0, 8))}}`, 8, /does not begin with \{/],
    ['a list', '[]', 0, /does not begin with \{/],
    ['too few bytes', { a: entry(0, 8) }, 4, /truncated: it ends inside tensor a/],
  ])('with %s is refused', (_, header, bytes, message) => {
    expect(() => openSafetensors(checkpoint(header, bytes))).toThrow(message);
  });
});

describe('an index', () => {
  it.each(['../outside.safetensors', '/etc/hostname', 'a/b.safetensors', 'a\\b', '.', '..', ''])(
    'that names the shard "%s" is refused',
    (shard) => {
      const folder = checkpoint({ a: entry(0, 8) }, 8);
      writeFileSync(
        join(folder, '..', 'outside.safetensors'),
        readFileSync(join(folder, 'model.safetensors')),
      );
      const sharded = temporaryFolder();
      mkdirSync(sharded, { recursive: true });
      writeFileSync(
        join(sharded, 'model.safetensors.index.json'),
        JSON.stringify({ weight_map: { a: shard } }),
      );
      expect(() => openSafetensors(sharded)).toThrow(/is no plain file name/);
    },
  );

  it('whose shard is a folder is refused', () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'f'), { recursive: true });
    writeFileSync(join(folder, 'model.safetensors.index.json'), JSON.stringify({ weight_map: { a: 'f' } }));
    expect(() => openSafetensors(folder)).toThrow(/this is a folder, not a safetensors file/);
  });
});

it.each([
  ['{"a": 1, "b": {"a": 2}, "c": ["a", "a", {"a": 1}]}', undefined],
  ['{"a": 1, "a" : 2}', 'a'],
  ['{"x": [{"k": "k", "k": 1}]}', 'k'],
  ['{"q\\"": 1, "q\\\\": 2, "q\\u0022": 3}', 'q"'],
  ['{"a": "b\\\\", "b": ":", "c": "a:"}', undefined],
])('finds what stands twice in %s', (text, key) => {
  expect(duplicateKey(text)).toBe(key);
});
