import { describe, expect, it } from 'vitest';
import { arithmeticMappings, rtlMappings } from './mappings/mappings.ts';

/* A sample of `npm run nightly:mappings`, tall nodes included, and faults that it must find. */

describe('the ladder of the node on random work', () => {
  it.each([
    [8, 4000],
    [32, 1500],
    [128, 500],
    [256, 300],
  ])('arithmetic = cycle model at %i rows', (rows, mappings) => {
    const run = arithmeticMappings(rows, mappings, 7 + rows);
    expect(run.difference).toBeUndefined();
    expect(run.mappings).toBeGreaterThanOrEqual(mappings);
  });

  it.each([
    [8, 1000],
    [64, 100],
  ])('cycle model = RTL at %i rows', (rows, mappings) => {
    expect(rtlMappings(rows, mappings, 9 + rows).difference).toBeUndefined();
  });

  it('finds one wrong bit of one result', () => {
    let runs = 0;
    const { difference } = arithmeticMappings(8, 4000, 3, (output) => {
      if (++runs === 5) output[output.length - 1] ^= 1;
    });
    expect(difference).toMatch(/^result \d+: \d+ for \d+$/);
  });

  it('finds RTL whose window is one exponent lower, and one whose tail passes where it answers 0', () => {
    const lower = rtlMappings(8, 4000, 4, (own) => ({
      ...own,
      window: { ...own.window, low: own.window.low - 1 },
    }));
    expect(lower.difference).toMatch(/^cycle \d+: /);
    const passing = rtlMappings(8, 4000, 5, (own) => ({
      ...own,
      outside: { ...own.outside, passPositive: !own.outside.passPositive },
    }));
    expect(passing.difference).toMatch(/^cycle \d+: /);
  });
});
