import { type EvaluatedPoint, evaluatedPoint, frontPoints } from './front-points.ts';
import type { Space } from './space/space.ts';
import type { Scored, Tally } from './tally.ts';

/** What a search has found. */
export interface Result {
  space: Space;
  /** Every point was evaluated: no other is better. */
  exact: boolean;
  tally: Tally;
  front: EvaluatedPoint[];
  /** The point nearest to the constraints, where none keeps them. */
  nearest?: EvaluatedPoint;
  /** Budget and seed of a search that was not exhaustive. */
  searched?: { budget: number; population: number; seed: number };
}

export function resultOf(space: Space, tally: Tally, searched?: Result['searched']): Result {
  const { nearest } = tally;
  return {
    space,
    exact: searched === undefined || tally.evaluated + tally.excluded + tally.unbuildable >= space.size,
    tally,
    front: frontPoints(space, tally.front),
    ...(tally.front.length === 0 && nearest !== null
      ? { nearest: evaluatedPoint(space, nearest.index) }
      : {}),
    ...(searched === undefined ? {} : { searched }),
  };
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
}

export function sensitivities({ space, tally }: Pick<Result, 'space' | 'tally'>): Sensitivity[] {
  const sign = space.plan.objectives.map(({ direction }) => (direction === 'minimise' ? 1 : -1));
  return space.blocks.flatMap(({ start, varied }, i) =>
    varied.map(({ name, values }, p): Sensitivity => {
      const seen = values.flatMap((value, v) => {
        const effects = tally.effects[i][p][v];
        const { count } = effects[0];
        if (count === 0) return [];
        const mean = effects.map(({ sum }, k) => (sign[k] * sum) / count);
        return [{ value, count, mean, best: effects.map(({ best }, k) => sign[k] * best!) }];
      });
      const span = sign.map((_, k) => {
        const sizes = seen.map(({ mean }) => Math.abs(mean[k]));
        const least = Math.min(...sizes);
        return seen.length < 2 || least === 0 ? 1 : Math.max(...sizes) / least;
      });
      return { design: start.name, parameter: name, values: seen, span };
    }),
  );
}
