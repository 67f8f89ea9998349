import { type EvaluatedPoint, evaluatedPoint, frontPoints } from './front-points.ts';
import type { LossEffect } from './loss-effects.ts';
import type { Estimate } from './measured-front.ts';
import type { Race } from './race.ts';
import type { Space } from './space/space.ts';
import type { Scored, Tally } from './tally.ts';

/** What a search has found. */
export interface Result {
  space: Space;
  /** Every point was evaluated, and no arithmetic was cut: no other is better. */
  exact: boolean;
  tally: Tally;
  front: EvaluatedPoint[];
  /** The point nearest to the constraints, where none keeps them. */
  nearest?: EvaluatedPoint;
  /** Budget and seed of a search that was not exhaustive. */
  searched?: { budget: number; population: number; seed: number };
  /** Losses, where they are an objective or bounded. */
  raced?: Raced;
}

/** A race of arithmetics and what it ran on. */
export interface Raced extends Race {
  model: string;
  data: string;
  /** Targets of a whole measurement. */
  targets: number;
  seed: number;
  budget?: number;
  /** What each parameter of each block does to the loss, on the targets that all arithmetics ran. */
  effects?: { targets: number; of: LossEffect[][] };
}

/**
 * A result with its front evaluated by the road of `evaluate`.
 * @throws MugiError for a tally with arithmetics whose losses nobody measured
 */
export function resultOf(
  space: Space,
  tally: Tally,
  { searched, raced }: Pick<Result, 'searched' | 'raced'> = {},
): Result {
  const whole = searched === undefined || tally.evaluated + tally.excluded + tally.unbuildable >= space.size;
  const cut = raced?.arithmetics.some(({ standing }) => standing === 'cut') ?? false;
  const kept = raced && new Set(raced.front);
  const front = kept === undefined ? tally.front : tally.front.filter(({ index }) => kept.has(index));
  const near = front.length > 0 ? undefined : (nearestLoss(tally, raced) ?? tally.nearest?.index);
  return {
    space,
    exact: whole && !cut,
    tally,
    front: frontPoints(space, front),
    ...(near === undefined ? {} : { nearest: evaluatedPoint(space, near) }),
    ...(searched === undefined ? {} : { searched }),
    ...(raced === undefined ? {} : { raced }),
  };
}

/** Where every arithmetic breaks the bound on the loss, a point of the one that breaks it least. */
function nearestLoss({ front }: Tally, raced: Raced | undefined): number | undefined {
  const [least] = (raced?.arithmetics ?? [])
    .filter(({ loss }) => loss !== null)
    .toSorted((a, b) => a.loss!.mean - b.loss!.mean || (a.arithmetic < b.arithmetic ? -1 : 1));
  return front.find(({ arithmetic }) => least !== undefined && arithmetic === least.arithmetic)?.index;
}

/** Values of the objectives of scored points, with their signs as people read them. */
export const valuesOf = ({ plan }: Space, { costs }: Scored): number[] =>
  costs.map((cost, k) => (plan.objectives[k].direction === 'minimise' ? cost : -cost));

/** What a parameter does: for each of its values the mean and the best of each objective over the points inside. */
export interface Sensitivity {
  design: string;
  parameter: string;
  values: { value: string | number | boolean; count: number; mean: number[]; best: number[] }[];
  /** By objective: largest over smallest of the means, as a ratio of sizes; 1 where it changes nothing. */
  span: number[];
  /** Of the measured loss: its mean by value, on so many targets, and largest less smallest, which may be of either sign. */
  loss?: { targets: number; mean: (number | null)[]; span: Estimate | null };
}

export function sensitivities({
  space,
  tally,
  raced,
}: Pick<Result, 'space' | 'tally' | 'raced'>): Sensitivity[] {
  const sign = space.plan.objectives.map(({ direction }) => (direction === 'minimise' ? 1 : -1));
  return space.blocks.flatMap(({ start, varied }, i) =>
    varied.map(({ name, values }, p): Sensitivity => {
      const seen = values.flatMap((value, v) => {
        const effects = tally.effects[i][p][v];
        const { count } = effects[0];
        if (count === 0) return [];
        const mean = effects.map(({ sum }, k) => (sign[k] * sum) / count);
        return [{ v, value, count, mean, best: effects.map(({ best }, k) => sign[k] * best!) }];
      });
      const { targets = 0, of = [] } = raced?.effects ?? {};
      const effect = of[i]?.[p];
      const loss = effect && {
        targets,
        mean: seen.map(({ v }) => effect.values[v].mean),
        span: effect.span,
      };
      const span = sign.map((_, k) => {
        const sizes = seen.map(({ mean }) => Math.abs(mean[k]));
        const least = Math.min(...sizes);
        return seen.length < 2 || least === 0 ? 1 : Math.max(...sizes) / least;
      });
      return {
        design: start.name,
        parameter: name,
        values: seen.map(({ value, count, mean, best }) => ({ value, count, mean, best })),
        span,
        ...(loss === undefined ? {} : { loss }),
      };
    }),
  );
}
