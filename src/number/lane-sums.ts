/**
 * A sum in double precision by four sums that take turns, as vectors of four lanes form it: term i goes to sum i modulo 4,
 * and the result is (s₀ + s₂) + (s₁ + s₃). Terms must be added in order, through `lanes[i & 3] += term`.
 */
export const newLanes = (): Float64Array => new Float64Array(4);

/** The sum of the four lanes from `at` on. */
export const sumOfLanes = (lanes: Float64Array, at = 0): number =>
  lanes[at] + lanes[at + 2] + (lanes[at + 1] + lanes[at + 3]);

/** The sum, which leaves the lanes empty. */
export function drainLanes(lanes: Float64Array): number {
  const sum = sumOfLanes(lanes);
  lanes.fill(0);
  return sum;
}
