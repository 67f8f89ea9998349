import type { Estimate } from './measured-front.ts';

/**
 * Points that keep all constraints, of each arithmetic by its name: how many of them have each value of each parameter (by
 * block, parameter and value).
 */
export type ArithmeticCounts = [arithmetic: string, counts: number[][][]][];

/** What one parameter does to the measured loss. */
export interface LossEffect {
  /** By value of the parameter: points whose arithmetic was measured, and their mean loss; null without any. */
  values: { count: number; mean: number | null }[];
  /** Largest mean less the smallest, paired target by target; null where fewer than two values have one. */
  span: Estimate | null;
}

/** A weighted sum of losses above the stored model, all on the same targets. */
export type Combined = (weights: ReadonlyMap<string, number>) => Estimate;

/** Counts of two sets of points together. */
export function addCounts(a: ArithmeticCounts, b: ArithmeticCounts): ArithmeticCounts {
  const sums = new Map(a);
  for (const [name, counts] of b) {
    const before = sums.get(name);
    sums.set(
      name,
      before === undefined
        ? counts
        : counts.map((block, i) =>
            block.map((values, p) => values.map((count, v) => count + before[i][p][v])),
          ),
    );
  }
  return [...sums].sort(([x], [y]) => (x < y ? -1 : 1));
}

/**
 * What each parameter of each block does to the loss: the mean over the points that have a value of it, since many points
 * share an arithmetic, and how far the means lie apart. The difference is that of two mixtures of arithmetics on the same
 * targets, so that its interval is far narrower than those of the means.
 * @param measured arithmetics whose losses are known on those targets; points of others are left out
 */
export function lossEffects(
  counts: ArithmeticCounts,
  measured: ReadonlySet<string>,
  combined: Combined,
): LossEffect[][] {
  const known = counts.filter(([name]) => measured.has(name));
  const [, blocks = []] = known[0] ?? [];
  return blocks.map((parameters, i) =>
    parameters.map((values, p): LossEffect => {
      const shares = values.map((_, v) => {
        const of = known.flatMap(([name, all]): [string, number][] =>
          all[i][p][v] === 0 ? [] : [[name, all[i][p][v]]],
        );
        const count = of.reduce((sum, [, one]) => sum + one, 0);
        return { count, weights: new Map(of.map(([name, one]) => [name, one / count])) };
      });
      const seen = shares.map(({ count, weights }) => ({
        count,
        weights,
        mean: count === 0 ? null : combined(weights).mean,
      }));
      const inside = seen
        .filter((one): one is typeof one & { mean: number } => one.mean !== null)
        .sort((a, b) => a.mean - b.mean);
      const [least, most] = [inside[0], inside.at(-1)!];
      return {
        values: seen.map(({ count, mean }) => ({ count, mean })),
        span: inside.length < 2 ? null : combined(lessOf(most.weights, least.weights)),
      };
    }),
  );
}

/** The difference of two mixtures; what both have alike is no part of it. */
function lessOf(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): Map<string, number> {
  const difference = new Map(a);
  for (const [name, weight] of b) difference.set(name, (difference.get(name) ?? 0) - weight);
  return new Map([...difference].filter(([, weight]) => weight !== 0));
}
