import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { exactJson, parseExactJson } from '../../src/files/exact-json.ts';
import { keyOf, WorkState } from '../../src/files/state.ts';

const folder = mkdtempSync(join(tmpdir(), 'mugi-state-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('keeps every number exactly', () => {
  const numbers = [Number.NaN, Infinity, -Infinity, -0, 0, 1e-320, 0.1, Number.MAX_VALUE];
  const state = new WorkState<object>('numbers', false, folder);
  state.set('unit', { numbers, nested: [{ loss: Number.NaN }] });
  const again = new WorkState<object>('numbers', false, folder);
  expect(again.resumed).toBe(1);
  expect(again.get('unit')).toStrictEqual({ numbers, nested: [{ loss: Number.NaN }] });
  fc.assert(
    fc.property(fc.jsonValue(), fc.double(), (value, number) => {
      const plain = JSON.parse(JSON.stringify(value)) as unknown;
      expect(parseExactJson(exactJson([plain, number]))).toEqual([plain, number]);
    }),
  );
});

it('tells numbers apart that JSON does not', () => {
  const keys = [Number.NaN, Infinity, -Infinity, null].map((value) => keyOf([value]));
  expect(new Set(keys).size).toBe(4);
});

it('takes nothing up from a file that was changed at any place', () => {
  const state = new WorkState<number[]>('whole', false, folder);
  state.set('a', [1, 2.5, Number.NaN]);
  state.set('b', [3]);
  const bytes = readFileSync(state.path);
  expect(new WorkState('whole', false, folder).resumed).toBe(2);
  for (let i = 0; i < bytes.length; i++) {
    const changed = Buffer.from(bytes);
    changed[i] ^= 1;
    writeFileSync(state.path, changed);
    expect(new WorkState('whole', false, folder).resumed, `byte ${i}`).toBe(0);
    writeFileSync(state.path, bytes.subarray(0, i));
    expect(new WorkState('whole', false, folder).resumed, `cut at ${i}`).toBe(0);
  }
  writeFileSync(join(folder, 'other.json'), bytes);
  expect(new WorkState('other', false, folder).resumed).toBe(0);
});

it('leaves signals and the end of the process alone when it is imported', () => {
  const script = `
    const counts = () => ['exit', 'SIGINT', 'SIGTERM'].map((name) => process.listenerCount(name)).join();
    const before = counts();
    await import(${JSON.stringify(new URL('../../src/files/state.ts', import.meta.url).href)});
    console.log(before === counts());
  `;
  const out = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  expect(out.trim()).toBe('true');
});
