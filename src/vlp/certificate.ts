/**
 * A bound on the error of one row of VLP softmax against the exact softmax of the same BF16 scores, computed
 * without the exact result (theory and proof: docs/vlp.md, "Error certificate").
 */
export interface RowCertificate {
  /** |ln(y_i ∕ q_i)| ≤ logRatio for every entry that was not flushed (y approximate, q exact). */
  logRatio: number;
  /** Σ q_i over the flushed entries is at most this. */
  flushedMass: number;
  /** ½·Σ|y_i − q_i| over the row is at most this. */
  totalVariation: number;
}
