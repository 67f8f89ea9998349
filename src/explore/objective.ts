/** What a search wants of one metric. */
export interface Objective {
  /** Name of the metric, as `mugi evaluate --json` prints it. */
  metric: string;
  direction: 'minimise' | 'maximise';
}

/**
 * Value of an objective with its sign turned so that less is better, the one form that fronts and searches compare.
 * NaN stays NaN: whoever adds a point must have kept it apart before.
 */
export const asCost = ({ direction }: Objective, value: number): number =>
  direction === 'minimise' ? value : -value;

/** The value that a cost stands for. */
export const fromCost = asCost;
