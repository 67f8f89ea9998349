import { describe, expect, it } from 'vitest';
import { MugiError, nearest } from '../src/errors.ts';
import { toCsv } from '../src/present/csv.ts';
import { textTable } from '../src/present/table.ts';
import { cut, line, printable, printableJson, printableText, shown } from '../src/shown.ts';

const ESCAPE = '\u001b]0;title\u0007';
const nest = (depth: number): unknown => {
  let value: unknown = 1;
  for (let i = 0; i < depth; i++) value = i % 2 === 0 ? [value] : { key: value };
  return value;
};

describe('what a file holds', () => {
  it('is shown without control characters', () => {
    expect(printable(`a${ESCAPE}\nb\u009bc\u202e`)).toBe('a\\x1b]0;title\\x07\\nb\\x9bc\\u202e');
    expect(printableText('a\n\tb\r\u001b')).toBe('a\n\tb\\x0d\\x1b');
    expect(shown('\u0000')).toBe('"\\x00"');
  });

  it('as JSON is printed without control characters, and read back as it was', () => {
    const value = { 'a\u009b': ['\u0085\n\u202e\u007f', 'ü"\\'], b: 1 };
    for (const indent of [0, 2]) {
      const text = printableJson(value, indent);
      expect(text).not.toMatch(/[^\P{Cc}\n]|\u202e/u);
      expect(JSON.parse(text)).toEqual(value);
    }
  });

  it('is shown bounded in depth, entries and length', () => {
    expect(shown(nest(100_000)).length).toBeLessThan(40);
    expect(shown(Array.from({ length: 1e5 }, (_, i) => i))).toBe('[0, 1, 2, 3, 4, 5, 6, 7, …]');
    expect(shown('x'.repeat(1e6))).toHaveLength(200);
    expect(shown({ a: [1, 'b'], c: null })).toBe('{"a": [1, "b"], "c": null}');
    expect(shown(undefined)).toBe('nothing');
  });

  it('is cut in the middle', () => {
    expect(cut('0123456789', 7)).toBe('0123…89');
    expect(line('\u0000'.repeat(1000), 20)).toHaveLength(20);
  });

  it('stands in an error on one line, below 4,000 characters', () => {
    const long = `${ESCAPE}\n${'y'.repeat(1e6)}`;
    const { details } = new MugiError({
      code: 'invalid-file',
      message: long,
      path: long,
      expected: long,
      received: long,
      nearest: long,
    });
    const all = Object.values(details).join('');
    expect(all.length).toBeLessThan(3800);
    expect(all).not.toMatch(/\p{Cc}/u);
    expect(Object.keys(new MugiError({ code: 'internal', message: 'x' }).details)).toEqual([
      'code',
      'message',
    ]);
  });

  it('has no nearest name when it is no name', () => {
    expect(nearest('x'.repeat(1e6), ['y'.repeat(1e6), 'mugi'])).toBeUndefined();
    expect(nearest('mugo', ['mugi', 'y'.repeat(1e6)])).toBe('mugi');
  });

  it('stands in tables and CSV without control characters, and is no formula there', () => {
    expect(textTable(['name'], [[ESCAPE]])).not.toContain('\u001b');
    expect(toCsv([{ a: '=1+1', b: '-3.5', c: -3.5, d: '@x', e: `${ESCAPE},` }])).toBe(
      'a,b,c,d,e\n\'=1+1,-3.5,-3.5,\'@x,"\\x1b]0;title\\x07,"\n',
    );
  });
});
