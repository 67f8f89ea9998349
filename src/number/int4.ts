import { MugiError } from '../errors.ts';

/**
 * INT4 as the array holds it: a sign and a 3-bit magnitude, −7 … 7, because a temporal code of 8 cycles cannot
 * express a magnitude of 8 (Mugi §4.2). At the boundary values are two's complement nibbles; −8, which only that
 * form has, is clipped to −7 and counted.
 */
export const MAXIMUM = 7;

/** Sign-magnitude code of a value −7 … 7: sign in bit 3, magnitude in bits 2…0. Zero has sign 0. */
export function toSignMagnitude(value: number): number {
  checkValue(value);
  return value < 0 ? 8 | -value : value;
}

/** Value of a sign-magnitude code 0 … 15; code 8, minus zero, is 0. */
export function fromSignMagnitude(code: number): number {
  const magnitude = code & 7;
  return code & 8 && magnitude !== 0 ? -magnitude : magnitude;
}

/** Two's complement nibble of a value −7 … 7. */
export function toNibble(value: number): number {
  checkValue(value);
  return value & 15;
}

/** Value −8 … 7 of a two's complement nibble, before clipping. */
export function fromNibble(nibble: number): number {
  return ((nibble & 15) ^ 8) - 8;
}

/** What reading two's complement gives: values −7 … 7, and how many were −8. */
export interface Unpacked {
  values: Int8Array;
  clipped: number;
}

/** Two's complement, two to a byte, the even index in the low nibble; an odd count leaves the last high nibble 0. */
export function packNibbles(values: ArrayLike<number>): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(values.length / 2));
  for (let i = 0; i < values.length; i++) bytes[i >> 1] |= toNibble(values[i]) << ((i & 1) * 4);
  return bytes;
}

/**
 * Reads `count` nibbles of packed two's complement.
 * @throws MugiError when `bytes` does not hold exactly `count` nibbles
 */
export function unpackNibbles(bytes: Uint8Array, count: number): Unpacked {
  if (bytes.length !== Math.ceil(count / 2)) {
    throw new MugiError({
      code: 'invalid-value',
      message: 'packed INT4 values do not fit their count',
      expected: `${Math.ceil(count / 2)} bytes for ${count} values`,
      received: `${bytes.length} bytes`,
    });
  }
  const values = new Int8Array(count);
  let clipped = 0;
  for (let i = 0; i < count; i++) {
    const value = fromNibble(bytes[i >> 1] >> ((i & 1) * 4));
    if (value === -8) clipped++;
    values[i] = Math.max(value, -MAXIMUM);
  }
  return { values, clipped };
}

function checkValue(value: number): void {
  if (Number.isInteger(value) && value >= -MAXIMUM && value <= MAXIMUM) return;
  throw new MugiError({
    code: 'invalid-value',
    message: 'a value does not fit a sign and a 3-bit magnitude',
    expected: `whole number from ${-MAXIMUM} to ${MAXIMUM}`,
    received: String(value),
    nearest: Number.isNaN(value) ? undefined : String(Math.min(7, Math.max(-7, Math.round(value)))),
  });
}
