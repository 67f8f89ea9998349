import type { RowCertificate } from './certificate.ts';
import type { Statistics } from './statistics.ts';

/** One softmax along the rows of a row-major [rows, cols] tensor. */
export interface SoftmaxCall {
  scores: Float32Array;
  /** [rows, cols]; may be `scores`. */
  out: Float32Array;
  rows: number;
  cols: number;
  /** [rows, cols], non-zero where the entry is excluded. */
  masked?: Uint8Array;
  /** [rows]: only the first `lengths[r]` entries of row r take part. */
  lengths?: Int32Array;
  /** Adds up what happened to the inputs. */
  statistics?: Statistics;
  /** [rows, cols]; receives what happened to each entry, as an index into REGIONS. */
  regions?: Uint8Array;
  /** Receives one certificate a row. */
  certificates?: RowCertificate[];
}
