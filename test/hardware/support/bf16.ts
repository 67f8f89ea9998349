const float64 = new Float64Array(1);
const words = new Uint32Array(float64.buffer);
const float32 = new Float32Array(1);
const word32 = new Uint32Array(float32.buffer);

/** The value of a BF16 pattern. */
export function fromBits(bits: number): number {
  word32[0] = bits << 16;
  return float32[0];
}

/** The BF16 pattern nearest to a float64, ties to even, by comparing with both neighbours. */
export function toBits(value: number): number {
  if (Number.isNaN(value)) return 0x7fc0;
  float64[0] = value;
  const sign = (words[1] >>> 16) & 0x8000;
  const magnitude = Math.abs(value);
  // The largest float32 not above the magnitude, cut to its upper half, is the BF16 below it.
  float32[0] = magnitude;
  if (float32[0] > magnitude && word32[0] > 0) word32[0] -= 1;
  const below = Math.min(word32[0] >>> 16, 0x7f7f);
  const low = fromBits(below);
  const high = below === 0x7f7f ? 2 ** 128 : fromBits(below + 1);
  const up =
    magnitude - low > high - magnitude || (magnitude - low === high - magnitude && (below & 1) === 1);
  return sign | (magnitude === Infinity || up ? (magnitude === Infinity ? 0x7f80 : below + 1) : below);
}

export const flush = (bits: number): number => ((bits & 0x7f80) === 0 ? bits & 0x8000 : bits);

/** `operation` on BF16 patterns, rounded once; with subnormals read and written as zero if asked. */
export function definition(operation: (a: number, b: number) => number, flushing: boolean) {
  return (a: number, b: number): number =>
    flushing
      ? flush(toBits(operation(fromBits(flush(a)), fromBits(flush(b)))))
      : toBits(operation(fromBits(a), fromBits(b)));
}

/** Patterns at every edge of the format, both signs. */
export const CORNERS: readonly number[] = [0, 0x8000].flatMap((sign) =>
  [
    0x0000, 0x0001, 0x0002, 0x003f, 0x0040, 0x007f, 0x0080, 0x0081, 0x00ff, 0x0100, 0x017f, 0x0400, 0x1f80,
    0x1fff, 0x2000, 0x3f00, 0x3f7f, 0x3f80, 0x3f81, 0x3fff, 0x4000, 0x407f, 0x4080, 0x5f80, 0x7e80, 0x7eff,
    0x7f00, 0x7f7e, 0x7f7f, 0x7f80, 0x7f81, 0x7fc0, 0x7fff,
  ].map((bits) => sign | bits),
);

/** A small deterministic generator of 32-bit words (xorshift). */
export function generator(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}
