import * as bf16 from '../number/bf16.ts';
import type { RowCertificate } from '../vlp/certificate.ts';
import type { SoftmaxOperator } from './approximation.ts';

/** How far approximate softmax rows are from the exact softmax of the same BF16 scores. */
export interface SoftmaxError {
  rows: number;
  keys: number;
  /**
   * Mean over rows of Σ (q·ln(q ∕ y) − q + y), nats, q exact: KL for rows that need not sum to 1, never negative.
   * Entries answered with 0 would make it infinite; they are left out and counted in `flushed_mass`.
   */
  kl: number;
  max_kl: number;
  /** Mean and largest ½·Σ|y − q|. */
  total_variation: number;
  max_total_variation: number;
  /** Mean exact probability of entries answered with 0. */
  flushed_mass: number;
  max_abs_error: number;
  /** Mean bound on the total variation from the row certificates; undefined for methods without them. */
  certified_total_variation?: number;
}

/** Compares `operator` with the exact softmax on [rows, keys] scores, which are rounded to BF16 first. */
export function softmaxError(
  operator: SoftmaxOperator,
  scores: Float32Array,
  rows: number,
  keys: number,
): SoftmaxError {
  const x = Float32Array.from(scores, bf16.round);
  const y = new Float32Array(rows * keys);
  const certificates: RowCertificate[] = [];
  operator.apply(x, y, rows, keys, { certificates });
  let [kl, max_kl, variation, max_variation, flushed, max_abs_error] = [0, 0, 0, 0, 0, 0];
  for (let r = 0; r < rows; r++) {
    const row = x.subarray(r * keys, (r + 1) * keys);
    const max = row.reduce((a, b) => Math.max(a, b), -Infinity);
    const total = row.reduce((sum, v) => sum + Math.exp(v - max), 0);
    let [divergence, distance] = [0, 0];
    for (let k = 0; k < keys; k++) {
      const q = Math.exp(row[k] - max) / total;
      const got = y[r * keys + k];
      if (got === 0) flushed += q;
      else divergence += got + (q === 0 ? 0 : q * Math.log(q / got) - q);
      distance += Math.abs(got - q) / 2;
      max_abs_error = Math.max(max_abs_error, Math.abs(got - q));
    }
    kl += divergence / rows;
    max_kl = Math.max(max_kl, divergence);
    variation += distance / rows;
    max_variation = Math.max(max_variation, distance);
  }
  return {
    rows,
    keys,
    kl,
    max_kl,
    total_variation: variation,
    max_total_variation: max_variation,
    flushed_mass: flushed / rows,
    max_abs_error,
    certified_total_variation:
      certificates.length === 0
        ? undefined
        : certificates.reduce((sum, { totalVariation }) => sum + totalVariation, 0) / rows,
  };
}
