import { MugiError } from '../errors.ts';
import type { RowCertificate } from '../vlp/certificate.ts';
import type { NonlinearFunction } from '../vlp/function.ts';
import type { Statistics } from '../vlp/statistics.ts';

/**
 * One way to evaluate the nonlinear functions of a transformer. A model asks it once for the operators it needs
 * (tables are built then) and calls those for every tensor; different layers may hold different operators.
 */
export interface Approximation {
  /** `precise`, `vlp`, `pwl`, `taylor`, `partial`. */
  readonly method: string;
  /** Method and parameters in one line, for tables and legends. */
  readonly label: string;
  /** Whether `elementwise` accepts the function; softmax is asked for as `softmax`. */
  supports(name: string): boolean;
  /** Where the function is approximated; beyond, inputs are flushed to 0 or passed through. */
  interval(name: string): Interval;
  /** Operator for a function; MugiError `unsupported` where the method does not define it. */
  elementwise(fn: NonlinearFunction): ElementwiseOperator;
  softmax(): SoftmaxOperator;
}

/** Inputs from `from` to `to`; for softmax, after subtraction of the row maximum. */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

export const EVERYWHERE: Interval = { from: -Infinity, to: Infinity };

/** y = f(x) for every element of a row-major [rows, cols] tensor; a row is one token's features. */
export interface ElementwiseOperator {
  readonly name: string;
  /**
   * `out` may be `x`. Nothing is allocated per element. NaN in gives NaN out.
   * @throws MugiError when the sizes do not fit or are zero.
   */
  apply(x: Float32Array, out: Float32Array, rows: number, cols: number, options?: ElementwiseOptions): void;
}

export interface ElementwiseOptions {
  /** Accumulates what happened to the inputs; methods without windows count everything as `inside`. */
  statistics?: Statistics;
  /** [rows, cols]; receives what happened to each input, as an index into REGIONS (`regions.ts`). */
  regions?: Uint8Array;
}

/** Softmax along the rows of a row-major [rows, cols] tensor, for example [batch·heads·queries, keys]. */
export interface SoftmaxOperator {
  readonly name: string;
  /**
   * `out` may be `scores`. Excluded entries are exactly 0 (except in VLP's `artifact` mode, which masks as the
   * authors' code does); a row with nothing left is all 0. A NaN among the entries makes the row NaN.
   * @throws MugiError when the sizes do not fit or are zero.
   */
  apply(scores: Float32Array, out: Float32Array, rows: number, cols: number, options?: SoftmaxOptions): void;
}

export interface SoftmaxOptions {
  /** [rows, cols], non-zero where the entry is excluded. */
  masked?: Uint8Array;
  /** [rows]: only the first `lengths[r]` entries of row r take part (a causal mask without a matrix). */
  lengths?: Int32Array;
  statistics?: Statistics;
  /** [rows, cols]; receives what happened to each entry, as an index into REGIONS (`regions.ts`). */
  regions?: Uint8Array;
  /** Receives one error certificate per row (VLP only; other methods leave it empty). */
  certificates?: RowCertificate[];
}

export function unsupported(method: string, fn: string, supported: string): MugiError {
  return new MugiError({
    code: 'unsupported',
    message: `${method} is not defined for ${fn}`,
    expected: supported,
    received: fn,
  });
}
