/** Targets of a measurement beside hardware: seconds on an embedded model. */
export const COMPARISON_TARGETS = 1024;
