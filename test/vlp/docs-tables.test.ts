import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  softmaxErrors,
  rangeErrors,
  type ApproximationRequest,
} from '../../src/compare/approximation-errors.ts';
import { methodCosts } from '../../src/compare/nonlinear-cost.ts';
import { functionNamed } from '../../src/vlp/function.ts';
import { MODES, type VlpOptions } from '../../src/vlp/mode.ts';
import { vlp } from '../../src/vlp/vlp.ts';
import { parseWindow } from '../../src/vlp/window.ts';

const PAGE = readFileSync('docs/vlp.md', 'utf8');

/** Cells of the table whose header starts with `first`. */
function table(first: string): string[][] {
  const lines = PAGE.split('\n');
  const header = lines.findIndex((line) => line.startsWith(`| ${first} |`));
  expect(header).toBeGreaterThan(0);
  const rows: string[][] = [];
  for (let i = header + 2; lines[i]?.startsWith('|'); i++) {
    rows.push(
      lines[i]
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  }
  return rows;
}

const value = (text: string): number => ({ inf: Infinity, '-inf': -Infinity })[text] ?? Number(text);

const errors = (options: VlpOptions, method = 'vlp'): ApproximationRequest => ({
  name: 'softmax',
  methods: [method],
  options: { vlp: options },
  costs: undefined,
});

describe('the tables of docs/vlp.md', () => {
  it('modes: every cell', () => {
    const rows = table('function');
    expect(rows.length).toBe(16);
    for (const [name, x, range, anchor, beside, ...cells] of rows) {
      const group = Float32Array.from(
        [x!, beside!].filter((text) => text !== ''),
        value,
      );
      const window = parseWindow(range!.replaceAll(/[[\]]/g, '').replace(', ', '..'));
      const got = MODES.map((mode) => {
        const out = new Float32Array(group.length);
        const options = { mode, window, anchor: anchor as 'max' | 'min', group: group.length };
        vlp.create(functionNamed(name!), vlp.configure(options)).apply(group, out, 1, group.length);
        return String(Number(out[0].toPrecision(4)));
      });
      expect([name, x, ...got]).toEqual([name, x, ...cells]);
    }
  });

  it('options: the divergence of each', () => {
    for (const [option, ...cells] of table('option')) {
      const [, flag, word] = /--(\w+) ([\w-]+)/.exec(option!) ?? [];
      const options =
        flag === undefined ? {} : flag === 'mantissa' ? { mantissaBits: Number(word) } : { [flag]: word };
      const got = softmaxErrors(errors(options), 1024, 1).map(({ kl }) => kl.toExponential(2));
      expect([option, ...got]).toEqual([option, ...cells.slice(0, 3)]);
    }
  });

  it('methods: errors and costs', () => {
    for (const [method, kl, variation, silu, rate, energy, area] of table('method')) {
      if (kl !== '') {
        const [, middle] = softmaxErrors(errors({}, method), 1024, 1);
        expect([method, kl, variation]).toEqual([
          method,
          middle!.kl.toExponential(2),
          middle!.total_variation.toExponential(2),
        ]);
      }
      if (silu !== '') {
        const rows = rangeErrors({ ...errors({}, method), name: 'silu' });
        expect(Number(silu)).toBeCloseTo(Math.max(...rows.map((row) => row.max_abs_error)), 3);
      }
      const [cost] = methodCosts([method!], 'softmax');
      if (cost === undefined) continue;
      expect([rate, energy, area].map(Number)).toEqual(
        [cost.elements_per_ns, cost.energy_pJ, cost.own_area_mm2].map((v) => Number(v.toPrecision(3))),
      );
    }
  });
});
