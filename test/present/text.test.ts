import { afterEach, describe, expect, it, vi } from 'vitest';
import { gainOf, gainText, verdict } from '../../src/evaluate/gain.ts';
import { METRICS } from '../../src/evaluate/metrics.ts';
import { fixed } from '../../src/present/readable.ts';
import { duration, scaledUnit, withUnit } from '../../src/present/si.ts';
import { stackedBars } from '../../src/present/stacked-bars.ts';
import { textTable } from '../../src/present/table.ts';
import { styled, textWidth, wrapped } from '../../src/present/terminal.ts';

const stdout = { isTTY: process.stdout.isTTY, columns: process.stdout.columns };
/** Makes standard output look like a terminal of so many columns, or like a file. */
function terminal(columns: number | undefined): void {
  process.stdout.isTTY = columns !== undefined;
  process.stdout.columns = columns ?? 0;
}
afterEach(() => {
  Object.assign(process.stdout, stdout);
  vi.unstubAllEnvs();
});

describe('a gain', () => {
  it('above 1 is better for every metric that has a better way, and there is none for others', () => {
    for (const metric of METRICS) {
      const better: 'higher' | 'lower' | undefined = 'better' in metric ? metric.better : undefined;
      const gain = gainOf({ better }, 2);
      expect([metric.name, gain]).toEqual([
        metric.name,
        better === undefined ? undefined : better === 'higher' ? 2 : 0.5,
      ]);
    }
    expect(gainOf({ better: 'lower' }, 0)).toBeUndefined();
    expect(gainOf({ better: 'higher' }, undefined)).toBeUndefined();
  });

  it('is named and written by its size', () => {
    expect([1.2, 1.004, 0.9].map(verdict)).toEqual(['better', 'same', 'worse']);
    expect([130.4, 12.34, 1.276, 0.163, 0.0879].map(gainText)).toEqual([
      '130×',
      '12.3×',
      '1.28×',
      '0.16×',
      '0.088×',
    ]);
  });
});

describe('the width of text', () => {
  it('is that of the terminal, and never below 80', () => {
    terminal(132);
    expect(textWidth()).toBe(132);
    terminal(50);
    expect(textWidth()).toBe(80);
  });

  it('is COLUMNS where there is no terminal, else 80', () => {
    terminal(undefined);
    vi.stubEnv('COLUMNS', '100');
    expect(textWidth()).toBe(100);
    vi.stubEnv('COLUMNS', '');
    expect(textWidth()).toBe(80);
  });
});

it('colours go to a terminal without NO_COLOR only', () => {
  vi.stubEnv('NO_COLOR', '');
  terminal(80);
  expect(styled('cyan', 'x')).toBe('\u001b[36mx\u001b[39m');
  vi.stubEnv('NO_COLOR', '1');
  expect(styled('cyan', 'x')).toBe('x');
  vi.stubEnv('NO_COLOR', '');
  terminal(undefined);
  expect(styled('cyan', 'x')).toBe('x');
});

it('control characters in the names of a file are escapes in text that wraps', () => {
  expect(wrapped('design: Mu\rgi\u009b')).toBe('design: Mu\\x0dgi\\x9b');
});

it('words stay whole where they fit a line, and indentation stays', () => {
  expect(wrapped('one two three four', 9)).toBe('one two\nthree\nfour');
  expect(wrapped('note: one two three', 12, '  ')).toBe('note: one\n  two three');
  expect(wrapped('abcdefghij', 4)).toBe('abcd\nefgh\nij');
  expect(wrapped('  part of it', 8)).toBe('  part\n  of it');
});

describe('a table', () => {
  const header = ['name', ...Array.from({ length: 12 }, (_, i) => `value ${i}`), 'words'];
  const rows = ['first', 'second'].map((name, at) => [
    name,
    ...Array.from({ length: 12 }, (_, i) => 1000 * (at + 1) + i),
    'so many words that no line of eighty columns could ever hold them all beside the numbers',
  ]);
  const columnsOf = (text: string): number => Math.max(...text.split('\n').map((line) => [...line].length));

  it.each([80, 100, 132, 400])('fits %i columns, and leaves nothing out', (width) => {
    const text = textTable(header, rows, { width });
    expect(columnsOf(text)).toBeLessThanOrEqual(width);
    for (const row of rows)
      for (const cell of row) for (const word of String(cell).split(' ')) expect(text).toContain(word);
    // Every part names the rows.
    for (const part of text.split('\n\n')) expect(part).toMatch(/^ name[^]*first[^]*second/);
    if (width === 400) expect(text.split('\n\n').length).toBe(1);
  });

  it('repeats as many leading columns as name a row', () => {
    const text = textTable(
      ['phase', ...header],
      rows.map((row) => ['decode', ...row]),
      { width: 80, keys: 2 },
    );
    for (const part of text.split('\n\n'))
      expect(part).toMatch(/^ phase +name[^]*decode +first[^]*decode +second/);
  });

  it('cuts the middle of a cell that is longer than any name, and draws the others line by line', () => {
    const name = `first${'['.repeat(18_000)}last`;
    const text = textTable(['name', 'x'], [[name, 1]], { width: 80 });
    expect(text.length).toBeLessThan(5000);
    for (const part of ['first', '…', 'last']) expect(text).toContain(part);
    const [, above, below] = textTable(['what', 'n'], [['one two three four five six', 5]], {
      width: 22,
    }).split('\n');
    expect([above.trim(), below.trim()]).toEqual(['one two three four  5', 'five six']);
  });

  it('cuts no number and no name', () => {
    const long = 'energy_efficiency_tokens_per_s_per_MJ';
    expect(
      textTable(['metric', 'x', 'what it is'], [[long, 1, `${'a'.repeat(30)} ${'b'.repeat(30)}`]], {
        width: 60,
      }),
    ).toContain(long);
  });

  it('breaks the long name of a key where it does not fit beside the columns that name a row', () => {
    const keys = ['g'.repeat(6), 'energy_efficiency_tokens_per_s_per_MJ', 'x'.repeat(17)];
    const text = textTable(['a', 'b', 'c', 'equal_at_printed_decimals'], [[...keys, 'true']], {
      width: 86,
      keys: 3,
    });
    expect(columnsOf(text)).toBeLessThanOrEqual(86);
    expect(text.replaceAll(/\n +/g, '')).toContain('equal_at_printed_decimals');
  });

  it('shows control characters of a file as escapes, and a style as itself', () => {
    terminal(80);
    vi.stubEnv('NO_COLOR', '');
    const style = (text: string): string => styled('yellow', text);
    const text = textTable(['a'], [['x\u001b[31m'], [{ text: 'y', style }]]);
    expect(text).toContain('x\\x1b[31m');
    expect(text).toContain('\u001b[33my\u001b[39m');
  });
});

it('bars are as long as their values, the largest the longest', () => {
  const text = stackedBars(
    [
      { label: 'a', parts: [10, 10], note: '20' },
      { label: 'b', parts: [5, 0], note: '5' },
      { label: 'c', parts: [0.001, 0.1], note: 'little' },
    ],
    ['x', 'y'],
    60,
  );
  const lengths = text
    .split('\n')
    .slice(0, 3)
    .map((line) => [...line].filter((c) => '█▓▒░'.includes(c)).length);
  expect(lengths).toEqual([40, 10, 1]);
  expect(text.split('\n')[2]).toContain('▓');
});

describe('units that people use', () => {
  it('have the prefix in which most values read well, one for a column', () => {
    expect(scaledUnit([0.295, 0.454, 0.76], 'J/token')).toEqual({ unit: 'mJ/token', scale: 1000 });
    expect(scaledUnit([3, 2e3, 5e3], 'tokens/s')).toEqual({ unit: 'ktokens/s', scale: 1e-3 });
    expect(scaledUnit([4e4], 'mm²')).toEqual({ unit: 'mm²', scale: 1 });
    expect(scaledUnit([Number.NaN, 0], 's')).toEqual({ unit: 's', scale: 1 });
  });

  it('stand behind a value', () => {
    expect(withUnit(0.454, 'J')).toBe('454 mJ');
    expect(withUnit(2.34e15, 'MAC')).toBe('2.34 PMAC');
    expect(['0.00031', '5.92', '356.3', '24209', '4e5'].map((text) => duration(Number(text)))).toEqual([
      '310 µs',
      '5.92 s',
      '5.94 min',
      '6.72 h',
      '4.63 d',
    ]);
  });
});

it('a number with fixed digits has a minus sign, and none where it rounds to nothing', () => {
  expect([1.005, 0, -0, -0.004, -0.005001, -12.5].map((value) => fixed(value, 2))).toEqual([
    '1.00',
    '0.00',
    '0.00',
    '0.00',
    '−0.01',
    '−12.50',
  ]);
});
