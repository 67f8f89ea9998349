import { describe, expect, it } from 'vitest';
import * as bf16 from '../../src/number/bf16.ts';
import { FUNCTIONS } from '../../src/vlp/function.ts';
import { gemm, NODE_ARITHMETIC } from '../../src/vlp/gemm.ts';
import { buildLut, entry } from '../../src/vlp/lut.ts';
import { lutRows } from '../../src/vlp/lut-file.ts';
import { spikes, subscribe } from '../../src/vlp/temporal-code.ts';

describe('the temporal code, which tables and products stand for', () => {
  it('picks the product m·a from a bus on which a is added once a cycle', () => {
    const a = 1.0078125;
    // The accumulator keeps the exact multiple; what leaves it is rounded once.
    const bus = Array.from({ length: 8 }, (_, cycle) => bf16.round(cycle * a));
    for (let magnitude = 0; magnitude <= 7; magnitude++) {
      const matrix = {
        outputs: 1,
        inner: 1,
        values: Int8Array.of(magnitude),
        scales: Uint16Array.of(bf16.ONE),
        axis: 'inner',
        groupSize: 1,
        clipped: 0,
      } as const;
      const product = gemm(Uint16Array.of(bf16.toBits(a)), 1, matrix, NODE_ARITHMETIC)[0];
      expect(subscribe(spikes(magnitude, 3), bus)).toBe(product);
    }
  });

  it('picks the row of a mantissa, and in it the column of an exponent', () => {
    const lut = buildLut(FUNCTIONS.silu, { window: { lo: -6, hi: 1 }, mantissaBits: 3 });
    const rows = lutRows(lut).map(({ bits }) => bits);
    for (const negative of [false, true]) {
      const half = rows.slice(negative ? 8 : 0, negative ? 16 : 8);
      for (let mantissa = 0; mantissa < 8; mantissa++) {
        const row = subscribe(spikes(mantissa, 3), half)!;
        for (let e = 0; e < 8; e++)
          expect(subscribe(spikes(e, 3), row)).toBe(entry(lut, negative, mantissa, e - 6));
      }
    }
  });
});
