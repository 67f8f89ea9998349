/**
 * What happened in an array, counted where it happens. The names are those of the events of the evaluation, and the closed
 * forms of `design/mapping` must give the same numbers.
 */
export interface ArrayActivity {
  /** Steps: cycles in which the array takes activations (a temporal code of eight cycles is one step). */
  steps: number;
  /** Activations taken by lanes; in a tensor core vectors of them. */
  inputLoad: number;
  /** Weights taken by lanes; in a tensor core vectors of them. */
  weightLoad: number;
  /** Cycles in which weights are taken. */
  weightSteps: number;
  /** Products; in a tensor core those of its padded vectors too. */
  mac: number;
  /** Sums that accumulators take, in the array or behind it. */
  accumulate: number;
  /** Results times a scale, and cycles in which the vector unit takes some. */
  scaling: number;
  scalingSteps: number;
}

export const noArrayActivity = (): ArrayActivity => ({
  steps: 0,
  inputLoad: 0,
  weightLoad: 0,
  weightSteps: 0,
  mac: 0,
  accumulate: 0,
  scaling: 0,
  scalingSteps: 0,
});
