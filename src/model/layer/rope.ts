import type { Rope } from '../config/config.ts';

/** Angle per position of each of the headDim/2 pairs, in radians (RoFormer; Llama 3's rescaling of long waves). */
export function ropeFrequencies(rope: Rope, headDim: number): Float64Array {
  const frequencies = new Float64Array(headDim / 2);
  for (let i = 0; i < frequencies.length; i++) {
    let f = rope.theta ** ((-2 * i) / headDim);
    const scaling = rope.scaling;
    if (scaling?.type === 'linear') f /= scaling.factor;
    else if (scaling?.type === 'factors') f /= scaling.factors[i];
    else if (scaling?.type === 'llama3') {
      const wave = (2 * Math.PI) / f;
      const share = (scaling.original / wave - scaling.low) / (scaling.high - scaling.low);
      const smooth = Math.min(1, Math.max(0, share));
      f = (1 - smooth) * (f / scaling.factor) + smooth * f;
    }
    frequencies[i] = f;
  }
  return frequencies;
}

/**
 * Rotates, in place, the `heads` heads of each row of x [rows × heads·headDim]; `positions[r]` is row r's position.
 */
export function applyRope(
  x: Float32Array,
  positions: Int32Array,
  heads: number,
  headDim: number,
  frequencies: Float64Array,
  interleaved: boolean,
): void {
  const half = headDim / 2;
  const cos = new Float32Array(half);
  const sin = new Float32Array(half);
  const step = interleaved ? 2 : 1;
  const partner = interleaved ? 1 : half;
  let known = -1;
  for (let r = 0; r < positions.length; r++) {
    const position = positions[r];
    if (position !== known) {
      for (let i = 0; i < half; i++) {
        cos[i] = Math.cos(position * frequencies[i]);
        sin[i] = Math.sin(position * frequencies[i]);
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
