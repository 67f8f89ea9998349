import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { saidIn } from './json-lines.ts';
import { run } from '../../src/cli/main.ts';
import { toBits } from '../../src/number/bf16.ts';

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

/** Two simulations at zero delay and two timed ones take most of it. */
const PATIENCE = 600_000;

describe('mugi synth', () => {
  let first = '';

  it(
    'maps the node, finds the gates equal to the cycle model, and sums its table',
    async () => {
      const { out, err } = await mugi('synth', '--design', 'mugi-8', '--json');
      expect(saidIn(err)).toBe('');
      const result = JSON.parse(out);
      expect(result.switching.gates_equal_cycle_model).toBe(true);
      const { runs } = result.switching;
      expect(runs.map(({ work }: { work: string }) => work)).toEqual(['gemm', 'softmax']);
      for (const { cycles, data_pJ_per_cycle } of runs) {
        expect(cycles).toBeGreaterThan(250);
        expect(data_pJ_per_cycle).toBeGreaterThan(3);
      }
      const area = result.modules.reduce(
        (sum: number, module: { area_um2: number }) => sum + module.area_um2,
        0,
      );
      expect(result.area_mm2).toBeCloseTo(area / 1e6, 6);
      // The published placed and routed node has 0.056 mm2; cells alone must be less, and of that order.
      expect(result.area_mm2).toBeGreaterThan(0.035);
      expect(result.area_mm2).toBeLessThan(0.056);
      const [node] = result.published;
      expect([node.block, node.published_um2]).toEqual(['node of 8 rows', 56000]);
      expect(node.ratio).toBeCloseTo(result.area_mm2 / 0.056, 2);
      // The clock is met with margin, and what limits each unit is told, slowest first.
      expect(result.timing.met).toBe(true);
      expect(result.timing.frequency_MHz).toBeGreaterThan(440);
      const { units } = result.timing;
      expect(units[0].MHz).toBe(Math.round(result.timing.frequency_MHz));
      expect(units.map(({ MHz }: { MHz: number }) => MHz)).toEqual(
        units.map(({ MHz }: { MHz: number }) => MHz).sort((a: number, b: number) => a - b),
      );
      expect(units.map(({ unit }: { unit: string }) => unit)).toEqual(
        expect.arrayContaining(['post_processing', 'vector_lane', 'processing_element', 'sequencer']),
      );
      // Buffers pay: the mapped netlist alone is smaller and misses the clock.
      expect(result.buffering.buffers).toBeGreaterThan(100);
      expect(result.mapped.frequency_MHz).toBeLessThan(400);
      expect(result.mapped.area_mm2).toBeLessThan(result.area_mm2);
      const plain = JSON.parse(
        (await mugi('synth', '--json', '--no-buffers', '--no-switching', '--wire', '1')).out,
      );
      expect(plain.timing.frequency_MHz).toBe(result.mapped.frequency_MHz);
      expect(plain.area_mm2).toBeCloseTo(result.mapped.area_mm2, 6);
      first = out;
      expect((await mugi('synth', '--csv', '--no-switching')).out).toMatch(
        /^module,instances,cells,flops,area_um2,leakage_uW\n/,
      );
    },
    PATIENCE,
  );

  it(
    'states the energy of a multiply-accumulate part by part, and two seeds agree',
    async () => {
      // The second time comes from the cache, and is the same.
      const { out } = await mugi('synth', '--json');
      expect(out).toBe(first);
      const { energy_per_mac_pJ: mac, switching } = JSON.parse(out);
      expect(switching.clock_gating).toMatch(/^\d+ integrated clock gates before \d+ of \d+ flip-flops$/);
      // Each part of the energy is a row of its own; together they are the totals.
      const parts = [mac.data, mac.wires, mac.data_pins, mac.clock, mac.clock_gates];
      expect(Math.min(...parts)).toBeGreaterThan(0);
      expect(mac.total).toBeCloseTo(
        parts.reduce((all, part) => all + part, 0),
        4,
      );
      expect(mac.total).toBeLessThan(5);
      expect(mac.timed_total).toBeCloseTo(mac.total + mac.glitches, 4);
      expect(mac.glitches).toBeGreaterThan(0.05 * mac.total);
      expect(mac.estimated_total).toBeCloseTo(mac.timed_total + mac.clock_tree + mac.tile_wires, 4);
      expect(mac.lanes).toBe(1);
      expect(mac.stimulus).toContain('GEMM 8 x k x 8, seed 1');
      const other = JSON.parse((await mugi('synth', '--seed', '2', '--json')).out).energy_per_mac_pJ;
      for (const sum of ['total', 'timed_total', 'estimated_total']) {
        expect(other[sum]).not.toBe(mac[sum]);
        expect(Math.abs(other[sum] / mac[sum] - 1)).toBeLessThan(0.03);
      }
    },
    PATIENCE,
  );

  it.each([
    [['synth', '--design', 'mugi-12'], /power of two/],
    [['synth', '--design', 'mugi-8x16'], /eight columns/],
    [['synth', '--clock', '0'], /--clock is out of range/],
    [['synth', '--liberty', '/nowhere.lib'], /there is no such cell library/],
    [['synth', '--no-switching', '--seed', '2'], /--seed has no effect: no energy of a MAC is measured/],
    [['synth', '--csv', '--seed', '2'], /--seed has no effect: the table by module does not hold/],
    [['synth', '--seed', '1.5'], /--seed must be a whole number/],
    [['synth', '--json', '--csv'], /--json and --csv would both go to standard output/],
    [['synth', '--dont-use', 'INV_X1', 'INV_X2', '--dont-use', 'INV_X?'], /has no inverter/],
    [['synth', '--dont-use', 'NAND5*'], /unknown cell "NAND5\*"/],
    [['synth', '--dont-use', 'INV*'], /the library has no inverter that a design may use/],
    [['synth', '--liberty', 'package.json'], /package.json: line \d/],
    [['rtl', '--design', 'mugi-9', '--out', folder], /power of two/],
    [['rtl'], /--out/],
  ])('%s is refused', async (args, message) => {
    const { err, status } = await mugi(...args);
    expect(err).toMatch(message);
    expect(status).toBe(1);
  });
});

describe('mugi rtl', () => {
  it('writes every module and the file list', async () => {
    const out = join(folder, 'rtl');
    await mugi('rtl', '--design', 'mugi-8', '--out', out);
    const names = readdirSync(out);
    expect(names).toContain('mugi_8.v');
    expect(names).toEqual(expect.arrayContaining(['files.f', 'testbench.v', 'testbench.mem']));
    expect(names).toContain('row_adder.v');
    const list = readFileSync(join(out, 'files.f'), 'utf8').split('\n');
    expect(list.filter((line) => !line.startsWith('//')).join('\n')).not.toContain('.mem');
  });

  it('writes the LUTs as memory files that hold the functions, entry by entry', async () => {
    const out = join(folder, 'luts');
    await mugi('rtl', '--out', out);
    const silu = (x: number) => x / (1 + Math.exp(-x));
    for (const [name, exact, signs, low] of [
      ['exp', Math.exp, [-1], -4],
      ['silu', silu, [1, -1], -6],
    ] as const) {
      const lines = readFileSync(join(out, `lut_${name}.mem`), 'utf8')
        .trim()
        .split('\n');
      expect(lines[1]).toContain(`window_low = ${127 + low}`);
      const words = lines.filter((line) => !line.startsWith('//'));
      expect(words.map((word) => word.length)).toEqual(words.map(() => 48));
      expect(words.length).toBe(8 * signs.length);
      words.forEach((word, i) => {
        const sign = signs[i >> 3];
        for (let entry = 0; entry < 8; entry++) {
          const x = sign * (1 + (i & 7) / 8) * 2 ** (low + entry);
          const bits = Number.parseInt(word.slice(44 - 4 * entry, 48 - 4 * entry), 16);
          expect([name, x, bits]).toEqual([name, x, toBits(exact(x))]);
        }
      });
    }
  });
});
