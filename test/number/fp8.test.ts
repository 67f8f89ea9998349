import { describe, expect, it } from 'vitest';
import { E4M3, E5M2, fromBits, toBits } from '../../src/number/fp8.ts';

describe.each([E4M3, E5M2])('fp8 $name', (format) => {
  const patterns = Array.from({ length: 256 }, (_, bits) => bits);

  it('decodes and encodes every finite pattern to itself', () => {
    for (const bits of patterns) {
      const value = fromBits(bits, format);
      if (Number.isFinite(value)) expect(toBits(value, format)).toBe(bits);
    }
  });

  it('is ordered as its patterns, and the middle of two neighbours goes to the even one', () => {
    const top = toBits(format.max, format);
    for (let bits = 0; bits < top; bits++) {
      const [a, b] = [fromBits(bits, format), fromBits(bits + 1, format)];
      expect(b).toBeGreaterThan(a);
      expect(toBits((a + b) / 2, format)).toBe(bits & 1 ? bits + 1 : bits);
      expect(toBits(-(a + (b - a) * 0.51), format)).toBe((bits + 1) | 0x80);
    }
  });

  it('saturates by default', () => {
    expect(fromBits(toBits(1e9, format), format)).toBe(format.max);
    expect(fromBits(toBits(-Infinity, format), format)).toBe(-format.max);
    expect(toBits(Number.NaN, format)).toBe(format.nan);
  });
});

describe('fp8 values of the OCP specification', () => {
  it('has the published extremes', () => {
    expect(fromBits(0x7e, E4M3)).toBe(448);
    expect(fromBits(0x08, E4M3)).toBe(2 ** -6);
    expect(fromBits(0x01, E4M3)).toBe(2 ** -9);
    expect(fromBits(0x7f, E4M3)).toBeNaN();
    expect(fromBits(0x7b, E5M2)).toBe(57344);
    expect(fromBits(0x01, E5M2)).toBe(2 ** -16);
    expect(fromBits(0x7c, E5M2)).toBe(Infinity);
    expect(fromBits(0x7d, E5M2)).toBeNaN();
  });

  it('overflows to NaN or infinity when not saturating', () => {
    expect(toBits(1e9, E4M3, false)).toBe(0x7f);
    expect(toBits(-1e9, E5M2, false)).toBe(0xfc);
  });
});
