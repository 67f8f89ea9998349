import type { NonlinearUnit } from './nonlinear.ts';

/** How a forward pass computes, besides the weights: rounding, KV quantisation, nonlinear functions. */
export interface Arithmetic {
  /** `fp32`: results as computed. `bf16`: every operator's result is rounded to BF16, as on the hardware. */
  activations: 'fp32' | 'bf16';
  /** The layers' matrices as the checkpoint stores them, or as symmetric INT4 with one scale per `group` inputs. */
  weights: { type: 'stored' } | { type: 'int4'; group: number };
  /** Keys and values as computed, or quantised to INT4 when they enter the cache. */
  kv: 'fp32' | 'int4';
  nonlinear: NonlinearUnit;
}

/** Rounds x to BF16 in place (nearest, ties to even); infinities and NaN stay what they are. */
export function roundToBf16(x: Float32Array): void {
  const words = new Uint32Array(x.buffer, x.byteOffset, x.length);
  for (let i = 0; i < words.length; i++) {
    const bits = words[i]!;
    if ((bits & 0x7f80_0000) === 0x7f80_0000) continue;
    words[i] = (bits + 0x7fff + ((bits >>> 16) & 1)) & 0xffff_0000;
  }
}

/** Rounds an operator's result where the arithmetic asks for it; returns its argument. */
export function stored(x: Float32Array, arithmetic: Arithmetic): Float32Array {
  if (arithmetic.activations === 'bf16') roundToBf16(x);
  return x;
}
