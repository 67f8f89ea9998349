import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { saidIn } from './json-lines.ts';
import { run } from '../../src/cli/main.ts';
import type { YosysResult } from '../../src/hardware/synthesis/yosys.ts';

/** yosys in place of which a netlist of one inverter stands: what matters here is when it is asked. */
const yosys = vi.hoisted(() => ({ version: '1.0', runs: 0 }));
vi.mock('../../src/hardware/synthesis/yosys.ts', () => ({
  yosysVersion: () => Promise.resolve(yosys.version),
  runYosys: (): Promise<YosysResult> => {
    yosys.runs++;
    const ports = { a: { direction: 'input', bits: [2] }, y: { direction: 'output', bits: [3] } };
    const cells = { inverter: { type: 'INV_X1', connections: { A: [2], Z: [3] } } };
    const netlist = { creator: 'test', modules: { mugi_8: { ports, cells, netnames: {} } } };
    return Promise.resolve({ files: { 'netlist.json': JSON.stringify(netlist) }, version: yosys.version });
  },
}));

let folder = '';
let [out, err] = ['', ''];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mugi-synth-cache-'));
  vi.stubEnv('XDG_CACHE_HOME', folder);
  Object.assign(yosys, { version: '1.0', runs: 0 });
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text);
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    err += String(text);
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

async function synth(): Promise<number> {
  [out, err] = ['', ''];
  await run(['synth', '--no-buffers', '--no-switching', '--json']);
  expect(JSON.parse(out).cells).toBe(1);
  return yosys.runs;
}

it('synthesises once, and again for another yosys', async () => {
  expect([await synth(), await synth()]).toEqual([1, 1]);
  yosys.version = '1.1';
  expect([await synth(), await synth()]).toEqual([2, 2]);
});

it('synthesises again where the cache holds something else, and keeps that', async () => {
  await synth();
  const cache = join(folder, 'mugi/synthesis');
  const [name] = readdirSync(cache);
  for (const text of ['garbage', '{"modules":{}}']) {
    writeFileSync(join(cache, name), gzipSync(text));
    const before = yosys.runs;
    expect([await synth(), await synth()]).toEqual([before + 1, before + 1]);
    expect(saidIn(err)).toBe('');
  }
});

it('gives its result where nothing can be kept', async () => {
  writeFileSync(join(folder, 'file'), '');
  vi.stubEnv('XDG_CACHE_HOME', join(folder, 'file'));
  expect([await synth(), await synth()]).toEqual([1, 2]);
  expect(JSON.parse(err.split('\n')[0]).note).toMatch(/^mugi: the synthesis is not kept for later runs: /);
});
