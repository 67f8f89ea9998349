import { describe, expect, it } from 'vitest';
import { combined, type Quantity } from '../../src/evaluate/quantity.ts';
import { claimQuantity, CLAIMS, claimsUnder } from '../../src/paper/claims.ts';
import { PURE_ITEMS } from '../../src/paper/pure.ts';
import { preset } from '../../src/published/preset.ts';

/** Rows of each item that are gone into. */
const SAMPLE = 14;
/** The order of sums differs between a figure and its parts. */
const ROUNDING = 1e-11;

/** Every part of a quantity gives what stands above it, so many levels down; what has none says where it is from. */
function holds({ name, value, combine, parts, source }: Quantity, depth: number): void {
  if (parts === undefined || combine === undefined) {
    expect(source, name).toBeTruthy();
    return;
  }
  const made = parts();
  const together = combined(
    combine,
    made.map((part) => part.value),
  );
  expect(Math.abs(together - value), name).toBeLessThanOrEqual(ROUNDING * Math.abs(value));
  expect(new Set(made.map((part) => part.name)).size, name).toBe(made.length);
  if (depth > 0) for (const part of made) holds(part, depth - 1);
}

describe.each(PURE_ITEMS)('$name', ({ load }) => {
  it('has the numbers of its rows as trees', async () => {
    const { explained, run } = await load();
    const { rows } = await run({});
    expect(explained).toBeDefined();
    const { by, columns, quantity } = explained!;
    let told = 0;
    for (let i = 0; i < Math.min(SAMPLE, rows.length); i++) {
      const row = rows[Math.floor((i * rows.length) / Math.min(SAMPLE, rows.length))];
      const cells = Object.fromEntries(by.map((key) => [key, String(row[key])]));
      for (const column of columns) {
        const number = row[column];
        if (typeof number !== 'number') continue;
        const whole = quantity(cells, column);
        const what = `${JSON.stringify(cells)} ${column}`;
        expect(Math.abs(whole.value - number), what).toBeLessThanOrEqual(
          ROUNDING * Math.max(1, Math.abs(number)),
        );
        if (column !== 'deviation') holds(whole, 3);
        told += 1;
      }
    }
    expect(told).toBeGreaterThan(10);
  });
});

it('takes every claim apart, as published and corrected', () => {
  for (const name of ['as-published', 'corrected'] as const) {
    const values = claimsUnder(preset(name));
    for (const [i, claim] of CLAIMS.entries()) {
      const whole = claimQuantity(claim.name, preset(name));
      expect(Math.abs(whole.value / values[i] - 1), claim.name).toBeLessThanOrEqual(ROUNDING);
      holds(whole, 3);
    }
  }
});

it('refuses a claim and a column that are not there', async () => {
  expect(() => claimQuantity('LLM thruput', preset('corrected'))).toThrow(/no claim|claim/);
  const { explained } = await PURE_ITEMS[0].load();
  expect(() => explained!.quantity({ design: 'mugi-256', metric: 'tokens_per_s' }, 'corected')).toThrow(
    /column/,
  );
});

it.each([
  ['fig12', { group: 'ffns', design: 'mugi-256', model: 'llama-2-7b', metric: 'throughput' }, 'group', 'ffn'],
  ['fig16', { model: 'llama-2-7b', design: 'mugi-256', part: 'ffns' }, 'part', 'ffn'],
  ['fig17', { design: 'mugi-256@4x4', metric: 'thruput' }, 'metric', 'throughput'],
] as const)(
  'refuses a row of %s that is not there, with the nearest name',
  async (name, cells, path, nearest) => {
    const { explained } = await PURE_ITEMS.find((item) => item.name === name)!.load();
    expect(() => explained!.quantity(cells, 'corrected')).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ path, nearest }) as object }),
    );
  },
);

it('refuses a printed number where the paper prints none', async () => {
  const { explained } = await PURE_ITEMS.find((item) => item.name === 'fig13')!.load();
  const row = { level: 'node', design: 'mugi-256', metric: 'area_mm2', group: 'pe' };
  expect(() => explained!.quantity(row, 'paper')).toThrow('the paper prints no number');
  expect(explained!.quantity({ ...row, group: 'total' }, 'paper').value).toBeGreaterThan(0);
});
