/**
 * What switched, per node and run. The names follow the events of the published architecture model (input load,
 * weight load, value reuse, temporal coder, array, …); each count says what one unit of it is.
 */
export interface Activity {
  /** Frames of eight cycles in which a mapping was in the active stage. */
  mappings: number;
  /** GEMM: vectors of eight activations taken by the columns. */
  inputLoad: number;
  /** Column values broadcast (eight columns): t·a steps in GEMM. */
  inputValueReuse: number;
  /** Cycles in which CNT ran for a mapping. */
  counterReuse: number;
  /** Weights taken by live rows. */
  weightLoad: number;
  /** Spikes of live rows: one per row and mapping that takes part. */
  temporalCoder: number;
  /** PEs selected by a spike in GEMM: products m·a. */
  array: number;
  /** Row-cycles with both OR trees of a row at work. */
  secondSpikeFifo: number;
  /** Additions in the output accumulators of live rows, in GEMM. */
  accumulate: number;
  /** Vector multiplications by a scale (dequantisation). */
  vectorScaling: number;
  /** Vector additions of group results. */
  vectorAdd: number;
  /** Nonlinear: LUT rows read into the column FIFOs. */
  lutRowLoad: number;
  /** Nonlinear: values of live rows through M-proc, E-proc and clamp. */
  preProcess: number;
  /** Nonlinear: PEs selected by a spike. */
  arraySelect: number;
  /** Softmax: exponentials added to row sums. */
  sum: number;
  /** Softmax: comparisons for the row maximum, subtractions of it, reciprocals, multiplications by them. */
  maximum: number;
  subtract: number;
  reciprocal: number;
  divide: number;
  /** Changes between GEMM and nonlinear mode. */
  modeSwitch: number;
  /** SRAM port accesses: one per cycle in which the port carries data. A LUT row takes as many as it has words. */
  inputSramReads: number;
  weightSramReads: number;
  outputSramReads: number;
  outputSramWrites: number;
}

export const noActivity = (): Activity => ({
  mappings: 0,
  inputLoad: 0,
  inputValueReuse: 0,
  counterReuse: 0,
  weightLoad: 0,
  temporalCoder: 0,
  array: 0,
  secondSpikeFifo: 0,
  accumulate: 0,
  vectorScaling: 0,
  vectorAdd: 0,
  lutRowLoad: 0,
  preProcess: 0,
  arraySelect: 0,
  sum: 0,
  maximum: 0,
  subtract: 0,
  reciprocal: 0,
  divide: 0,
  modeSwitch: 0,
  inputSramReads: 0,
  weightSramReads: 0,
  outputSramReads: 0,
  outputSramWrites: 0,
});
