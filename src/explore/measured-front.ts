import { Front, relate } from './front.ts';

/** A value that was measured: known to lie in this interval (95 %), less is better. */
export interface Interval {
  low: number;
  high: number;
}

export interface MeasuredPoint {
  id: number;
  /** Costs that are exact. */
  costs: number[];
  /** Name of the measurement that this point shares with others: what decides its measured cost. */
  measurement: string;
}

/**
 * Front over exact costs and one measured cost. A point is better in the measured cost only where its whole interval
 * lies below the other's; where the intervals overlap, the measurement does not tell the two apart and the exact costs
 * decide. So one point dominates another if it is no worse in every exact cost, not certainly worse in the measured
 * one, and better somewhere.
 *
 * This relation is not transitive (a ties with b, b with c, and yet a is certainly better than c), so that a single
 * running front would be wrong. Points of one measurement, however, differ in exact costs alone: each measurement
 * keeps a front of its own, and the fronts are held against each other at the end. That is exact: where a point of one
 * measurement dominates a point of another, so does the point of its own front that dominates it.
 */
export class MeasuredFront {
  readonly #fronts = new Map<string, { interval: Interval; front: Front }>();
  readonly #width: number;

  /** @param width number of exact costs, at least 1 */
  constructor(width: number) {
    this.#width = width;
  }

  /** Offers a point. @throws RangeError where the interval of a measurement is not the one given before */
  add(id: number, costs: ArrayLike<number>, measurement: string, interval: Interval): void {
    let kept = this.#fronts.get(measurement);
    if (kept === undefined) {
      if (!(interval.low <= interval.high))
        throw new RangeError(
          `the interval of "${measurement}" is empty: ${interval.low} to ${interval.high}`,
        );
      kept = { interval: { ...interval }, front: new Front(this.#width) };
      this.#fronts.set(measurement, kept);
    } else if (kept.interval.low !== interval.low || kept.interval.high !== interval.high)
      throw new RangeError(`measurement "${measurement}" has two intervals`);
    kept.front.add(id, costs);
  }

  points(): MeasuredPoint[] {
    const all = [...this.#fronts].map(([measurement, { interval, front }]) => ({
      measurement,
      interval,
      points: front.points(),
    }));
    return all
      .flatMap(({ measurement, interval, points }) =>
        points
          .filter(
            ({ costs }) =>
              !all.some((other) =>
                other.points.some((point) => dominates(point.costs, other.interval, costs, interval)),
              ),
          )
          .map(({ id, costs }) => ({ id, costs, measurement })),
      )
      .sort((a, b) => a.id - b.id);
  }
}

/** Whether the first of two points dominates the second, in exact costs and one measured. */
export function dominates(
  costs: readonly number[],
  measured: Interval,
  other: readonly number[],
  otherMeasured: Interval,
): boolean {
  if (measured.low > otherMeasured.high) return false;
  const relation = relate(costs, 0, other, 0, costs.length);
  if (relation === 'dominates') return true;
  return relation === 'equal' && measured.high < otherMeasured.low;
}
