import { expect, it } from 'vitest';
import { GGML_FORMATS, type GgmlType } from '../../src/number/ggml-quants.ts';
import { expand, firstNonFinite, storedBytes } from '../../src/model/format/stored-type.ts';

/** A cursor over one block's bits, from its first byte's lowest bit on. */
const bits = (b: Uint8Array, from: number, count: number): number => {
  let value = 0;
  for (let i = 0; i < count; i++) value += ((b[(from + i) >> 3] >> ((from + i) & 7)) & 1) * 2 ** i;
  return value;
};
const byte = (b: Uint8Array, at: number): number => bits(b, 8 * at, 8);
/** IEEE binary16 from its definition. */
const float16 = (b: Uint8Array, at: number): number => {
  const word = bits(b, 8 * at, 16);
  const [sign, exponent, fraction] = [word >= 0x8000 ? -1 : 1, Math.floor(word / 1024) % 32, word % 1024];
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
};
const int8 = (b: Uint8Array, at: number): number => (byte(b, at) > 127 ? byte(b, at) - 256 : byte(b, at));
const IQ = [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113];
const E2M1 = [0, 0.5, 1, 1.5, 2, 3, 4, 6];

/**
 * Element e of a block, one at a time, from the layouts of ggml-common.h: bit positions are reckoned, nothing is
 * shifted along. K-quants keep element e = 128·a + 32·s + l of two-bit parts in byte 32·a + l, bits 2·s.
 */
const ELEMENT: Record<GgmlType, (b: Uint8Array, e: number) => number> = {
  Q4_1: (b, e) => nibble(b, 4, e) * float16(b, 0) + float16(b, 2),
  Q5_0: (b, e) => (nibble(b, 6, e) + 16 * bits(b, 16 + e, 1) - 16) * float16(b, 0),
  Q5_1: (b, e) => (nibble(b, 8, e) + 16 * bits(b, 32 + e, 1)) * float16(b, 0) + float16(b, 2),
  IQ4_NL: (b, e) => IQ[nibble(b, 2, e)] * float16(b, 0),
  MXFP4: (b, e) => {
    const q = nibble(b, 1, e);
    return (q > 7 ? -1 : 1) * E2M1[q % 8] * 2 ** (byte(b, 0) - 127);
  },
  Q2_K: (b, e) => {
    const s = byte(b, Math.floor(e / 16));
    return float16(b, 80) * (s % 16) * pair(b, 16, e) - float16(b, 82) * Math.floor(s / 16);
  },
  Q3_K: (b, e) => {
    const group = Math.floor(e / 16);
    // Sixteen scales of six bits: four low bits each in bytes 0 to 7, two high bits each in bytes 8 to 11.
    const low = bits(b, 8 * (96 + (group % 8)) + 4 * Math.floor(group / 8), 4);
    const high = bits(b, 8 * (104 + (group % 4)) + 2 * Math.floor(group / 4), 2);
    const third = bits(b, 8 * (e % 32) + Math.floor(e / 32), 1);
    return float16(b, 108) * (low + 16 * high - 32) * (pair(b, 32, e) + 4 * third - 4);
  },
  Q4_K: (b, e) =>
    superblock(
      b,
      e,
      bits(b, 8 * (16 + 32 * Math.floor(e / 64) + (e % 32)) + 4 * (Math.floor(e / 32) % 2), 4),
    ),
  Q5_K: (b, e) =>
    superblock(
      b,
      e,
      bits(b, 8 * (48 + 32 * Math.floor(e / 64) + (e % 32)) + 4 * (Math.floor(e / 32) % 2), 4) +
        16 * bits(b, 8 * (16 + (e % 32)) + Math.floor(e / 32), 1),
    ),
  Q6_K: (b, e) => {
    const [part, quarter, l] = [Math.floor(e / 128), Math.floor(e / 32) % 4, e % 32];
    const low = bits(b, 8 * (64 * part + 32 * (quarter % 2) + l) + 4 * Math.floor(quarter / 2), 4);
    const high = bits(b, 8 * (128 + 32 * part + l) + 2 * quarter, 2);
    return float16(b, 208) * int8(b, 192 + Math.floor(e / 16)) * (low + 16 * high - 32);
  },
  IQ4_XS: (b, e) => {
    const part = Math.floor(e / 32);
    const scale = bits(b, 32 + 4 * part, 4) + 16 * bits(b, 16 + 2 * part, 2) - 32;
    return float16(b, 0) * scale * IQ[bits(b, 8 * (8 + 16 * part + (e % 16)) + (e % 32 < 16 ? 0 : 4), 4)];
  },
};
const nibble = (b: Uint8Array, at: number, e: number): number =>
  bits(b, 8 * (at + (e % 16)) + (e < 16 ? 0 : 4), 4);
const pair = (b: Uint8Array, at: number, e: number): number =>
  bits(b, 8 * (at + 32 * Math.floor(e / 128) + (e % 32)) + 2 * (Math.floor(e / 32) % 4), 2);
/** Scale and minimum of six bits for each 32: whole in the low bits for the first four, split for the others. */
function superblock(b: Uint8Array, e: number, q: number): number {
  const part = Math.floor(e / 32);
  const scale =
    part < 4 ? bits(b, 8 * (4 + part), 6) : bits(b, 8 * (8 + part), 4) + 16 * bits(b, 8 * part + 6, 2);
  const least =
    part < 4
      ? bits(b, 8 * (8 + part), 6)
      : bits(b, 8 * (8 + part) + 4, 4) + 16 * bits(b, 8 * (4 + part) + 6, 2);
  return float16(b, 0) * scale * q - float16(b, 2) * least;
}

it.each(Object.keys(GGML_FORMATS) as GgmlType[])(
  '%s unpacks to what its layout says, bit for bit',
  (type) => {
    const { elements, bytes: size } = GGML_FORMATS[type];
    const blocks = 40;
    let state = 12345;
    const bytes = Uint8Array.from({ length: blocks * size }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state >>> 24;
    });
    // Halves and exponents of any size but NaN and infinity.
    for (let block = 0; block < blocks; block++) {
      for (const at of GGML_FORMATS[type].halves) bytes[block * size + at + 1] &= 0xbb;
      if (type === 'MXFP4') bytes[block * size] = 60 + block;
    }
    expect(storedBytes(type, blocks * elements)).toBe(bytes.length);
    expect(firstNonFinite(type, bytes)).toBe(-1);
    const out = new Float32Array(blocks * elements);
    expand(type, bytes, 0, out.length, out);
    const expected = Float32Array.from({ length: out.length }, (_, i) =>
      ELEMENT[type](bytes.subarray(Math.floor(i / elements) * size), i % elements),
    );
    expect(out).toEqual(expected);
    const part = new Float32Array(elements);
    expand(type, bytes, 3 * elements, elements, part);
    expect(part).toEqual(expected.slice(3 * elements, 4 * elements));
    const [place] = [...GGML_FORMATS[type].halves, 0];
    bytes.set(type === 'MXFP4' ? [0xff] : [0, 0x7c], 5 * size + place);
    expect(firstNonFinite(type, bytes)).toBe(5 * elements);
  },
);
