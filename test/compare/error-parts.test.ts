import { expect, it } from 'vitest';
import { rangeErrors } from '../../src/compare/approximation-errors.ts';
import { ERROR_FIGURES, errorQuantity } from '../../src/compare/error-parts.ts';
import { combined } from '../../src/evaluate/quantity.ts';

const asked = { name: 'silu', methods: ['vlp', 'pwl'], options: {}, costs: undefined };
const FIELDS = {
  mean: 'mean_abs_rel_error',
  least: 'min_rel_error',
  most: 'max_rel_error',
  worst: 'worst_x',
} as const;

it('takes every figure of every range apart, down to the inputs', () => {
  for (const row of rangeErrors(asked)) {
    for (const figure of ERROR_FIGURES) {
      const whole = errorQuantity(asked, row, figure);
      const value = row[FIELDS[figure]];
      if (Number.isNaN(value)) expect(whole.value).toBeNaN();
      else expect(Math.abs(whole.value - value)).toBeLessThanOrEqual(1e-12 * Math.abs(value));
    }
  }
});

it('gives the mean as a sum over as many inputs as there are, and the extremes first', () => {
  const range = { method: 'vlp', negative: false, near: 1 };
  const [errors, inputs] = errorQuantity(asked, range, 'mean').parts!();
  const all = errors.parts!();
  expect(all.length).toBe(inputs.value);
  expect(all.length).toBe(128);
  const sum = combined(
    'sum',
    all.map(({ value }) => value),
  );
  expect(Math.abs(sum / errors.value - 1)).toBeLessThan(1e-12);
  const most = errorQuantity(asked, range, 'most');
  const [first] = most.parts!();
  expect(first.value).toBe(most.value);
  const [ratio] = first.parts!();
  expect(ratio.parts!().map(({ name }) => name)).toEqual(['answer', 'exact']);
  const worst = errorQuantity(asked, range, 'worst');
  expect(worst.parts!()[0].name).toBe(`error at ${worst.value}`);
});

it('refuses a figure, a range and a method that are not there', () => {
  const range = { method: 'vlp', negative: false, near: 1 };
  expect(() => errorQuantity(asked, range, 'mode')).toThrow(/figure/);
  expect(() => errorQuantity(asked, { ...range, near: 3 }, 'mean')).toThrow(/range/);
  expect(() => errorQuantity(asked, { ...range, method: 'taylor' }, 'mean')).toThrow(/method/);
});
