import fc from 'fast-check';
import { expect, it } from 'vitest';
import { drain } from '../../src/design/drain.ts';
import { designNamed } from '../../src/design/index.ts';
import { digits, slicesOf } from '../../src/design/mapping/slices.ts';
import { evaluatePoint } from '../../src/question/point.ts';
import { modelFromConfig } from '../../src/workload/hf-config.ts';

it('a width takes as many slices as codes of 4 bits it holds; a fraction is a mixture', () => {
  expect([1, 2, 3, 4, 5, 8, 9, 12, 16].map((bits) => slicesOf(bits, 4))).toEqual([1, 1, 1, 1, 2, 2, 3, 3, 4]);
  expect([2, 8, 16].map((bits) => slicesOf(bits, 16))).toEqual([1, 1, 1]);
  // 35 % of the weights at 4 bits, 65 % at 5.
  expect(slicesOf(4.65, 4)).toBeCloseTo(0.35 * 1 + 0.65 * 2, 12);
  expect(slicesOf(2.5, 4)).toBe(1);
});

it('digits of −7 … 7 write every whole number up to 112 in two slices, and no larger one', () => {
  for (let value = -112; value <= 112; value++) {
    const found = digits(value, 2);
    expect(found.every((digit) => Math.abs(digit) <= 7)).toBe(true);
    expect(found[0] + 15 * found[1]).toBe(value);
  }
  expect(() => digits(113, 2)).toThrow(RangeError);
});

it('the sum of the slices’ products is the product', () => {
  const weights = fc.array(fc.integer({ min: -1687, max: 1687 }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(weights, (values) => {
      const x = values.map((_, i) => (i % 7) - 3);
      const dot = (w: number[]) => w.reduce((sum, one, i) => sum + one * x[i], 0);
      const slices = [0, 1, 2].map(
        (slice) => dot(values.map((value) => digits(value, 3)[slice])) * 15 ** slice,
      );
      expect(slices[0] + slices[1] + slices[2]).toBe(dot(values));
    }),
  );
});

const tiny = {
  model_type: 'llama',
  hidden_size: 512,
  intermediate_size: 1024,
  num_hidden_layers: 2,
  num_attention_heads: 8,
  num_key_value_heads: 2,
  vocab_size: 1000,
};

it.each(['mugi-256', 'carat-256'])(
  '%s takes twice the array cycles for weights of 8 bits, and moves twice the bits',
  (design) => {
    const model = modelFromConfig(tiny, 'config.json', 'tiny');
    const at = (weightBits: number) => {
      const { operators } = evaluatePoint({ design, model, batch: 8, context: 64, prefill: 16, weightBits });
      return operators.find(({ operator }) => operator.name === 'up' && operator.phase === 'decode')!;
    };
    const [four, eight, sixteen] = [at(4), at(8), at(16)];
    expect(eight.work.issuedMacs).toBe(2 * four.work.issuedMacs);
    expect(sixteen.work.issuedMacs).toBe(4 * four.work.issuedMacs);
    expect(eight.work.macs).toBe(four.work.macs);
    // The scale of a group stays what it is.
    expect(eight.work.dram.weight / (8 + 1 / 16)).toBe(four.work.dram.weight / (4 + 1 / 16));
    expect(eight.work.dram.input).toBe(four.work.dram.input);
    expect(eight.work.dram.output).toBe(four.work.dram.output);
    // A little more than twice: tiles of 8-bit weights are shorter, 128 of K instead of 256, so that more of them drain.
    const leaving = drain(designNamed(design)).perTile;
    const most = (2 * (8 * 128 + leaving)) / (8 * 128 + leaving / 2);
    const [array] = [eight.work.load[0] / four.work.load[0]];
    expect(array).toBeGreaterThanOrEqual(2);
    expect(array).toBeLessThanOrEqual(most);
  },
);

it('an array of 16-bit multipliers takes 8-bit weights as they are', () => {
  const model = modelFromConfig(tiny, 'config.json', 'tiny');
  const issued = (weightBits: number) =>
    evaluatePoint({
      design: 'sa-16',
      model,
      batch: 8,
      context: 64,
      prefill: 16,
      weightBits,
    }).operators.reduce((sum, { work }) => sum + work.issuedMacs, 0);
  expect(issued(8)).toBe(issued(4));
});

it('a cache of 8 bits is met in two slices, scores and values alike', () => {
  const model = modelFromConfig(tiny, 'config.json', 'tiny');
  const of = (kvBits: number) =>
    evaluatePoint({ design: 'mugi-256', model, batch: 2, context: 40, prefill: 8, kvBits }).operators.filter(
      ({ operator }) => operator.name === 'q·kT' || operator.name === 'a·v',
    );
  const [four, eight] = [of(4), of(8)];
  eight.forEach(({ work }, i) => expect(work.issuedMacs).toBeCloseTo(2 * four[i].work.issuedMacs, 3));
});
