import type { Rope } from '../config/config.ts';

/** Sine and cosine of an angle in radians. */
export type SinCos = (angle: number) => { sin: number; cos: number };

/** What turns the heads of one sequence: angle per position of each pair, in radians, and a factor of both results. */
export interface Turn {
  frequencies: Float64Array;
  size: number;
}

/**
 * Angles of the dim/2 pairs for a sequence of `length` tokens (RoFormer, and the rescalings of long contexts). Only
 * LongRoPE depends on the length.
 */
export function ropeTurn(rope: Rope, length = 1): Turn {
  const { dim, theta, scaling } = rope;
  const frequencies = Float64Array.from({ length: dim / 2 }, (_, i) => theta ** ((-2 * i) / dim));
  switch (scaling?.type) {
    case undefined:
      return { frequencies, size: 1 };
    case 'linear':
      return { frequencies: frequencies.map((f) => f / scaling.factor), size: 1 };
    case 'factors':
      return { frequencies: frequencies.map((f, i) => f / scaling.factors[i]), size: 1 };
    case 'llama3':
      return {
        frequencies: frequencies.map((f) => {
          const wave = (2 * Math.PI) / f;
          const share = (scaling.original / wave - scaling.low) / (scaling.high - scaling.low);
          return mix(f, scaling.factor, Math.min(1, Math.max(0, share)));
        }),
        size: 1,
      };
    case 'yarn': {
      /** The pair that turns so many times in the original context (Peng et al., 2023, §3.2). */
      const pairOf = (turns: number): number =>
        (dim * Math.log(scaling.original / (2 * Math.PI * turns))) / (2 * Math.log(theta));
      const { truncate } = scaling;
      const low = Math.max(0, truncate ? Math.floor(pairOf(scaling.fast)) : pairOf(scaling.fast));
      const high = Math.min(dim - 1, truncate ? Math.ceil(pairOf(scaling.slow)) : pairOf(scaling.slow));
      // transformers keeps the ramp from being a step.
      const width = high === low ? 0.001 : high - low;
      return {
        frequencies: frequencies.map((f, i) =>
          mix(f, scaling.factor, 1 - Math.min(1, Math.max(0, (i - low) / width))),
        ),
        size: scaling.size,
      };
    }
    case 'longrope': {
      const factors = length > scaling.original ? scaling.long : scaling.short;
      return { frequencies: frequencies.map((f, i) => f / factors[i]), size: scaling.size };
    }
  }
}

/** `share` of the angle as it is, the rest slowed by the factor. */
const mix = (f: number, factor: number, share: number): number =>
  share === 1 ? f : (1 - share) * (f / factor) + share * f;

const exact: SinCos = (angle) => ({ sin: Math.sin(angle), cos: Math.cos(angle) });

/**
 * Rotates, in place, the `heads` heads of each row of x [rows × heads·headDim]; `positions[r]` is row r's position.
 * Elements of a head behind the rotated ones stay.
 */
export function applyRope(
  x: Float32Array,
  positions: Int32Array,
  heads: number,
  headDim: number,
  { frequencies, size }: Turn,
  interleaved: boolean,
  sinCos: SinCos = exact,
): void {
  const half = frequencies.length;
  const cos = new Float32Array(half);
  const sin = new Float32Array(half);
  const step = interleaved ? 2 : 1;
  const partner = interleaved ? 1 : half;
  let known = -1;
  for (let r = 0; r < positions.length; r++) {
    const position = positions[r];
    if (position !== known) {
      for (let i = 0; i < half; i++) {
        const turned = sinCos(position * frequencies[i]);
        cos[i] = size * turned.cos;
        sin[i] = size * turned.sin;
      }
      known = position;
    }
    for (let h = 0; h < heads; h++) {
      const at = (r * heads + h) * headDim;
      for (let i = 0; i < half; i++) {
        const a = x[at + i * step];
        const b = x[at + i * step + partner];
        x[at + i * step] = a * cos[i] - b * sin[i];
        x[at + i * step + partner] = a * sin[i] + b * cos[i];
      }
    }
  }
}
