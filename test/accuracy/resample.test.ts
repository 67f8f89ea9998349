import { expect, it } from 'vitest';
import { resample } from '../../src/accuracy/data/speech/resample.ts';

const TO = 16_000;
const tone = (rate: number, hertz: number, seconds = 0.25): Float32Array =>
  Float32Array.from({ length: rate * seconds }, (_, i) => Math.sin((2 * Math.PI * hertz * i) / rate));
/** Away from the ends, where the sound begins out of silence. */
const inner = (samples: Float32Array): Float32Array => samples.subarray(400, samples.length - 400);
const worst = (a: Float32Array, b: Float32Array): number =>
  a.reduce((max, x, i) => Math.max(max, Math.abs(x - b[i])), 0);

it.each([8000, 11_025, 22_050, 32_000, 44_100, 48_000, 96_000, 12_347])(
  'a tone of %i samples a second is the tone of 16,000',
  (rate) => {
    for (const hertz of [100, 1000, 0.42 * Math.min(rate, TO)]) {
      const got = resample(tone(rate, hertz), rate, TO);
      expect(got).toHaveLength(Math.ceil((Math.floor(rate / 4) * TO) / rate));
      expect(worst(inner(got), inner(tone(TO, hertz, got.length / TO)))).toBeLessThan(2e-4);
    }
  },
);

it('what the new rate cannot carry is left out, and does not fold back', () => {
  for (const hertz of [8100, 9000, 15_000, 23_000])
    expect(worst(inner(resample(tone(48_000, hertz), 48_000, TO)), new Float32Array(4000))).toBeLessThan(
      1e-3,
    );
});

it('a constant stays, silence too, and the same rate changes nothing', () => {
  const flat = inner(resample(new Float32Array(9000).fill(0.5), 44_100, TO));
  expect(worst(flat, new Float32Array(flat.length).fill(0.5))).toBeLessThan(1e-6);
  expect(new Set(resample(new Float32Array(500), 22_050, TO))).toEqual(new Set([0]));
  const samples = tone(TO, 440);
  expect(resample(samples, TO, TO)).toEqual(samples);
  expect(resample(samples, 48_000, TO, 100)).toHaveLength(100);
  expect(resample(new Float32Array(0), 8000, TO)).toHaveLength(0);
});
