/** What is measured alone, all else as stored. */
export const ALONE = ['functions', 'weights', 'head', 'kv', 'activations'] as const;
export type AlonePart = (typeof ALONE)[number];

/**
 * What a result measures: all that a design does, or one thing of it alone: its nonlinear functions, INT4 weights, an INT4
 * output matrix, INT4 keys and values, BF16 activations, or its sums beside exact ones. In the order in which they are told.
 */
export const ACCURACY_PARTS = [...ALONE, 'sums', 'all'] as const;
export type AccuracyPart = (typeof ACCURACY_PARTS)[number];

/** What makes a whole up. */
export const SEPARATE = [...ALONE, 'sums'] as const;
export type SeparatePart = (typeof SEPARATE)[number];

export const PART_NAMES: Readonly<Record<AccuracyPart, string>> = {
  functions: 'nonlinear functions',
  weights: 'INT4 weights',
  head: 'INT4 output matrix',
  kv: 'INT4 keys and values',
  activations: 'BF16 activations',
  sums: 'sums',
  all: 'everything',
};
