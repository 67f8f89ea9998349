import type { Angles } from '../../kernel/vector.ts';
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
export function ropeTurn(rope: Rope, length: number): Turn {
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

/** Angles of `count` positions from `first` on. */
function angles({ frequencies, size }: Turn, first: number, count: number, sinCos: SinCos): Angles {
  const pairs = frequencies.length;
  const cos = new Float32Array(count * pairs);
  const sin = new Float32Array(count * pairs);
  for (let at = 0; at < cos.length; at++) {
    const turned = sinCos((first + Math.floor(at / pairs)) * frequencies[at % pairs]);
    cos[at] = size * turned.cos;
    sin[at] = size * turned.sin;
  }
  return { cos, sin, pairs };
}

/** Turns with exact angles of the positions from 0 on, as many as were asked for. */
const known = new WeakMap<Rope, Map<boolean, { turn: Turn; held: Angles }>>();

/** Angles of the positions [first, first + count) of a sequence of `length` tokens; computed once where they are exact. */
export function ropeAngles(
  rope: Rope,
  length: number,
  first: number,
  count: number,
  sinCos?: SinCos,
): Angles {
  if (sinCos !== undefined) return angles(ropeTurn(rope, length), first, count, sinCos);
  const turns = known.get(rope) ?? new Map<boolean, { turn: Turn; held: Angles }>();
  known.set(rope, turns);
  const long = rope.scaling?.type === 'longrope' && length > rope.scaling.original;
  const { turn, held } = turns.get(long) ?? { turn: ropeTurn(rope, length), held: undefined };
  const pairs = turn.frequencies.length;
  const end = (first + count) * pairs;
  let all = held;
  if (all === undefined || all.cos.length < end) {
    all = angles(turn, 0, Math.max(first + count, 2 * ((all?.cos.length ?? 0) / pairs)), exact);
    turns.set(long, { turn, held: all });
  }
  return {
    cos: all.cos.subarray(first * pairs, end),
    sin: all.sin.subarray(first * pairs, end),
    pairs,
  };
}
