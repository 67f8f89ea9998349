import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { saidIn } from './json-lines.ts';
import { run } from '../../src/cli/main.ts';

const folder = mkdtempSync(join(tmpdir(), 'mugi-synth-'));
afterAll(() => rmSync(folder, { recursive: true }));
beforeAll(() => {
  process.env.XDG_CACHE_HOME = folder;
});

async function mugi(...args: string[]): Promise<{ out: string; err: string; status: number }> {
  let [out, err] = ['', ''];
  const stdout = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text);
    return true;
  });
  const stderr = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    err += String(text);
    return true;
  });
  process.exitCode = 0;
  await run(args);
  const status = Number(process.exitCode);
  process.exitCode = 0;
  stdout.mockRestore();
  stderr.mockRestore();
  return { out, err, status };
}

it('states a rival as it states the node, and two seeds agree', async () => {
  const { out, err } = await mugi('synth', '--design', 'sa-2x4-os', '--json');
  expect(saidIn(err)).toBe('');
  const first = JSON.parse(out);
  expect([first.design, first.macs_per_cycle]).toEqual(['sa-2x4-os', 8]);
  expect(first.timing.met).toBe(true);
  const { energy_per_mac_pJ: mac } = first;
  const parts = [mac.data, mac.wires, mac.data_pins, mac.clock, mac.clock_gates];
  expect(Math.min(...parts)).toBeGreaterThan(0);
  expect(mac.total).toBeCloseTo(
    parts.reduce((all, part) => all + part, 0),
    4,
  );
  expect(mac.timed_total).toBeCloseTo(mac.total + mac.glitches, 4);
  expect(mac.glitches).toBeGreaterThan(0.05 * mac.total);
  // What was counted from the composition is what was mapped, each module as often.
  const counted = new Map<string, { instances: number; register_bits: number }>(
    first.inventory.map((row: { module: string }) => [row.module, row]),
  );
  for (const { module, instances, flops } of first.modules) {
    expect(counted.get(module)?.instances, module).toBe(instances);
    expect(flops, module).toBeLessThanOrEqual(instances * counted.get(module)!.register_bits);
  }
  expect([mac.lanes, mac.stimulus.startsWith('random GEMM, seed 1, 8 x k x 4')]).toEqual([8, true]);
  const other = JSON.parse((await mugi('synth', '--design', 'sa-2x4-os', '--seed', '2', '--json')).out);
  for (const sum of ['total', 'timed_total', 'estimated_total']) {
    expect(other.energy_per_mac_pJ[sum]).not.toBe(mac[sum]);
    expect(Math.abs(other.energy_per_mac_pJ[sum] / mac[sum] - 1)).toBeLessThan(0.03);
  }
  const { out: text } = await mugi('synth', '--design', 'sa-2x4-os', '--no-switching');
  expect(text).toContain('output-stationary systolic array, 2 tokens x 4 of n, BF16, 8 MAC a cycle');
}, 600_000);

it.each([
  [['synth', '--batch', '4'], /--batch has no effect: the node is measured with a token a column/],
  [['synth', '--design', 'sd-6'], /cannot be built on gates/],
  [['synth', '--design', 'tensor'], /no whole machine is called "tensor"/],
])('%s is refused', async (args, message) => {
  const { err, status } = await mugi(...args);
  expect(err).toMatch(message);
  expect(status).toBe(1);
});
