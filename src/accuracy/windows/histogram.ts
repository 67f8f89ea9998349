import type { Places } from '../../model/config/config.ts';
import { roundWord } from '../../number/bf16.ts';
import {
  type ActivationCall,
  activationFunction,
  exactNonlinear,
  type NonlinearEvaluator,
  type AttentionSoftmax,
} from '../../model/layer/nonlinear.ts';
import { EXPONENTS, roundedInput, ZERO } from './rounded-input.ts';

/**
 * What one calibration pass keeps of one function in one place (a layer, or a head of it): sums over the inputs, by
 * the exponent E of the input after mantissa rounding and by the largest exponent G of the inputs that share its
 * sliding window. Enough to say, without running the model again, what any window would cost.
 */
export interface InputHistogram {
  /** Softmax rows, or activation rows (tokens): what sums are divided by. */
  rows: number;
  /** Sums by [G · EXPONENTS + E]. */
  count: Float64Array;
  /** Cost of an input inside the window: its rounding error. */
  inside: Float64Array;
  /** Cost of an input below the window, which counts as 0. */
  below: Float64Array;
  /** Cost of an input above the window: flushed to 0, or for activations passed through when positive. */
  above: Float64Array;
}

export const emptyHistogram = (): InputHistogram => ({
  rows: 0,
  count: new Float64Array(EXPONENTS * EXPONENTS),
  inside: new Float64Array(EXPONENTS * EXPONENTS),
  below: new Float64Array(EXPONENTS * EXPONENTS),
  above: new Float64Array(EXPONENTS * EXPONENTS),
});

/** Adds `from` to `to`. */
export function addHistogram(to: InputHistogram, from: InputHistogram): void {
  to.rows += from.rows;
  for (const field of ['count', 'inside', 'below', 'above'] as const) {
    for (let i = 0; i < to[field].length; i++) to[field][i] += from[field][i];
  }
}

/** Histograms of one calibration pass: softmax per place and head, the activation per place. */
export interface Calibration {
  /** [layer][head] */
  softmax: InputHistogram[][];
  /** [layer] */
  activation: InputHistogram[];
}

/**
 * A nonlinear unit that computes exactly and fills histograms on the way.
 *
 * Softmax: with p the exact probability and δ = x̂ − x the error of the input as the window leaves it, the divergence
 * of a row is log Σ p·e^δ − Σ p·δ ≈ ½ Σ p·δ² for inputs inside (δ is the rounding error) and below (δ = −x); what
 * is flushed above costs its probability, −log(1 − Σp) ≈ Σp.
 * Activations: squared error of the output, weighted with what it is multiplied with next and with the squared norm
 * of the next matrix's column: the squared error that reaches the residual stream if errors are independent.
 *
 * @param groupRows rows that share a sliding window: the array height
 */
export function calibratingEvaluator(
  places: Places,
  groupRows: number,
  mantissaBits: number,
): { unit: NonlinearEvaluator; calibration: Calibration } {
  const calibration: Calibration = {
    softmax: places.softmax.map((heads) => Array.from({ length: heads }, emptyHistogram)),
    activation: Array.from({ length: places.activation }, emptyHistogram),
  };
  const columnNorms = new Map<number, Float64Array>();
  const unit: NonlinearEvaluator = {
    softmax(call) {
      const scores = call.scores.slice();
      exactNonlinear.softmax(call);
      countSoftmax(call, scores, calibration.softmax[call.layer], groupRows, mantissaBits);
    },
    activation(call) {
      let norms = columnNorms.get(call.layer);
      if (!norms) {
        norms = squaredColumnNorms(call);
        columnNorms.set(call.layer, norms);
      }
      countActivation(call, norms, calibration.activation[call.layer], groupRows, mantissaBits);
      exactNonlinear.activation(call);
    },
  };
  return { unit, calibration };
}

/** `call.scores` holds the probabilities, `raw` the scores they came from. */
function countSoftmax(
  { scores: probabilities, rows, columns, lengths, heads, firstHead }: AttentionSoftmax,
  raw: Float32Array,
  histograms: readonly InputHistogram[],
  groupRows: number,
  mantissaBits: number,
): void {
  const { exponent, value } = roundedInput(mantissaBits);
  const exponents = new Uint8Array(rows * columns);
  const words = new Uint32Array(1);
  const float = new Float32Array(words.buffer);
  for (let r = 0; r < rows; r++) {
    let max = -Infinity;
    for (let c = 0; c < lengths[r]; c++) max = Math.max(max, raw[r * columns + c]);
    for (let c = 0; c < lengths[r]; c++) {
      const i = r * columns + c;
      float[0] = raw[i] - max;
      raw[i] = float[0];
      exponents[i] = exponent[roundWord(words[0])];
    }
  }
  const rowsPerHead = rows / heads;
  for (let first = 0; first < rows; first += groupRows) {
    const end = Math.min(rows, first + groupRows);
    for (let c = 0; c < columns; c++) {
      let largest = ZERO;
      for (let r = first; r < end; r++) {
        if (c < lengths[r]) largest = Math.max(largest, exponents[r * columns + c]);
      }
      for (let r = first; r < end; r++) {
        if (c >= lengths[r]) continue;
        const i = r * columns + c;
        const histogram = histograms[firstHead + Math.floor(r / rowsPerHead)];
        const cell = largest * EXPONENTS + exponents[i];
        histogram.count[cell] += 1;
        const p = probabilities[i];
        const x = raw[i];
        float[0] = x;
        const error = value[roundWord(words[0])] - x;
        histogram.inside[cell] += 0.5 * p * error * error;
        histogram.below[cell] += 0.5 * p * x * x;
        histogram.above[cell] += p;
      }
    }
  }
  for (let h = 0; h < heads; h++) histograms[firstHead + h].rows += rowsPerHead;
}

function countActivation(
  { name, values, rows, width, multiplier }: ActivationCall,
  norms: Float64Array,
  histogram: InputHistogram,
  groupRows: number,
  mantissaBits: number,
): void {
  const { exponent, value } = roundedInput(mantissaBits);
  const f = activationFunction(name).exact;
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length);
  for (let r = 0; r < rows; r++) {
    for (let first = 0; first < width; first += groupRows) {
      const end = Math.min(width, first + groupRows);
      let largest = ZERO;
      for (let c = first; c < end; c++) {
        largest = Math.max(largest, exponent[roundWord(words[r * width + c])]);
      }
      for (let c = first; c < end; c++) {
        const i = r * width + c;
        const bits = roundWord(words[i]);
        const cell = largest * EXPONENTS + exponent[bits];
        const x = values[i];
        const exact = f(x);
        const weight = norms[c] * (multiplier ? multiplier[i] ** 2 : 1);
        histogram.count[cell] += 1;
        histogram.inside[cell] += weight * (f(value[bits]) - exact) ** 2;
        histogram.below[cell] += weight * exact ** 2;
        histogram.above[cell] += weight * (x > 0 ? exact - x : exact) ** 2;
      }
    }
  }
  histogram.rows += rows;
}

const NORM_ROWS = 256;

function squaredColumnNorms({ next, width }: ActivationCall): Float64Array {
  if (next === undefined) return new Float64Array(width).fill(1);
  const { inputs, outputs } = next;
  const norms = new Float64Array(inputs);
  // Several rows at a time: of a matrix that is left in its file each call is a reading.
  for (let o = 0; o < outputs; o += NORM_ROWS) {
    const rows = next.rows(o, Math.min(outputs, o + NORM_ROWS));
    for (let at = 0; at < rows.length; at += inputs) {
      for (let i = 0; i < inputs; i++) norms[i] += rows[at + i] ** 2;
    }
  }
  return norms;
}
