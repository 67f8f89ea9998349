import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { cachedNetlist, keepNetlist, synthesisKey } from '../../src/cli/source/synthesis-cache.ts';

const json = JSON.stringify({
  creator: 'test',
  modules: {
    top: {
      ports: { a: { direction: 'input', bits: [2] }, y: { direction: 'output', bits: [3] } },
      cells: { inverter: { type: 'INV_X1', connections: { A: [2], ZN: [3] } } },
      netnames: {},
    },
  },
});
const key = synthesisKey(['a']);

let folder = '';
let err = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mugi-cache-'));
  vi.stubEnv('XDG_CACHE_HOME', folder);
  err = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    err += String(text);
    return true;
  });
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

describe('the synthesis cache', () => {
  it('gives back what it keeps, under its key and top only', () => {
    keepNetlist(key, json);
    expect(cachedNetlist(key, 'top')?.gates.map(({ type }) => type)).toEqual(['INV_X1']);
    expect(cachedNetlist(key, 'other')).toBeUndefined();
    expect(cachedNetlist(synthesisKey(['b']), 'top')).toBeUndefined();
    expect(err).toBe('');
  });

  it.each([
    ['no gzip', Buffer.from('garbage')],
    ['garbage in gzip', gzipSync('garbage')],
    ['an empty file in gzip', gzipSync('')],
    ['a netlist of nothing', gzipSync('{"modules":{}}')],
    ['a netlist without its digest', gzipSync(`\n${json}`)],
    ['a netlist that was changed', gzipSync(`${'0'.repeat(64)}\n${json}`)],
  ])('counts %s as absent', (_, bytes) => {
    const cache = join(folder, 'mugi/synthesis');
    mkdirSync(cache, { recursive: true });
    writeFileSync(join(cache, `${key}.json.gz`), bytes);
    expect(cachedNetlist(key, 'top')).toBeUndefined();
    keepNetlist(key, json);
    expect(cachedNetlist(key, 'top')).toBeDefined();
    expect(readdirSync(cache)).toEqual([`${key}.json.gz`]);
  });

  it('only notes that it cannot keep a netlist', () => {
    writeFileSync(join(folder, 'file'), '');
    vi.stubEnv('XDG_CACHE_HOME', join(folder, 'file'));
    keepNetlist(key, json);
    expect(err).toMatch(/^mugi: the synthesis is not kept for later runs: .*file.*\(E(NOTDIR|EXIST)\)\n$/);
    expect(cachedNetlist(key, 'top')).toBeUndefined();
  });
});
