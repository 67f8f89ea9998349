import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MugiError } from '../../src/errors.ts';
import {
  fromNibble,
  fromSignMagnitude,
  packNibbles,
  toNibble,
  toSignMagnitude,
  unpackNibbles,
} from '../../src/number/int4.ts';

describe('INT4', () => {
  it('has the 15 values −7 … 7 in both codes, and −8 in two’s complement alone', () => {
    for (let value = -7; value <= 7; value++) {
      expect(fromSignMagnitude(toSignMagnitude(value))).toBe(value);
      expect(fromNibble(toNibble(value))).toBe(value);
    }
    expect(Array.from({ length: 16 }, (_, code) => fromSignMagnitude(code))).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7, 0, -1, -2, -3, -4, -5, -6, -7,
    ]);
    expect(Array.from({ length: 16 }, (_, nibble) => fromNibble(nibble))).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7, -8, -7, -6, -5, -4, -3, -2, -1,
    ]);
  });

  it('packs two to a byte and counts the −8 it clips', () => {
    for (let byte = 0; byte < 256; byte++) {
      const { values, clipped } = unpackNibbles(Uint8Array.of(byte), 2);
      const read = [fromNibble(byte), fromNibble(byte >> 4)];
      expect([...values]).toEqual(read.map((value) => Math.max(value, -7)));
      expect(clipped).toBe(read.filter((value) => value === -8).length);
      if (clipped === 0) expect(packNibbles(values)[0]).toBe(byte);
    }
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -7, max: 7 })), (values) => {
        expect([...unpackNibbles(packNibbles(values), values.length).values]).toEqual(values);
      }),
    );
  });

  it('refuses other values and sizes, with the nearest valid one', () => {
    for (const value of [-8, 8, 0.5, Number.NaN]) expect(() => toNibble(value)).toThrow(MugiError);
    expect(() => toSignMagnitude(-8)).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ nearest: '-7' }) }),
    );
    expect(() => unpackNibbles(new Uint8Array(2), 5)).toThrow(/do not fit/);
  });
});
