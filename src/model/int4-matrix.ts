import { round } from '../number/bf16.ts';
import type { WeightMatrix } from './weight-matrix.ts';

/** Largest magnitude of the sign + 3-bit code that the array's temporal converters express (Mugi §4.2). */
const LARGEST = 7;

/**
 * A matrix [outputs × inputs] as symmetric INT4: −7..7 times one BF16 scale for each `group` inputs of an output,
 * rounded to nearest. Two values a byte; half a byte and a share of a scale per weight.
 */
export class Int4Matrix {
  readonly outputs: number;
  readonly inputs: number;
  readonly group: number;
  /** Value + 8, low half first; rows begin on a byte. */
  readonly codes: Uint8Array;
  readonly scales: Float32Array;

  constructor(matrix: WeightMatrix, group: number) {
    this.outputs = matrix.outputs;
    this.inputs = matrix.inputs;
    this.group = Math.min(group, matrix.inputs);
    const stride = Math.ceil(this.inputs / 2);
    const groups = Math.ceil(this.inputs / this.group);
    this.codes = new Uint8Array(this.outputs * stride);
    this.scales = new Float32Array(this.outputs * groups);
    const row = new Float32Array(this.inputs);
    for (let o = 0; o < this.outputs; o++) {
      matrix.rows(o, o + 1, row);
      for (let g = 0; g < groups; g++) {
        const end = Math.min(this.inputs, (g + 1) * this.group);
        let max = 0;
        for (let i = g * this.group; i < end; i++) max = Math.max(max, Math.abs(row[i]!));
        const scale = round(max / LARGEST);
        this.scales[o * groups + g] = scale;
        for (let i = g * this.group; i < end; i++) {
          const q = scale === 0 ? 0 : Math.max(-LARGEST, Math.min(LARGEST, Math.round(row[i]! / scale)));
          this.codes[o * stride + (i >> 1)]! |= (q + 8) << (4 * (i & 1));
        }
      }
    }
  }

  /** Rows [from, to) as float32: code times scale. */
  rows(from: number, to: number, out = new Float32Array((to - from) * this.inputs)): Float32Array {
    const stride = Math.ceil(this.inputs / 2);
    const groups = Math.ceil(this.inputs / this.group);
    let at = 0;
    for (let o = from; o < to; o++) {
      for (let i = 0; i < this.inputs; i++) {
        const code = (this.codes[o * stride + (i >> 1)]! >> (4 * (i & 1))) & 15;
        out[at++] = (code - 8) * this.scales[o * groups + Math.floor(i / this.group)]!;
      }
    }
    return out;
  }
}
