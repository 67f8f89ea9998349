import { z } from 'zod';
import { SURROUNDINGS } from '../../question/question.ts';

/** Raised when a key of a space changes its meaning. */
export const SPACE_VERSION = 1;

const source = z.union([z.string().min(1), z.record(z.string(), z.unknown())]);
const value = z.union([z.number(), z.string().min(1), z.boolean()]);
const values = z
  .union([value, z.array(value).min(1)], {
    error: 'a value, a list of values, or text such as 32..512:32 or 1,8,64',
  })
  .meta({ description: 'A list, or text: 1,8,64, from..to:step, from..to:*factor, from..to (doubling).' });
const texts = (description: string) =>
  z
    .union([z.string().min(1), z.array(z.string().min(1))], { error: 'text, or a list of texts' })
    .meta({ description });

/** A space as people write it. What a schema cannot say, `planOf` checks. */
export const SPACE = z
  .strictObject({
    version: z.literal(SPACE_VERSION).optional(),
    model: source.optional().meta({ description: 'One model: a name, a path or a config.' }),
    models: z
      .array(
        z.union([
          z.string().min(1),
          z.strictObject({ model: source, weight: z.number().positive().max(1e9) }),
        ]),
      )
      .min(1)
      .meta({ description: 'Several models; a weight is the share of tokens that a model has.' })
      .optional(),
    designs: z
      .array(source)
      .min(1)
      .optional()
      .meta({ description: 'Designs to start from: names, paths or files.' }),
    vary: z
      .record(z.string(), values)
      .optional()
      .meta({ description: 'Parameters and the values that they take.' }),
    where: texts('Expressions over parameters, all of which a point must keep.').optional(),
    forbid: texts('Expressions over parameters, none of which a point may keep.').optional(),
    within: texts('Bounds on metrics: area_mm2<=3.').optional(),
    minimise: texts('Metrics that should be small.').optional(),
    maximise: texts('Metrics that should be large.').optional(),
    search: z
      .strictObject({
        budget: z.int().min(1).max(1e8),
        population: z.int().min(2).max(10_000).optional(),
        seed: z
          .int()
          .min(0)
          .max(2 ** 31)
          .optional(),
      })
      .optional()
      .meta({
        description: 'Search by NSGA-II with so many evaluations, instead of evaluating every point.',
      }),
    loss: z
      .strictObject({
        model: z
          .string()
          .min(1)
          .meta({ description: 'Weights that it is measured on: an embedded model, a folder, a GGUF file.' })
          .optional(),
        text: z.string().min(1).meta({ description: 'UTF-8 text; the embedded one when absent.' }).optional(),
        tokens: z
          .int()
          .min(1)
          .max(1e9)
          .meta({ description: 'Targets of a whole measurement (4096).' })
          .optional(),
        budget: z
          .int()
          .min(1)
          .max(1e12)
          .meta({ description: 'Targets over all arithmetics, at most.' })
          .optional(),
        seed: z
          .int()
          .min(0)
          .max(2 ** 31)
          .optional(),
      })
      .optional()
      .meta({ description: 'How the loss is measured, where it is an objective or bounded.' }),
    ...SURROUNDINGS.shape,
  })
  .meta({ title: 'mugi space' });

export type SpaceInput = z.input<typeof SPACE>;

/** JSON Schema (draft 2020-12) of a space. */
export const spaceSchema = (): object => z.toJSONSchema(SPACE, { io: 'input' });

/** Keys of a space, for a suggestion. */
export const spaceKeys = (path: readonly (string | number)[]): string[] =>
  path.length === 0
    ? Object.keys(SPACE.shape)
    : path[0] === 'search'
      ? ['budget', 'population', 'seed']
      : path[0] === 'loss'
        ? ['model', 'text', 'tokens', 'budget', 'seed']
        : ['model', 'weight'];
