import { describe, expect, it } from 'vitest';
import * as bf16 from '../../src/number/bf16.ts';
import { inverseSqrtTable, reciprocalTable } from '../../src/vlp/reciprocal.ts';
import { createSinCos, sineTables } from '../../src/vlp/sine.ts';
import { WINDOWLESS } from '../../src/vlp/windowless.ts';

/** Largest relative error over the normal positive inputs whose result is normal too. */
function worst(table: Uint16Array, exact: (x: number) => number): number {
  let largest = 0;
  for (let bits = 0x0080; bits < bf16.INFINITY; bits++) {
    const x = bf16.fromBits(bits);
    if (exact(x) < 2 ** -125 || exact(x) > 2 ** 125) continue;
    largest = Math.max(largest, Math.abs(bf16.fromBits(table[bits]) / exact(x) - 1));
  }
  return largest;
}

describe('1/x and 1/√x by VLP, all 65,536 inputs', () => {
  // Half a mantissa step either way, 1/√x halves it; bounds of the next power of two for what was measured.
  it.each([
    [2, 0.125, 0.0625],
    [3, 0.0626, 0.0313],
    [4, 0.0313, 0.0166],
  ])('%i mantissa bits', (mantissaBits, reciprocal, inverse) => {
    for (const entries of ['point', 'mean'] as const) {
      const options = { mantissaBits, entries };
      expect(worst(reciprocalTable(options), (x) => 1 / x)).toBeLessThan(reciprocal * 1.001);
      expect(worst(inverseSqrtTable(options), (x) => 1 / Math.sqrt(x))).toBeLessThan(inverse * 1.001);
      const refined = { ...options, newton: 1 } as const;
      // A Newton step squares the error; three BF16 roundings stay.
      expect(worst(reciprocalTable(refined), (x) => 1 / x)).toBeLessThan(reciprocal ** 2 + 0.0065);
      expect(worst(inverseSqrtTable(refined), (x) => 1 / Math.sqrt(x))).toBeLessThan(
        1.5 * inverse ** 2 + 0.0085,
      );
    }
  });

  it('mean entries lower the largest error of 1/x from 6.3 to 5.1 %', () => {
    expect(worst(reciprocalTable({ entries: 'point' }), (x) => 1 / x)).toBeGreaterThan(0.062);
    expect(worst(reciprocalTable({ entries: 'mean' }), (x) => 1 / x)).toBeLessThan(0.052);
  });

  it('answers special values as IEEE 754 does, subnormals as zeros', () => {
    const at = (table: Uint16Array, x: number): number => bf16.fromBits(table[bf16.toBits(x)]);
    const [r, s] = [reciprocalTable(), inverseSqrtTable()];
    expect([0, -0, Infinity, -Infinity, 2 ** -130].map((x) => at(r, x))).toEqual([
      Infinity,
      -Infinity,
      0,
      -0,
      Infinity,
    ]);
    expect([0, Infinity, -1, -0].map((x) => at(s, x))).toEqual([Infinity, 0, Number.NaN, Infinity]);
    for (let bits = 0; bits < 65536; bits++) {
      if (bf16.isNaN(bits)) expect([r[bits], s[bits]]).toEqual([bf16.NAN, bf16.NAN]);
      else if ((bits & 0x7fff) >= 0x80) expect(r[bits] & 0x8000).toBe(bits & 0x8000);
    }
  });

  it('falls as x rises, up to the roundings of a Newton step', () => {
    for (const table of [reciprocalTable(), inverseSqrtTable()])
      for (let bits = 0x0080; bits < 0x7f00; bits++) expect(table[bits + 1]).toBeLessThanOrEqual(table[bits]);
  });
});

describe('sin and cos by VLP', () => {
  it('keep within 0.004 of the exact values over [0, π/4] when refined, 0.035 when not', () => {
    for (const [refine, bound] of [
      [true, 0.004],
      [false, 0.035],
    ] as const) {
      const { sin, cos } = sineTables({ refine });
      for (let bits = 0; bf16.fromBits(bits) <= Math.PI / 4; bits++) {
        const r = bf16.fromBits(bits);
        expect(Math.abs(bf16.fromBits(sin[bits]) - Math.sin(r))).toBeLessThan(bound);
        expect(Math.abs(bf16.fromBits(cos[bits]) - Math.cos(r))).toBeLessThan(bound);
      }
    }
  });

  it('turn by every angle of a rotary embedding over 4,096 positions, within 0.0065 of the exact turn', () => {
    const sinCos = createSinCos();
    let largest = 0;
    for (let pair = 0; pair < 32; pair++) {
      for (let position = 0; position < 4096; position += 7) {
        const angle = position * 10_000 ** (-pair / 32);
        const { sin, cos } = sinCos(angle);
        largest = Math.max(largest, Math.hypot(sin - Math.sin(angle), cos - Math.cos(angle)));
      }
    }
    expect(largest).toBeLessThan(0.0065);
    expect(largest).toBeGreaterThan(0.003);
  });

  it('have the right signs and symmetries, and give NaN for what is no angle', () => {
    const sinCos = createSinCos();
    for (const angle of [0.1, 1, 2, 3, 4, 5, 6, 100]) {
      const [a, b] = [sinCos(angle), sinCos(-angle)];
      expect([b.sin, b.cos]).toEqual([-a.sin, a.cos]);
      expect(Math.sign(a.sin)).toBe(Math.sign(Math.sin(angle)));
      expect(Math.sign(a.cos)).toBe(Math.sign(Math.cos(angle)));
    }
    expect(sinCos(0)).toEqual({ sin: 0, cos: 1 });
    expect(sinCos(Number.NaN)).toEqual({ sin: Number.NaN, cos: Number.NaN });
    expect(sinCos(Infinity).sin).toBeNaN();
  });

  it('every windowless function answers NaN for NaN', () => {
    for (const { table } of Object.values(WINDOWLESS))
      expect(bf16.isNaN(table({ mantissaBits: 3, entries: 'mean' })[bf16.NAN])).toBe(true);
  });
});
