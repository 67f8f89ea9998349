import { basename, extname } from 'node:path';
import { stringify } from 'yaml';
import type { ComparedAccuracy } from '../../compare/comparison.ts';
import { parseDesignFile } from '../../design/design-file.ts';
import type { Plan } from '../../explore/space/plan.ts';
import type { SpaceInput } from '../../explore/space/schema.ts';
import { toAddress } from '../../question/address.ts';
import type { Question } from '../../question/question.ts';
import { designFile, readDesignFile } from '../../source/design.ts';
import { loadModel } from '../../source/model.ts';
import { MODELS } from '../../workload/models.ts';

/** The view of the studio that shows a comparison; what files say stands in it, since a page opens none. */
export function comparisonAddress(asked: Question, accuracy: ComparedAccuracy | undefined): string {
  const { version: _, model, dims, designs, baseline, ...rest } = asked;
  const named = typeof model !== 'string' || MODELS.some(({ name }) => name === model.toLowerCase());
  const inside = {
    ...rest,
    model: named ? model : loadModel(model, dims),
    designs: designs.map(designInside),
    ...(baseline === undefined ? {} : { baseline: designInside(baseline) }),
  };
  const measured: Record<string, string> =
    accuracy === undefined ? {} : { measured: JSON.stringify(accuracy) };
  return toAddress({ view: 'compare', asked: inside, detail: measured });
}

/** A design as it is, or what its file says under the name that the comparison gives it. */
export function designInside(design: string | object): string | object {
  const path = typeof design === 'string' ? designFile(design) : undefined;
  if (path === undefined) return design;
  const value = parseDesignFile(path, readDesignFile(path)).value as object;
  return 'name' in value ? value : { name: basename(path, extname(path)), ...value };
}

/** The view of the studio that shows a space; undefined for one whose losses are measured, which a page does not. */
export function spaceAddress(plan: Plan): string | undefined {
  if (plan.loss !== undefined) return undefined;
  return toAddress({ view: 'explore', asked: {}, detail: { space: stringify(spaceOf(plan)) } });
}

/** A plan in the words of a space file, with what its files say. */
export function spaceOf({
  models,
  designs,
  varied,
  surroundings,
  where,
  forbid,
  within,
  objectives,
}: Plan): SpaceInput {
  const goals = (direction: 'minimise' | 'maximise'): string[] =>
    objectives.filter((one) => one.direction === direction).map(({ metric }) => metric);
  const space: Record<string, unknown> = {
    models: models.map(({ source, weight }) => ({ model: source, weight })),
    designs: designs.map(({ name, spec }) =>
      Object.keys(spec).length === 1 ? spec.base : { name, ...spec },
    ),
    vary: Object.fromEntries(varied.map(({ name, values }) => [name, values])),
    ...surroundings,
    where,
    forbid,
    within: within.map(({ text }) => text),
    minimise: goals('minimise'),
    maximise: goals('maximise'),
  };
  return Object.fromEntries(
    Object.entries(space).filter(([, value]) => !Array.isArray(value) || value.length > 0),
  ) as SpaceInput;
}
