import { expect, it } from 'vitest';
import { answerQuantity, ANSWER_FIGURES, entryQuantity } from '../../src/compare/answer-parts.ts';
import { labels, points } from '../../src/compare/approximation-errors.ts';
import { lossQuantity } from '../../src/compare/loss-quantity.ts';
import { combined } from '../../src/evaluate/quantity.ts';
import { fromBits, round } from '../../src/number/bf16.ts';
import { functionNamed } from '../../src/vlp/function.ts';
import { lutRows } from '../../src/vlp/lut-file.ts';
import { buildLut } from '../../src/vlp/lut.ts';

const lut = buildLut(functionNamed('silu'), { window: { lo: -3, hi: 2 }, mantissaBits: 3 });

it('says of every entry of a table which input it is the function of', () => {
  for (const { sign, mantissa, bits } of lutRows(lut)) {
    for (const [column, pattern] of bits.entries()) {
      const entry = entryQuantity(lut, { sign, mantissa, exponent: column - 3 });
      expect(entry.value).toBe(fromBits(pattern));
      const [exact, input] = entry.parts!();
      expect(round(exact.value)).toBe(entry.value);
      expect(exact.value).toBe(functionNamed('silu').exact(input.value));
      expect(
        combined(
          'product',
          input.parts!().map(({ value }) => value),
        ),
      ).toBe(input.value);
    }
  }
  expect(() => entryQuantity(lut, { sign: '+', mantissa: 8, exponent: 0 })).toThrow(/row/);
  expect(() => entryQuantity(lut, { sign: '+', mantissa: 0, exponent: 3 })).toThrow(/exponent/);
});

it.each(['silu', 'softmax'])('takes answers of %s to own inputs apart', (name) => {
  const asked = { name, methods: ['vlp', 'exact'], options: {}, costs: undefined };
  for (const point of points(asked, [0.3, -2, 0, 1.7])) {
    const told = (figure: string) =>
      answerQuantity({ name, label: labels(asked)[point.method], point }, figure).value;
    expect(ANSWER_FIGURES.map(told)).toEqual([point.y, point.exact, point.rel_error]);
    expect(() => told('mistake')).toThrow(/figure/);
  }
});

it('makes a loss up of its parts and what they do together', () => {
  const loss = { loss_increase: 0.05, loss_increase_ci95: 0.01, tie: false };
  const whole = {
    ...loss,
    method: 'vlp' as const,
    functions_increase: 0,
    functions_increase_ci95: 0,
    functions_tie: true,
    perplexity: 12,
    kl: 0.1,
    parts: [
      { part: 'functions' as const, ...loss, loss_increase: 0.01 },
      { part: 'weights' as const, ...loss, loss_increase: 0.03, loss_increase_ci95: Infinity },
    ],
  };
  const of = { model: 'mugi-tiny', data: 'embedded', targets: 100 };
  const made = lossQuantity(whole, of).parts!();
  expect(made.map(({ value }) => value).reduce((a, b) => a + b)).toBeCloseTo(0.05, 15);
  expect(made.at(-1)!.value).toBeCloseTo(0.01, 15);
  expect(made[1].source).toContain('one block');
  expect(lossQuantity({ ...whole, parts: [] }, of).source).toContain('100 targets of the embedded text');
});
