import { halfValues } from './half.ts';

/**
 * Block formats of ggml that are unpacked when they are read (ggml-quants.c, `dequantize_row_*`; ggml-common.h for the
 * layouts). A value is a product of a half, an integer scale and a small integer, less a product of another half: exact in
 * double precision, rounded once to FP32, as ggml's own FP32 arithmetic gives it.
 */
export interface GgmlFormat {
  /** Elements of a block. */
  elements: number;
  bytes: number;
  /** Offsets of the block's halves, which may be NaN or infinite; of its exponent in MXFP4. */
  halves: readonly number[];
  exponent?: number;
  /** Writes the block that begins at `at` to `out`, from `to` on. */
  unpack(b: Uint8Array, at: number, out: Float32Array, to: number): void;
}

const half = (b: Uint8Array, at: number): number => halfValues()[b[at] | (b[at + 1] << 8)];
const signed = (x: number): number => (x << 24) >> 24;

/** Non-linear steps of IQ4_NL and IQ4_XS (`kvalues_iq4nl`). */
const IQ4 = [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113];
/** Values of E2M1 (OCP Microscaling Formats 1.0, §5.3.3). */
export const E2M1: readonly number[] = [0, 0.5, 1, 1.5, 2, 3, 4, 6, -0, -0.5, -1, -1.5, -2, -3, -4, -6];

/** Blocks of 32 with 16 bytes of nibbles: element j low, element j + 16 high. */
function nibbles(
  bytes: number,
  quants: number,
  halves: readonly number[],
  value: (b: Uint8Array, at: number) => (nibble: number, j: number) => number,
): GgmlFormat {
  return {
    elements: 32,
    bytes,
    halves,
    unpack(b, at, out, to) {
      const of = value(b, at);
      for (let j = 0; j < 16; j++) {
        const q = b[at + quants + j];
        out[to + j] = of(q & 15, j);
        out[to + j + 16] = of(q >> 4, j + 16);
      }
    },
  };
}

const fifth = (b: Uint8Array, at: number, j: number): number => ((b[at + (j >> 3)] >> (j & 7)) & 1) << 4;

/** The eight 6-bit scales and minima of Q4_K and Q5_K, in 12 bytes (`get_scale_min_k4`). */
function scaleAndMinimum(b: Uint8Array, at: number, j: number): [number, number] {
  if (j < 4) return [b[at + j] & 63, b[at + j + 4] & 63];
  return [(b[at + j + 4] & 15) | ((b[at + j - 4] >> 6) << 4), (b[at + j + 4] >> 4) | ((b[at + j] >> 6) << 4)];
}

function q45k(bits: 4 | 5): GgmlFormat {
  const [high, quants] = bits === 4 ? [0, 16] : [16, 48];
  return {
    elements: 256,
    bytes: bits === 4 ? 144 : 176,
    halves: [0, 2],
    unpack(b, at, out, to) {
      const [d, least] = [half(b, at), half(b, at + 2)];
      for (let part = 0; part < 8; part++) {
        const [scale, minimum] = scaleAndMinimum(b, at + 4, part);
        for (let l = 0; l < 32; l++) {
          const byte = b[at + quants + (part >> 1) * 32 + l];
          const low = part % 2 === 0 ? byte & 15 : byte >> 4;
          const q = bits === 4 ? low : low + (((b[at + high + l] >> part) & 1) << 4);
          out[to + part * 32 + l] = d * scale * q - least * minimum;
        }
      }
    },
  };
}

export const GGML_FORMATS = {
  Q4_1: nibbles(20, 4, [0, 2], (b, at) => {
    const [d, m] = [half(b, at), half(b, at + 2)];
    return (q) => q * d + m;
  }),
  Q5_0: nibbles(22, 6, [0], (b, at) => {
    const d = half(b, at);
    return (q, j) => ((q | fifth(b, at + 2, j)) - 16) * d;
  }),
  Q5_1: nibbles(24, 8, [0, 2], (b, at) => {
    const [d, m] = [half(b, at), half(b, at + 2)];
    return (q, j) => (q | fifth(b, at + 4, j)) * d + m;
  }),
  IQ4_NL: nibbles(18, 2, [0], (b, at) => {
    const d = half(b, at);
    return (q) => IQ4[q] * d;
  }),
  MXFP4: {
    ...nibbles(17, 1, [], (b, at) => {
      const scale = 2 ** (b[at] - 127);
      return (q) => E2M1[q] * scale;
    }),
    exponent: 0,
  },
  Q2_K: {
    elements: 256,
    bytes: 84,
    halves: [80, 82],
    unpack(b, at, out, to) {
      const [d, least] = [half(b, at + 80), half(b, at + 82)];
      for (let i = 0; i < 256; i++) {
        const scale = b[at + (i >> 4)];
        const q = (b[at + 16 + (i >> 7) * 32 + (i & 31)] >> (2 * ((i >> 5) & 3))) & 3;
        out[to + i] = d * (scale & 15) * q - least * (scale >> 4);
      }
    },
  },
  Q3_K: {
    elements: 256,
    bytes: 110,
    halves: [108],
    unpack(b, at, out, to) {
      const d = half(b, at + 108);
      for (let i = 0; i < 256; i++) {
        const n = i >> 4;
        const low = n < 8 ? b[at + 96 + n] & 15 : b[at + 96 + n - 8] >> 4;
        const scale = (low | (((b[at + 104 + (n & 3)] >> (2 * (n >> 2))) & 3) << 4)) - 32;
        const q = (b[at + 32 + (i >> 7) * 32 + (i & 31)] >> (2 * ((i >> 5) & 3))) & 3;
        const third = (b[at + (i & 31)] >> (i >> 5)) & 1;
        out[to + i] = d * scale * (q - (third === 1 ? 0 : 4));
      }
    },
  },
  Q4_K: q45k(4),
  Q5_K: q45k(5),
  Q6_K: {
    elements: 256,
    bytes: 210,
    halves: [208],
    unpack(b, at, out, to) {
      const d = half(b, at + 208);
      for (let i = 0; i < 256; i++) {
        const [part, quarter, l] = [i >> 7, (i >> 5) & 3, i & 31];
        const byte = b[at + part * 64 + (quarter & 1) * 32 + l];
        const low = quarter < 2 ? byte & 15 : byte >> 4;
        const high = (b[at + 128 + part * 32 + l] >> (2 * quarter)) & 3;
        out[to + i] = d * signed(b[at + 192 + (i >> 4)]) * ((low | (high << 4)) - 32);
      }
    },
  },
  IQ4_XS: {
    elements: 256,
    bytes: 136,
    halves: [0],
    unpack(b, at, out, to) {
      const d = half(b, at);
      const high = b[at + 2] | (b[at + 3] << 8);
      for (let i = 0; i < 256; i++) {
        const part = i >> 5;
        const low = (b[at + 4 + (part >> 1)] >> (4 * (part & 1))) & 15;
        const scale = (low | (((high >> (2 * part)) & 3) << 4)) - 32;
        const byte = b[at + 8 + part * 16 + (i & 15)];
        out[to + i] = d * scale * IQ4[(i & 16) === 0 ? byte & 15 : byte >> 4];
      }
    },
  },
} as const satisfies Record<string, GgmlFormat>;

export type GgmlType = keyof typeof GGML_FORMATS;

export const isGgml = (type: string): type is GgmlType => Object.hasOwn(GGML_FORMATS, type);
