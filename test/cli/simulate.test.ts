import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { fromBits } from '../../src/number/bf16.ts';
import { fails, mugi } from './simulated.ts';

const folder = mkdtempSync(join(tmpdir(), 'mugi-simulate-'));
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string, content: unknown): string => {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
};

describe('mugi simulate', () => {
  it.each(['gemm', 'softmax', 'silu', 'gelu', 'exp'])(
    'draws spikes of %s in its default picture',
    (operation) => {
      const lines = mugi(operation, '--ascii').split('\n');
      for (const line of lines) expect([...line].length).toBeLessThanOrEqual(80);
      const rows = lines.filter((line) => /^ row \d/.test(line));
      expect(rows.length).toBe(8);
      const cells = rows.map((row) => row.slice(6).match(/[0-7+R·]/g)!);
      expect(cells.every((row) => row.length === 32)).toBe(true);
      expect(cells.every((row) => row.some((cell) => cell !== '·'))).toBe(true);
      // It begins with the frame of the first spike, and a given cycle is kept.
      expect(cells.some((row) => row.slice(0, 8).some((cell) => cell !== '·'))).toBe(true);
      expect(mugi(operation, '--ascii', '--from', '5')).toMatch(/^ cycle  5 6 7/m);
    },
  );

  it('multiplies the matrices of a file', () => {
    const path = file('g.json', {
      activations: [[1, 2, -0.5]],
      weights: [
        [-7, 3, 2],
        [0, 1, 1],
      ],
    });
    const result = JSON.parse(mugi('gemm', '--input', path, '--json'));
    expect(result).toMatchObject({
      result_bits: [[0xc000, 0x3fc0]],
      equals_arithmetic: true,
      cycles: 8 * 11 + 30,
    });
    const written = mugi('gemm', '--input', readFileSync(path, 'utf8'), '--json');
    expect(JSON.parse(written)).toEqual(result);
    expect(fails('gemm', '--input', '{"activations": [[1]}')).toMatch(/input:1:21: not valid JSON/);
  });

  it('takes a masked softmax with words for what JSON cannot say', () => {
    const path = file('s.json', { input: [[1, 'Infinity', 1, '-Infinity']], mask: [[0, 1, 0, 0]] });
    const result = JSON.parse(mugi('softmax', '--input', path, '--json'));
    expect(result.result_bits).toEqual([[0x3f00, 0, 0x3f00, 0]]);
  });

  it('draws and traces', () => {
    const [vcd, picture] = [join(folder, 'a.vcd'), join(folder, 'a.svg')];
    const text = mugi('silu', '--m', '1', '--n', '16', '--ascii', '--trace', vcd, '--svg', picture);
    expect(text).toMatch(/row \d .*R/);
    expect(text).toContain('yes, every bit');
    expect(readFileSync(vcd, 'utf8')).toMatch(
      /\$scope module row_7 \$end\n\$var wire 8 \S+ spikes \[7:0\] \$end/,
    );
    expect(readFileSync(picture, 'utf8')).toContain('</svg>');
  });

  it('adds as the design adds, and otherwise only where an experiment is named', () => {
    const softmax = (...args: string[]): { sums: string; frames: number; rows: number[] } => {
      const shape = ['--m', '8', '--n', '4096', '--seed', '1', '--json'];
      const { result_bits, sums, frames } = JSON.parse(mugi('softmax', ...shape, ...args));
      const total = (row: number[]): number => row.reduce((sum, bits) => sum + fromBits(bits), 0);
      return { sums, frames, rows: result_bits.map(total) };
    };
    const off = ({ rows }: { rows: number[] }): number => Math.max(...rows.map((sum) => Math.abs(sum - 1)));
    const repaired = softmax();
    expect(repaired).toMatchObject({ sums: 'bf16-cascade', frames: 3 * 4096 + 13 });
    expect(off(repaired)).toBeLessThan(0.01);
    const published = softmax('--preset', 'as-published');
    expect(published).toMatchObject({ sums: 'bf16', frames: 3 * 4096 + 12 });
    expect(Math.min(...published.rows)).toBeGreaterThan(1.3);
    const experiment = softmax('--arithmetic', 'exact-sums');
    expect(experiment.sums).toBe('fp32');
    expect(off(experiment)).toBeLessThan(0.01);

    const gemm = (...args: string[]) => JSON.parse(mugi('gemm', '--k', '512', ...args, '--json'));
    expect(gemm()).toMatchObject({ sums: 'bf16, chains of 256', frames: 512 + 16, equals_arithmetic: true });
    expect(gemm('--preset', 'as-published')).toMatchObject({ sums: 'bf16', frames: 512 + 8 });
    expect(gemm('--arithmetic', 'exact-sums')).toMatchObject({ sums: 'fp32, chains of 256' });
  });

  it('repeats a seed', () => {
    const once = mugi('gemm', '--seed', '5', '--json');
    expect(mugi('gemm', '--seed', '5', '--json')).toBe(once);
    expect(mugi('gemm', '--seed', '6', '--json')).not.toBe(once);
  });

  it('takes the LUT window of a file of mugi tune, by function and layer', () => {
    const windows = (mantissa: number, ...entries: object[]) =>
      file('w.json', {
        format: 'mugi-windows/1',
        model: 'mugi-tiny',
        mantissa_bits: mantissa,
        group_rows: 8,
        calibration: { text: 'embedded', tokens: 4096 },
        windows: entries,
      });
    const path = windows(
      3,
      { function: 'silu', layer: 0, lo: -6, hi: 1 },
      { function: 'silu', layer: 1, lo: -4, hi: 5, anchor: 'min' },
      { function: 'softmax', lo: -8, hi: -1 },
    );
    const run = (...args: string[]) => {
      const { inputs, ...result } = JSON.parse(mugi(...args, '--json'));
      return { window: inputs.window, anchor: inputs.anchor, bits: result.result_bits };
    };
    const first = run('silu', '--windows', path, '--layer', '1');
    expect(first).toEqual(run('silu', '--window', '-4..5', '--anchor', 'min'));
    expect(first.bits).not.toEqual(run('silu', '--windows', path, '--layer', '0').bits);
    expect(run('softmax', '--windows', path)).toEqual(run('softmax', '--window', '-8..-1'));
    expect(mugi('softmax', '--windows', path)).toContain('LUT window -8..-1, anchor max');
    const refused = (...args: string[]) => fails(...args, '--windows', path);
    expect(refused('silu')).toMatch(
      /w\.json: windows: the file has 2 different windows for silu[^]*mean: --layer 0/,
    );
    expect(refused('silu', '--layer', '7')).toMatch(/windows: layer[^]*did you mean: 1/);
    expect(refused('gelu')).toMatch(/windows: function[^]*did you mean: silu/);
    expect(refused('exp')).toContain('did you mean: softmax');
    expect(refused('gemm')).toContain('has no LUT window');
    expect(refused('softmax', '--window', '-4..3')).toContain('says window and anchor already');
    expect(fails('silu', '--layer', '1')).toContain('--windows FILE');
    expect(fails('silu', '--windows', windows(4, { function: 'silu', lo: -6, hi: 1 }))).toContain(
      'mantissa_bits',
    );
    expect(fails('silu', '--windows', windows(3, { function: 'silu', lo: -9, hi: 4 }))).toContain(
      'mean: [-7, 4]',
    );
    expect(fails('silu', '--windows', join(folder, 'none.json'))).toContain('no such window file');
  });

  it('says what is wrong and writes nothing', () => {
    const trace = join(folder, 'none.vcd');
    expect(fails('gemm', '--design', 'mugi-24', '--trace', trace)).toContain('power of two');
    expect(existsSync(trace)).toBe(false);
    expect(fails('gemm', '--design', 'mugi-8x16')).toContain('eight columns');
    expect(fails('gemm', '--input', join(folder, 'missing.json'))).toContain('no such input file');
    expect(fails('gemm', '--input', file('b.json', '{"activations": [[1'))).toContain('not valid JSON');
    expect(fails('gemm', '--input', file('c.json', { activations: [[1]], weights: [[-8]] }))).toContain(
      'weights[0][0]',
    );
    expect(
      fails('gemm', '--input', file('d.json', { activations: [[1, 2], [3]], weights: [[1, 1]] })),
    ).toContain('[1]');
    expect(fails('silu', '--input', file('e.json', { input: [] }))).toContain('empty');
    expect(fails('softmaks')).toContain('did you mean: softmax');
    expect(fails('exp', '--window', '-4..9')).toContain('--window');
  });

  it('takes scales and a mask of the right shape only, and a mask of 0 and 1', () => {
    const gemm = {
      activations: [[1, 2, 3, 4]],
      weights: [
        [1, 1, 1, 1],
        [2, 2, 2, 2],
        [3, 3, 3, 3],
      ],
      group: 2,
    };
    const scales = (value: unknown) => file('scales.json', { ...gemm, scales: value });
    const rows = [
      [1, 0.5],
      [1, 0.5],
      [1, 0.5],
    ];
    expect(JSON.parse(mugi('gemm', '--input', scales(rows), '--json')).result_bits).toHaveLength(1);
    // As many values, but [k / group][n].
    expect(
      fails(
        'gemm',
        '--input',
        scales([
          [1, 1, 1],
          [0.5, 0.5, 0.5],
        ]),
      ),
    ).toMatch(/scales\.json: scales[^]*expected: 3 rows of 2[^]*received: 2 rows of 3/);
    const masked = (mask: unknown) =>
      file('mask.json', {
        input: [
          [1, 2, 3],
          [4, 5, 6],
        ],
        mask,
      });
    expect(
      fails(
        'softmax',
        '--input',
        masked([
          [0, 1],
          [0, 1],
          [0, 0],
        ]),
      ),
    ).toContain('2 rows of 3');
    expect(
      fails(
        'softmax',
        '--input',
        masked([
          [0, 1, 0],
          [0, 0.5, 0],
        ]),
      ),
    ).toMatch(/mask\[1\]\[1\][^]*0\.5/);
  });

  it('refuses keys and options that say nothing to the run', () => {
    const typo = { activations: [[1]], weights: [[1]], scale: [[2]] };
    expect(fails('gemm', '--input', file('typo.json', typo))).toMatch(/"scale"[^]*did you mean: scales/);
    const input = file('input.json', { input: [[1, 2]], weights: [[1]] });
    expect(fails('silu', '--input', input)).toContain('unknown key "weights"');
    const refusals: [string, string[]][] = [
      ['--window', ['gemm', '--window', '-4..3']],
      ['--anchor', ['gemm', '--anchor', 'min']],
      ['--k', ['softmax', '--k', '4']],
      ['--group', ['exp', '--group', '4']],
      ['--arithmetic', ['silu', '--arithmetic', 'exact-sums']],
      ['--preset', ['exp', '--preset', 'as-published']],
      ['--m', ['softmax', '--input', input, '--m', '8']],
      ['--seed', ['gemm', '--input', input, '--seed', '1']],
      ['--from', ['gemm', '--from', '0']],
    ];
    for (const [option, args] of refusals) expect(fails(...args)).toContain(`no ${option} for this run`);
    expect(fails('gemm', '--json', '--ascii')).toContain('both go to standard output');
  });

  it('checks the files to write before the run, and keeps them apart', () => {
    const path = join(folder, 'same.vcd');
    const dots = join(folder, '.', 'x', '..', 'same.vcd');
    expect(fails('gemm', '--trace', path, '--svg', dots)).toContain('would overwrite the file of --trace');
    const input = file('input.vcd', { activations: [[1]], weights: [[1]] });
    expect(fails('gemm', '--input', input, '--trace', input)).toContain(
      'would overwrite the file of --input',
    );
    expect(JSON.parse(readFileSync(input, 'utf8'))).toEqual({ activations: [[1]], weights: [[1]] });
    const trace = join(folder, 'unwritten.vcd');
    expect(fails('gemm', '--trace', trace, '--svg', join(input, 'a.svg'))).toContain('cannot write');
    expect(existsSync(trace)).toBe(false);
  });

  it('says that a run is too large, before memory does', () => {
    expect(fails('gemm', '--m', '65536', '--k', '65536', '--n', '65536')).toMatch(
      /too large[^]*at most 16777216 values[^]*4294967296/,
    );
    expect(fails('softmax', '--m', '65536', '--n', '1000000')).toContain('too large');
    const long = ['softmax', '--m', '8', '--n', '10000', '--trace', join(folder, 'long.vcd')];
    expect(fails(...long)).toMatch(/--trace: the run is too long[^]*received: 240110 cycles/);
    expect(fails('gemm', '--m', '4096', '--k', '4096', '--n', '4096')).toMatch(
      /frames of 8 cycles[^]*too long[^]*1107296256/,
    );
  });
});
