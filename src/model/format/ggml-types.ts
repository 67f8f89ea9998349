import { isStored, storedBytes } from './stored-type.ts';

/** Names of the types that a GGUF file can store a tensor in, by their numbers (ggml.h, `enum ggml_type`). */
export const GGML_TYPES: Readonly<Record<number, string>> = {
  0: 'F32',
  1: 'F16',
  2: 'Q4_0',
  3: 'Q4_1',
  6: 'Q5_0',
  7: 'Q5_1',
  8: 'Q8_0',
  9: 'Q8_1',
  10: 'Q2_K',
  11: 'Q3_K',
  12: 'Q4_K',
  13: 'Q5_K',
  14: 'Q6_K',
  15: 'Q8_K',
  16: 'IQ2_XXS',
  17: 'IQ2_XS',
  18: 'IQ3_XXS',
  19: 'IQ1_S',
  20: 'IQ4_NL',
  21: 'IQ3_S',
  22: 'IQ2_S',
  23: 'IQ4_XS',
  24: 'I8',
  25: 'I16',
  26: 'I32',
  27: 'I64',
  28: 'F64',
  29: 'IQ1_M',
  30: 'BF16',
  34: 'TQ1_0',
  35: 'TQ2_0',
  39: 'MXFP4',
};

/**
 * Bits of a weight of a type, scales left out, as its name says them; undefined for integers, which hold no weights. Wider
 * floats count as the 16 bits that hardware would hold, ternary ones as two.
 */
export function ggmlBits(type: number): number | undefined {
  const [, kind, digits] = /^(Q|IQ|MXFP|TQ|F|BF)(\d+)/.exec(GGML_TYPES[type] ?? '') ?? [];
  if (kind === undefined) return undefined;
  return kind === 'TQ' ? 2 : Math.min(16, Number(digits));
}

/** Bytes of 256 elements of the types that the engine does not run, as ggml stores them. */
const UNREAD_BYTES: Readonly<Record<string, number>> = {
  Q8_1: 288,
  Q8_K: 292,
  IQ2_XXS: 66,
  IQ2_XS: 74,
  IQ2_S: 82,
  IQ3_XXS: 98,
  IQ3_S: 110,
  IQ1_S: 50,
  IQ1_M: 56,
  TQ1_0: 54,
  TQ2_0: 66,
};

/** Bits of a weight of a type, and what its blocks hold beside them, a weight; undefined where it holds no weights. */
export function ggmlFormat(type: number): { bits: number; scaleBits: number } | undefined {
  const bits = ggmlBits(type);
  if (bits === undefined) return undefined;
  const name = GGML_TYPES[type];
  const bytes = isStored(name) ? storedBytes(name, 256) : (UNREAD_BYTES[name] ?? 0);
  return { bits, scaleBits: bits === 16 ? 0 : Math.max(0, bytes / 32 - bits) };
}
