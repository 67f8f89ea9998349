import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import * as bf16 from '../../src/number/bf16.ts';
import { FUNCTIONS } from '../../src/vlp/function.ts';
import { buildLut, entry } from '../../src/vlp/lut.ts';

const folder = mkdtempSync(join(tmpdir(), 'mugi-approximate-'));
afterAll(() => rmSync(folder, { recursive: true }));

const mugi = (...args: string[]) =>
  execFileSync(process.execPath, ['bin/mugi.js', ...args], { encoding: 'utf8', maxBuffer: 64e6 });
const fails = (...args: string[]) => {
  const { status, stderr } = spawnSync(process.execPath, ['bin/mugi.js', ...args], { encoding: 'utf8' });
  expect(status).toBe(1);
  return stderr;
};

describe('mugi approximate', () => {
  it('answers inputs one by one, in the order given', () => {
    const { rows } = JSON.parse(mugi('approximate', 'exp', '--x', '-0.7,-3.2,0,-20', '--json'));
    expect(rows.map((row: { region: string }) => row.region)).toEqual(['inside', 'inside', 'zero', 'above']);
    // −0.7 is 1.0110011b · 2^−1 in BF16; three mantissa bits make it −0.6875.
    expect(rows[0]).toMatchObject({
      x: -0.7,
      x_bf16_bits: 0xbf33,
      y_bf16_bits: bf16.toBits(Math.exp(-0.6875)),
    });
    expect(rows[0].rel_error).toBeCloseTo(rows[0].y / Math.exp(bf16.round(-0.7)) - 1, 12);
    expect(rows[3]).toMatchObject({ y: 0, rel_error: -1 });
  });

  it('takes the inputs of one call as one group, whose largest exponent places the window', () => {
    const y = (xs: string): number[] =>
      JSON.parse(mugi('approximate', 'exp', '--window', '-8..3', '--x', xs, '--json')).rows.map(
        (row: { y: number }) => row.y,
      );
    expect(y('-0.01')).toEqual([bf16.round(Math.exp(-0.0098) > 0.99 ? Math.exp(-1.25 / 128) : 0)]);
    // Beside −9 the window is [−4, 3], and −0.01 lies under it.
    expect(y('-0.01,-9')[0]).toBe(1);
  });

  it('says NaN and infinities in words, since JSON cannot', () => {
    const { rows } = JSON.parse(mugi('approximate', 'silu', '--x', 'nan,inf,-inf', '--json'));
    expect(rows.map((row: { y: unknown }) => row.y)).toEqual(['NaN', 'Infinity', 0]);
  });

  it('compares methods over ranges and draws them', () => {
    const picture = join(folder, 'silu.svg');
    const { rows, methods } = JSON.parse(
      mugi('approximate', 'silu', '--method', 'all', '--plot', picture, '--json'),
    );
    expect(Object.keys(methods)).toEqual(['vlp', 'pwl', 'pwl-fair', 'taylor-fair', 'pa', 'exact']);
    const worst = (method: string): number =>
      Math.max(
        ...rows
          .filter((row: { method: string }) => row.method === method)
          .map((row: { max_abs_error: number }) => row.max_abs_error),
      );
    expect(worst('exact')).toBeLessThan(worst('pwl-fair'));
    expect(worst('pwl-fair')).toBeLessThan(worst('pwl'));
    expect(readFileSync(picture, 'utf8')).toContain('Relative error of silu');
  });

  it('measures the divergence of softmax, and one row given by hand', () => {
    const { rows } = JSON.parse(mugi('approximate', 'softmax', '--keys', '64', '--json'));
    for (const row of rows) {
      expect(row.kl).toBeGreaterThan(0);
      expect(row.max_total_variation).toBeGreaterThanOrEqual(row.total_variation);
      expect(row.certified_total_variation).toBeGreaterThan(row.total_variation);
    }
    const one = JSON.parse(mugi('approximate', 'softmax', '--x', '2,1,-30', '--json')).rows;
    expect(one.map((row: { region: string }) => row.region)).toEqual(['zero', 'inside', 'above']);
    expect(one[0].y + one[1].y).toBeCloseTo(1, 2);
  });

  it('sums softmax rows as the design does, and otherwise only where an experiment is named', () => {
    const variation = (...args: string[]): number =>
      JSON.parse(mugi('approximate', 'softmax', '--keys', '4096', ...args, '--json')).rows[0].total_variation;
    const repaired = variation();
    expect(variation('--arithmetic', 'exact-sums')).toBeCloseTo(repaired, 2);
    expect(variation('--preset', 'as-published')).toBeGreaterThan(10 * repaired);
    expect(variation('--preset', 'as-published', '--arithmetic', 'exact-sums')).toBe(
      variation('--arithmetic', 'exact-sums'),
    );
    expect(variation('--design', 'sa-16')).toBe(variation('--arithmetic', 'exact-sums'));
    expect(fails('approximate', 'silu', '--design', 'mugi-8')).toContain('--design is for sums of softmax');
  });

  it('knows functions without a window', () => {
    const csv = mugi('approximate', 'inverse-sqrt-newton', '--csv').trim().split('\n');
    const column = csv[0].split(',').indexOf('max_rel_error');
    for (const line of csv.slice(1)) expect(Number(line.split(',')[column])).toBeLessThan(0.01);
  });

  it('refuses what makes no sense, with the nearest that does', () => {
    expect(fails('approximate', 'sof')).toMatch(/unknown function "sof"/);
    expect(fails('approximate', 'silu', '--method', 'tailor')).toMatch(/did you mean: taylor/);
    expect(fails('approximate', 'silu', '--method', 'taylor')).toMatch(/taylor is not defined for silu/);
    expect(fails('approximate', 'exp', '--window', '3..-4')).toMatch(/upside down/);
    expect(fails('approximate', 'exp', '--x', '1,two')).toMatch(/received: two/);
    expect(fails('approximate', 'exp', '--x', '')).toMatch(/at least one/);
    expect(fails('approximate', 'exp', '--below', 'linear')).toMatch(/has no meaning for exp/);
    expect(fails('approximate', 'silu', '--range', 'reduced')).toMatch(/--range is for exp and softmax/);
    expect(fails('approximate', 'exp', '--segments', '8')).toMatch(/--segments is for pwl/);
    for (const idle of [
      ['silu', '--method', 'pwl', '--mantissa', '4'],
      ['exp', '--keys', '8'],
      ['softmax', '--x', '1,2', '--seed', '2'],
      ['exp', '--range', 'reduced', '--window', '-4..3'],
      ['sin', '--mode', 'paper'],
      ['exp', '--json', '--csv'],
    ])
      fails('approximate', ...idle);
    expect(fails('approximate', 'exp', '--method', 'pwl', '--start', '-1e300')).toMatch(
      /cannot cover this start/,
    );
    expect(fails('approximate', 'tanh', '--mode', 'artifact')).toMatch(/mode artifact has rules for exp/);
    expect(fails('approximate', 'silu', '--plot', join(folder, 'a.bmp'))).toMatch(/did you mean: .svg/);
    expect(fails('approximate', 'softmax', '--keys', '0')).toMatch(/--keys/);
  });
});

describe('mugi lut', () => {
  const lut = buildLut(FUNCTIONS.silu, { window: { lo: -6, hi: 1 }, mantissaBits: 3 });

  it('writes a memory image whose words are rows, exponents from the right', () => {
    const path = join(folder, 'silu.mem');
    mugi('lut', 'silu', '--window', '-6..1', '--out', path);
    const words = readFileSync(path, 'utf8')
      .split('\n')
      .map((line) => line.replace(/\/\/.*/, '').trim())
      .filter((line) => line !== '');
    expect(words.length).toBe(16);
    for (const [row, word] of words.entries()) {
      for (let e = -6; e <= 1; e++) {
        const end = word.length - 4 * (e + 6);
        expect(Number.parseInt(word.slice(end - 4, end), 16)).toBe(entry(lut, row >= 8, row % 8, e));
      }
    }
  });

  it('writes a header that a C compiler would read, and the same numbers as JSON', () => {
    const path = join(folder, 'silu.h');
    mugi('lut', 'silu', '--window', '-6..1', '--out', path);
    const patterns = [...readFileSync(path, 'utf8').matchAll(/0x[0-9a-f]{4}/g)].map(([word]) => Number(word));
    const { rows } = JSON.parse(mugi('lut', 'silu', '--window', '-6..1', '--json'));
    expect(rows.flatMap((row: { bits: string[] }) => row.bits.map(Number))).toEqual(patterns);
    expect(rows[8]).toMatchObject({ sign: '-', mantissa: 0 });
  });

  it('takes the window of a function and layer from a window file', () => {
    const path = join(folder, 'windows.json');
    const file = {
      format: 'mugi-windows/1',
      model: 'any',
      mantissa_bits: 3,
      group_rows: 128,
      calibration: { text: 'any', tokens: 1 },
      windows: [
        { function: 'softmax', lo: -4, hi: 3 },
        { function: 'softmax', layer: 2, lo: -5, hi: 2 },
      ],
    };
    writeFileSync(path, JSON.stringify(file));
    const window = (...rest: string[]) =>
      JSON.parse(mugi('lut', 'softmax', '--windows', path, '--json', ...rest)).window;
    expect(window('--layer', '0')).toEqual({ lo: -4, hi: 3 });
    expect(fails('lut', 'softmax', '--windows', path)).toMatch(/choose one with --layer/);
    expect(fails('lut', 'softmax', '--windows', path, '--layer', '0', '--mantissa', '4')).toMatch(
      /contradicts the file/,
    );
    expect(window('--layer', '2')).toEqual({ lo: -5, hi: 2 });
    expect(fails('lut', 'softmax', '--layer', '1')).toMatch(/--layer needs --windows/);
    expect(fails('lut', 'silu', '--windows', path)).toMatch(/no window for silu/);
    expect(fails('lut', 'softmax', '--windows', path, '--window', '-4..3')).toMatch(/both set the window/);
  });

  it('has the tables of functions without a window', () => {
    const { rows } = JSON.parse(mugi('lut', 'inverse-sqrt', '--json'));
    expect(rows.length).toBe(8);
    expect(rows[0].values.length).toBe(2);
    expect(fails('lut', 'reciprocal', '--window', '-4..3')).toMatch(/no window to choose/);
  });

  it('leaves nothing behind when it cannot write', () => {
    const path = join(folder, 'silu.txt');
    expect(fails('lut', 'silu', '--out', path)).toMatch(/unknown ending of a LUT file/);
    expect(existsSync(path)).toBe(false);
    expect(fails('lut', 'silu', '--out', '/dev/full', '--format', 'mem')).toMatch(/ENOSPC/);
  });
});
