import { z } from 'zod';
import { COMPONENT_GROUPS } from '../artifact/inventory.ts';
import type { GemmCount, NonlinearCount } from './mapping/counts.ts';
import { SWITCHES } from '../vlp/switches.ts';
import { PRICED_ROW_SUMS } from './own-arithmetic.ts';

/**
 * The JSON Schema of design files, in two forms: `base` changes a built-in design, `array` describes a new one.
 * What a schema cannot say (names that refer to each other, sizes that the cost table offers) design/custom.ts checks.
 */

/** Counts of a mapping under their names in files; docs/designs.md says what each means. */
export const GEMM_COUNT_NAMES = {
  mappings: 'mappings',
  steps: 'steps',
  steps_columns: 'stepsColumns',
  steps_rows: 'stepsRows',
  steps_cells: 'stepsCells',
  array_cycles: 'arrayCycles',
  weight_tiles: 'weightTiles',
  weight_tiles_rows: 'weightTilesRows',
  scaling: 'scaling',
  scaling_steps: 'scalingSteps',
} as const satisfies Record<string, GemmCount>;

export const NONLINEAR_COUNT_NAMES = {
  mappings: 'mappings',
  steps: 'steps',
  steps_used: 'stepsUsed',
  elements: 'elements',
  array_cycles: 'arrayCycles',
} as const satisfies Record<string, NonlinearCount>;

const keys = <T extends string>(of: Record<T, unknown>): [T, ...T[]] => Object.keys(of) as [T, ...T[]];

/** Largest count that a file may ask for: beyond any chip, and far from where doubles lose whole numbers. */
const HUGE = 1e9;
const whole = (min: number, max: number) => z.int().min(min).max(max);
const amount = z.number().positive().max(HUGE);
const name = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'up to 64 letters, digits, dots, dashes and underscores')
  .meta({ description: 'What tables call the design; no name of a built-in one.' });
const title = z.string().min(1).max(200).meta({ description: 'One line about it.' });
const MESH = 'ROWSxCOLUMNS with sides from 1, 4x4 say';
const mesh = z
  .string({ error: MESH })
  .regex(/^\d+x\d+$/, { error: MESH })
  .meta({ description: 'Nodes of the mesh, ROWSxCOLUMNS.' });
const memory = z.strictObject({
  kib: amount.meta({ description: 'Size in KiB, four banks together.' }),
  word_bits: whole(1, 65536).meta({ description: 'Width of a word in bits.' }),
});

/** Lengths that a tile of the K axis, 256 or a half of one, is cut into without a rest. */
const LENGTHS = [16, 32, 64, 128, 256] as const;
const length = (description: string) =>
  z
    .literal(LENGTHS, { error: `one of ${LENGTHS.join(', ')}` })
    .meta({ description })
    .optional();

const choice = <const Values extends readonly string[]>(values: Values, description: string) =>
  z.enum(values).meta({ description }).optional();

export const BasedDesign = z
  .strictObject({
    base: z.string().meta({ description: 'A built-in design, mugi-256 or mugi-256@4x4.' }),
    name: name.optional(),
    title: title.optional(),
    height: whole(1, 65536).meta({ description: 'Rows of a Mugi or Carat array.' }).optional(),
    size: whole(1, 65536).meta({ description: 'Rows and columns of a systolic or SIMD array.' }).optional(),
    mesh: mesh.optional(),
    sram: z
      .strictObject({
        input: memory.partial().optional(),
        weight: memory.partial().optional(),
        output: memory.partial().optional(),
      })
      .optional(),
    dataflow: z.enum(['weight-stationary', 'output-stationary']).optional(),
    method: z.enum(['precise', 'pwl', 'taylor']).optional(),
    vector_lanes: whole(1, 4096)
      .meta({ description: 'Width of the vector unit: an eighth of the rows of Mugi, else all of them.' })
      .optional(),
    lut: z.boolean().meta({ description: 'Nonlinear functions from dedicated tables (Mugi-L).' }).optional(),
    lut_exponents: whole(8, 32)
      .meta({ description: 'Exponents of a row of the look-up table, of which a window takes eight (12).' })
      .optional(),
    row_sum: choice(PRICED_ROW_SUMS, 'How a softmax row is added (bf16-cascade).'),
    chain: length('Inner indices after which a chain of products leaves its accumulator (256).'),
    group: length('Weights that share a scale (256).'),
    entries: choice(SWITCHES.entries, 'LUT entry: f at the point, or its mean over the bin (point).'),
    below: choice(SWITCHES.below, 'Under the window of an activation (zero).'),
    range: choice(SWITCHES.range, 'exp of softmax: a window, or reduced by ln 2 (window).'),
    normalise: choice(SWITCHES.normalise, '1/sum of a softmax row (reciprocal).'),
    norms: choice(SWITCHES.norms, '1/√x of RMSNorm and LayerNorm (exact).'),
    rope: choice(SWITCHES.rope, 'sin and cos of rotary embeddings (exact).'),
    router: choice(SWITCHES.router, 'Softmax over experts (vlp).'),
  })
  .meta({ title: 'A built-in design, changed' });

const attribute = z.number().positive().max(1e6).optional();
const component = z.strictObject({
  class: z.string().meta({ description: 'Logic class of the technology: register, adderbf16, …' }),
  attributes: z
    .strictObject({ width: attribute, depth: attribute, inputs: attribute, bandwidth: attribute })
    .optional(),
  count: whole(1, HUGE).meta({ description: 'Instances in one node.' }),
  group: z.enum(COMPONENT_GROUPS),
});

const rule = <T extends string>(counts: [T, ...T[]]) =>
  z.strictObject({
    event: z.string(),
    energy: z.enum(counts).meta({ description: 'How often it switches.' }),
    time: z.enum(counts).meta({ description: 'How often it takes time.' }),
    cycles: z.number().min(0).max(1e6).meta({ description: 'Cycles each time.' }),
    resource: z.enum(['array', 'vector']),
    share: amount.meta({ description: 'Factor on the energy count; 1 when absent.' }).optional(),
  });

const nonlinearFunction = z.strictObject({
  rules: z.array(rule(keys(NONLINEAR_COUNT_NAMES))).min(1),
  reads: whole(0, 16).meta({ description: 'Passes that read the tensor from the output SRAM.' }),
  writes: whole(0, 16),
  sequence: z
    .strictObject({
      step: whole(0, 1e6),
      tile: whole(0, 1e6),
      tail: whole(0, 1e6),
      lut_passes: whole(1, 16).default(1),
    })
    .meta({
      description: 'Cycles of a step, a tile of lanes and a mapping: what the count array_cycles adds up.',
    })
    .default({ step: 0, tile: 0, tail: 0, lut_passes: 1 }),
});

const PIPELINES = ['ideal', 'weight-stationary', 'output-stationary'] as const;
const SCALINGS = ['rows', 'plane'] as const;

export const FullDesign = z
  .strictObject({
    name,
    title: title.optional(),
    mesh: mesh.optional(),
    array: z.strictObject({
      columns: whole(1, 4096).meta({ description: 'Lanes of the activation axis M.' }),
      rows: whole(1, 4096).meta({ description: 'Lanes of the weight axis N.' }),
      depth: whole(1, 4096).default(1).meta({ description: 'Products of the K axis in one step.' }),
      step_cycles: whole(1, 4096).default(1).meta({ description: 'Cycles of one step.' }),
      stationary: z.enum(['output', 'weight']),
      pipeline: z.union(
        [
          z.enum(PIPELINES),
          z.strictObject({ tail: whole(0, 1e6), tile: whole(0, 1e6).optional() }),
          z.strictObject({
            keeps: z.enum(['weights', 'outputs']).meta({ description: 'What stands still in the cells.' }),
            registers: whole(1, 2)
              .meta({ description: 'Weight registers of a cell; two hide loads behind folds.' })
              .optional(),
            skew: whole(0, 1e6).meta({ description: 'Cycles from the first cell to the last.' }).optional(),
            tail: whole(0, 1e6).meta({ description: 'Cycles behind a mapping.' }).optional(),
          }),
        ],
        {
          error: `${PIPELINES.join(', ')}, {tail: CYCLES}, {tail: CYCLES, tile: CYCLES of an output tile} or {keeps: weights or outputs, registers: 1 or 2, skew: CYCLES, tail: CYCLES}`,
        },
      ),
      weight_bits: whole(1, 64),
    }),
    components: z.record(z.string().min(1), component),
    sram: z.strictObject({ input: memory, weight: memory, output: memory }),
    events: z.record(z.string().min(1), z.record(z.string(), amount)),
    gemm: z.array(rule(keys(GEMM_COUNT_NAMES))).min(1),
    scaling: z.union([z.enum(SCALINGS), z.strictObject({ lanes: whole(1, 1e6) })], {
      error: `${SCALINGS.join(', ')} or {lanes: N}`,
    }),
    nonlinear: z.strictObject({
      lanes: whole(1, 1e6),
      through_weight_sram: z.boolean().default(false),
      softmax: nonlinearFunction,
      activation: nonlinearFunction,
      lut_words: z.strictObject({ read: whole(0, 1e6), write: whole(0, 1e6) }).default({ read: 0, write: 0 }),
    }),
    elementwise: z.strictObject({
      multiply_lanes: whole(1, 1e6),
      add_lanes: whole(1, 1e6),
      divide_multiplies: whole(1, 1000),
    }),
    method: z.enum(['vlp', 'lut', 'precise', 'pwl', 'taylor']),
  })
  .meta({ title: 'A new design' });

export type BasedDesign = z.output<typeof BasedDesign>;
export type FullDesign = z.output<typeof FullDesign>;

/** JSON Schema (draft 2020-12) of a design file, as data. */
export const designSchema = (): object =>
  z.toJSONSchema(z.union([BasedDesign, FullDesign]).meta({ title: 'mugi design file' }), { io: 'input' });

interface Node {
  properties?: Record<string, Node>;
  additionalProperties?: Node | boolean;
  items?: Node;
  anyOf?: Node[];
}

/** Keys that a file may have at `path`, for a suggestion. */
export function keysAt(
  schema: typeof BasedDesign | typeof FullDesign,
  path: readonly (string | number)[],
): string[] {
  let nodes: Node[] = [z.toJSONSchema(schema, { io: 'input' }) as Node];
  for (const key of path) {
    nodes = nodes
      .flatMap((node) => [node, ...(node.anyOf ?? [])])
      .flatMap(({ properties, additionalProperties, items }) => {
        const next =
          typeof key === 'number'
            ? items
            : (properties?.[key] ??
              (typeof additionalProperties === 'object' ? additionalProperties : undefined));
        return next === undefined ? [] : [next];
      });
  }
  return nodes
    .flatMap((node) => [node, ...(node.anyOf ?? [])])
    .flatMap(({ properties }) => Object.keys(properties ?? {}));
}
