import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkWindows, windowAt } from '../../src/accuracy/windows/window-choice.ts';
import { readWindowFile, type WindowEntry } from '../../src/accuracy/windows/window-file.ts';
import { openModel } from '../../src/model/load.ts';
import { refusal } from '../refusal.ts';

const entry = (name: string, hi: number, place: { layer?: number; heads?: number[] } = {}): WindowEntry => ({
  function: name,
  lo: hi - 7,
  hi,
  anchor: 'max',
  ...place,
});

describe('the window of a place in a file', () => {
  const windows = [
    entry('silu', 1),
    entry('silu', 2, { layer: 3 }),
    entry('softmax', 3, { layer: 0, heads: [0, 2] }),
    entry('softmax', 4, { layer: 0, heads: [1] }),
    entry('softmax', 3, { layer: 1 }),
  ];
  const hi = (name: string, layer?: number, head?: number) =>
    windowAt(windows, { function: name, layer, head }, 'w.json').hi;

  it('is that of the last entry that matches', () => {
    expect([hi('silu', 0), hi('silu', 3), hi('silu', 77)]).toEqual([1, 2, 1]);
    expect([hi('softmax', 0, 0), hi('softmax', 0, 1), hi('softmax', 1), hi('softmax', 1, 9)]).toEqual([
      3, 4, 3, 3,
    ]);
  });

  it('needs no layer or head where these make no difference', () => {
    expect(
      windowAt([entry('silu', 1, { layer: 0 }), entry('silu', 1, { layer: 1 })], { function: 'silu' }, 'w')
        .hi,
    ).toBe(1);
    expect(refusal(() => hi('silu'))).toMatchObject({ path: 'w.json: windows', nearest: '`layer` 3' });
    expect(refusal(() => hi('softmax', 0))).toMatchObject({ expected: '`head` 0, 1, 2' });
  });

  it('names key and nearest value of what is not there', () => {
    expect(refusal(() => hi('gelu'))).toMatchObject({ path: 'w.json: windows: function', nearest: 'silu' });
    expect(refusal(() => hi('softmax', 5))).toMatchObject({ path: 'w.json: windows: layer', nearest: '1' });
    expect(refusal(() => hi('softmax', 0, 7))).toMatchObject({ path: 'w.json: windows: head', nearest: '2' });
  });
});

it('windows for another model are refused by place', async () => {
  const { config } = await openModel('mugi-tiny');
  const refused = (...windows: WindowEntry[]) => refusal(() => checkWindows(windows, config, 'w.json'));
  expect(() =>
    checkWindows([entry('softmax', 3), entry('silu', 3, { layer: 3 })], config, 'w'),
  ).not.toThrow();
  expect(refused(entry('softmax', 3), entry('gelu', 3))).toMatchObject({
    path: 'w.json: windows[1].function',
  });
  expect(refused(entry('silu', 3, { layer: 4 }))).toMatchObject({
    path: 'w.json: windows[0].layer',
    nearest: '3',
  });
  expect(refused(entry('softmax', 3, { heads: [0, 8] }))).toMatchObject({ nearest: '7' });
});

it('a file that is no window file is refused by key', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'mugi-windows-')), 'w.json');
  const refused = (content: unknown) => {
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return refusal(() => readWindowFile(path));
  };
  const good = {
    format: 'mugi-windows/1',
    model: 'm',
    mantissa_bits: 3,
    group_rows: 128,
    calibration: { text: 't', tokens: 1 },
    windows: [{ function: 'silu', lo: -6, hi: 1 }],
  };
  expect(refused('{"format": ').message).toContain('not valid JSON');
  expect(refused({ ...good, group_row: 8 })).toMatchObject({ nearest: 'group_rows' });
  const [window] = good.windows;
  expect(refused({ ...good, windows: [{ ...window, hi: 'one' }] }).path).toBe(`${path}: windows[0].hi`);
  expect(refused({ ...good, windows: [{ ...window, head: [1] }] })).toMatchObject({ nearest: 'heads' });
  expect(refused({ ...good, windows: [{ ...window, hi: 0 }] }).message).toContain('8 exponents');
  expect(refusal(() => readWindowFile(join(path, '..')))).toMatchObject({ code: 'invalid-file' });
});
