/**
 * What happened to the inputs of a VLP operation, in counts of elements (Mugi §3.2, §3.3).
 * One accumulator may be handed to many calls, for example all layers of a model.
 */
export interface Statistics {
  /** Elements seen, masked ones included. */
  total: number;
  /** Zeros (and flushed subnormals): answered by post-processing. */
  zero: number;
  /** Under the window: answered as for a zero input, or by the linear limit. */
  below: number;
  /** Answered by the LUT at their own rounded exponent. */
  inside: number;
  /** Answered by the LUT at an exponent that is not their own. */
  clamped: number;
  /** Above the window: flushed, passed through or saturated, as the function says. */
  above: number;
  /** Excluded by the mask. */
  masked: number;
  /** NaN, infinities and inputs outside the function's domain. */
  special: number;
}

export function newStatistics(): Statistics {
  return { total: 0, zero: 0, below: 0, inside: 0, clamped: 0, above: 0, masked: 0, special: 0 };
}

/** The regions in the order of their codes in region tables. */
export const REGIONS = ['zero', 'below', 'inside', 'clamped', 'above', 'masked', 'special'] as const;
export type Region = (typeof REGIONS)[number];
export const REGION_CODE = Object.fromEntries(REGIONS.map((region, code) => [region, code])) as Record<
  Region,
  number
>;
