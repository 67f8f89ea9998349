import { relate } from './front.ts';

/** A mean of a measurement with the half-width of its 95 % interval. */
export interface Estimate {
  mean: number;
  ci95: number;
}

/** Losses that were measured of some arithmetics, all on the same tokens. Less is better. */
export interface Losses {
  /** Mean loss above that of the model as it is stored, nats per target. */
  of(arithmetic: string): Estimate;
  /** The first's loss less the second's, paired token by token: far narrower than the interval of either. */
  difference(first: string, second: string): Estimate;
}

/** A point with exact costs, and the name of what its measured loss is of, which it shares with others. */
export interface MeasuredPoint {
  index: number;
  costs: readonly number[];
  arithmetic: string;
}

/** Whether one arithmetic certainly loses less than another. */
export type Less = (first: string, second: string) => boolean;

/** By the paired interval: zero lies above it. Pairs are asked often and kept. */
export function certainlyLess(losses: Losses): Less {
  const known = new Map<string, boolean>();
  return (first, second) => {
    if (first === second) return false;
    const key = `${first}\n${second}`;
    let less = known.get(key);
    if (less === undefined) {
      const { mean, ci95 } = losses.difference(first, second);
      // The means decide the order too, so that rounding can make no circle.
      less = mean + ci95 < 0 && losses.of(first).mean < losses.of(second).mean;
      known.set(key, less);
    }
    return less;
  };
}

/**
 * Whether one point dominates another: no worse in any exact cost, not certainly worse in the loss, and better in one of them
 * (in the loss: certainly).
 */
export function dominates(p: MeasuredPoint, q: MeasuredPoint, less: Less): boolean {
  const relation = relate(p.costs, 0, q.costs, 0, p.costs.length);
  if (relation === 'dominates') return !less(q.arithmetic, p.arithmetic);
  return relation === 'equal' && less(p.arithmetic, q.arithmetic);
}

/**
 * The front over exact costs and a measured loss: a point is left out where one that stays dominates it, and only there.
 *
 * The relation is not transitive: a may tie with b and b with c in the loss, and a be certainly worse than c. If whatever any
 * point dominates were left out, a could drop b, b could drop c, and a would stand alone although c certainly loses less.
 * So a point that is itself left out drops nobody. There is one such set, since nothing dominates in a circle: who dominates
 * is no worse in every exact cost, and, these being equal, has the smaller mean.
 *
 * Points of one arithmetic differ in exact costs alone, so that a front of their own may stand for them: where a point that
 * was left out of it could drop another, so could the one that dropped it.
 */
export function measuredFront<Point extends MeasuredPoint>(
  points: readonly Point[],
  losses: Losses,
): Point[] {
  const less = certainlyLess(losses);
  const mean = means(points, losses);
  const order = (p: Point, q: Point): number => {
    for (let k = 0; k < p.costs.length; k++) if (p.costs[k] !== q.costs[k]) return p.costs[k] - q.costs[k];
    return mean(p) - mean(q) || p.index - q.index;
  };
  return undominated(points.toSorted(order), (p, q) => dominates(p, q, less));
}

/**
 * The points that stay whatever longer measurements bring, as far as these intervals hold: a point goes where one that
 * stays is no worse in every exact cost and certainly loses less. A tie may still end either way.
 */
export function hopeful<Point extends MeasuredPoint>(points: readonly Point[], losses: Losses): Point[] {
  const less = certainlyLess(losses);
  const mean = means(points, losses);
  return undominated(
    points.toSorted((p, q) => mean(p) - mean(q) || p.index - q.index),
    (p, q) => less(p.arithmetic, q.arithmetic) && p.costs.every((cost, k) => cost <= q.costs[k]),
  );
}

function means(points: readonly MeasuredPoint[], losses: Losses): (point: MeasuredPoint) => number {
  const known = new Map(
    [...new Set(points.map(({ arithmetic }) => arithmetic))].map((one) => [one, losses.of(one).mean]),
  );
  return ({ arithmetic }) => known.get(arithmetic)!;
}

/** Of points in an order in which none is dominated by a later one, those that no kept one dominates, by their numbers. */
function undominated<Point extends MeasuredPoint>(
  sorted: readonly Point[],
  drops: (p: Point, q: Point) => boolean,
): Point[] {
  const kept: Point[] = [];
  for (const point of sorted) if (!kept.some((one) => drops(one, point))) kept.push(point);
  return kept.sort((a, b) => a.index - b.index);
}
