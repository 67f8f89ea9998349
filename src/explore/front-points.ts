import { MugiError } from '../errors.ts';
import { type Metrics, METRICS, metrics } from '../evaluate/metrics.ts';
import { notesOf, priceNotes } from '../evaluate/price-notes.ts';
import { toCommand } from '../question/command.ts';
import { answer } from '../question/point.ts';
import { type Question, question } from '../question/question.ts';
import type { Value } from './expression.ts';
import { mixtureOf, sharesOf } from './mixture.ts';
import { asCost } from './objective.ts';
import type { Plan } from './space/plan.ts';
import type { Space } from './space/space.ts';
import type { Scored } from './tally.ts';

/** A point in full: what it is, and what `evaluate` says of it. */
export interface EvaluatedPoint {
  point: number;
  parameters: Record<string, Value>;
  /** A name, or what a design file holds. */
  design: string | object;
  /** Under the names of `evaluate --json`; means over the models where there are several. */
  metrics: Metrics;
  /** Commands that give the same numbers, one a model. */
  commands: string[];
  /** What to know of these numbers: of the models, and of the design's parts (`cautions` alone). */
  notes: string[];
  cautions: readonly string[];
  /** By model, where there are several. */
  models?: Metrics[];
}

/** A point as a question about one design, on each of the models of its space. */
export function questionsOf(space: Space, index: number): Question[] {
  const { design, asked } = space.point(index);
  return space.plan.models.map(({ source }) => question({ ...asked, model: source, designs: [design] }));
}

/** A point by the road of `mugi evaluate`: from its design and its question, without what neighbours share. */
export function evaluatedPoint(space: Space, index: number): EvaluatedPoint {
  const { parameters, design } = space.point(index);
  const { models } = space.plan;
  const questions = questionsOf(space, index);
  const evaluations = questions.map((one) => answer(one)[0]);
  const each = evaluations.map(metrics);
  const notes = [...new Set(evaluations.flatMap(notesOf))];
  const cautions = priceNotes(evaluations[0].priced);
  const shares = sharesOf(models);
  const commands = questions.map((one, i) => toCommand({ ...one, ...askedOf(space.plan, i) }));
  if (each.length === 1)
    return { point: index, parameters, design, metrics: each[0], commands, notes, cautions };
  const mixed: Record<string, unknown> = { ...each[0], model: models.map(({ name }) => name).join(', ') };
  for (const metric of METRICS)
    mixed[metric.name] = mixtureOf(
      metric,
      (name) => each.map((one) => one[name as typeof metric.name] ?? Number.NaN),
      shares,
    );
  return {
    point: index,
    parameters,
    design,
    metrics: mixed as unknown as Metrics,
    commands,
    notes,
    cautions,
    models: each,
  };
}

/** A model as a command names it: as it was written, with the sizes that the space gives it. */
function askedOf({ models, dims }: Plan, i: number): Pick<Question, 'model' | 'dims'> {
  const { name, source, inline } = models[i];
  if (inline) return { model: source };
  return { model: name, ...(dims === undefined ? {} : { dims }) };
}

/**
 * The points of a front in full.
 * @throws MugiError should one of them not have the costs that it was chosen by: two roads to one number disagree
 */
export function frontPoints(space: Space, front: readonly Scored[]): EvaluatedPoint[] {
  const { objectives } = space.plan;
  return front.map(({ index, costs }) => {
    const point = evaluatedPoint(space, index);
    objectives.forEach((objective, k) => {
      const value = (point.metrics as unknown as Record<string, number>)[objective.metric];
      if (asCost(objective, value) === costs[k]) return;
      throw new MugiError({
        code: 'internal',
        message: `point ${index} of the space has another ${objective.metric} by itself`,
        expected: String(value),
        received: String(costs[k]),
      });
    });
    return point;
  });
}
