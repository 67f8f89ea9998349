import { describe, expect, it } from 'vitest';
import { combined, type Quantity } from '../../src/evaluate/quantity.ts';
import { fromBits } from '../../src/number/bf16.ts';
import { OPERATIONS, type Simulation } from '../../src/simulate/asked.ts';
import { simulate } from '../../src/simulate/run.ts';
import { arrayOf, simulateArray } from '../../src/simulate/array.ts';
import { arrayQuantity } from '../../src/simulate/array-parts.ts';
import { runQuantity } from '../../src/simulate/run-parts.ts';

const base: Simulation = {
  design: 'mugi-8',
  operation: 'gemm',
  preset: 'corrected',
  arithmetic: 'design',
  seed: 3,
  m: 11,
  k: 7,
  n: 19,
};

function holds({ name, value, combine, parts, source }: Quantity): void {
  if (parts === undefined) {
    expect(source, name).toBeTruthy();
    return;
  }
  const made = parts();
  if (combine !== undefined) {
    const together = combined(
      combine,
      made.map((part) => part.value),
    );
    expect(Math.abs(together - value), name).toBeLessThanOrEqual(1e-12 * Math.abs(value));
  }
  for (const part of made) holds(part);
}

describe.each(OPERATIONS)('%s', (operation) => {
  const sizes = [
    { m: 11, k: 7, n: 19 },
    { m: 3, k: 1, n: 8 },
    { m: 16, k: 20, n: 33 },
  ];
  it.each(sizes)('has its cycles and its use of the array in closed form: $m × $k × $n', (size) => {
    const asked = { ...base, operation, ...size };
    const outcome = simulate(asked);
    for (const name of ['cycles', 'utilization'] as const) {
      const whole = runQuantity(asked, outcome, name);
      expect(whole.value).toBe(outcome[name]);
      // A closed form that did not give the cycle model's number would stand without parts.
      expect(whole.parts, name).toBeDefined();
      holds(whole);
    }
  });

  it('takes every count and a result apart', () => {
    const asked = { ...base, operation };
    const outcome = simulate(asked);
    for (const [name, count] of Object.entries(outcome.activity)) {
      const whole = runQuantity(asked, outcome, name);
      expect(whole.value, name).toBe(count);
      holds(whole);
    }
    const whole = runQuantity(asked, outcome, 'result 2 5');
    expect(whole.value).toBe(fromBits(outcome.output[2 * outcome.width + 5]));
    holds(whole);
  });
});

it('derives the counts of a GEMM that its shape decides, also where scales cut its sums', () => {
  const asked = { ...base, group: 3 };
  const outcome = simulate(asked);
  const derived = Object.keys(outcome.activity).filter(
    (name) => runQuantity(asked, outcome, name).parts !== undefined,
  );
  expect(derived).toEqual([
    'mappings',
    'inputLoad',
    'inputValueReuse',
    'counterReuse',
    'weightLoad',
    'temporalCoder',
    'array',
    'accumulate',
    'vectorScaling',
    'vectorAdd',
    'inputSramReads',
    'outputSramReads',
    'outputSramWrites',
  ]);
});

it('puts the exact sum beside the one that the node keeps', () => {
  const outcome = simulate(base);
  const whole = runQuantity(base, outcome, 'result 0 0');
  const [exact] = whole.parts!();
  expect(exact.parts!().length).toBe(base.k);
  expect(Math.abs(exact.value - whole.value)).toBeLessThan(0.1 * Math.max(1, Math.abs(exact.value)));
});

it.each(['sa-16', 'sa-16-os', 'carat-64', 'sd-16', 'tensor'])(
  'has the cycles of %s in closed form',
  (design) => {
    const array = arrayOf(design)!;
    const outcome = simulateArray(array, { ...base, design });
    for (const name of ['cycles', 'utilization'] as const) {
      const whole = arrayQuantity(array.design, outcome, name);
      expect(whole.value).toBe(outcome[name]);
      expect(whole.parts).toBeDefined();
      holds(whole);
    }
  },
);

it('refuses a number that a run does not have', () => {
  const outcome = simulate(base);
  for (const name of ['cycels', 'result 11 0', 'result 0 19', 'result -1 0', 'toString'])
    expect(() => runQuantity(base, outcome, name), name).toThrow(/number of a run/);
});
