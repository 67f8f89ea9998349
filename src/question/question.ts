import { z } from 'zod';
import { MugiError, unknownName, wholeNumber } from '../errors.ts';
import { PRESETS, type PresetName, REPAIR_NAMES } from '../published/preset.ts';
import { DEFAULT_ENVIRONMENT, SCHEDULES } from '../technology/environment.ts';
import {
  choice,
  choices,
  type Form,
  FORMS,
  named,
  namedList,
  positive,
  sizes,
  whole,
  word,
} from './field.ts';

/** Raised when a key of a question changes its meaning. */
const QUESTION_VERSION = 1;

const { dramGBps, linkBits, carbonIntensity, dramPicojoulesPerBit, fabricationMJPerMm2, lifetimeYears } =
  DEFAULT_ENVIRONMENT;

/** The largest batch and context for which whole-number sums over a model stay exact. */
const MAX_BATCH = 2 ** 20;
const MAX_CONTEXT = 2 ** 24;
/** Designs that one table or picture can show. */
const MAX_DESIGNS = 128;
/** A prompt is this long unless the context is shorter. */
const DEFAULT_PREFILL = 64;
/**
 * What several designs are compared with: the array that a designer would build for the model in the place of the
 * paper's, or, as published, the paper's.
 */
export const defaultBaseline = (presetName: PresetName): string =>
  presetName === 'as-published' ? 'sa-16' : 'best:sa-16';

/**
 * Everything that can be asked of the architecture model: plain data, the same in a file, a URL and a command line.
 * The library's `Point`, the flags of the commands with their help and checks, and the JSON Schema derive from it.
 */
const QUESTION = z.strictObject({
  version: z.literal(QUESTION_VERSION).default(QUESTION_VERSION).describe('Version of this format.'),
  model: named(
    '<name|path>',
    'built-in model, config.json or its folder, GGUF file, ONNX model, or SCALE-Sim topology CSV',
  ).default('llama-2-70b'),
  dims: sizes('<sizes>', 'sizes that an ONNX model leaves open: name=n,…').optional(),
  designs: namedList('<list>', 'names or YAML files, a,b,…; NAME@4x4 is a mesh', MAX_DESIGNS).default([
    'mugi-128',
    'mugi-256',
    'carat-256',
    'sa-16',
    'sa-16-os',
    'sd-16',
    'tensor',
  ]),
  baseline: named(
    '<design>',
    `what ratios are against (default of a comparison: ${defaultBaseline('corrected')}, the best shape and dataflow with the cells of sa-16; as published: ${defaultBaseline('as-published')})`,
  ).optional(),
  batch: whole('<n>', 'sequences side by side', 1, MAX_BATCH).default(8),
  context: whole('<tokens>', 'final context length, prompt included', 1, MAX_CONTEXT).default(4096),
  prefill: whole('<tokens>', `prompt length (default: ${DEFAULT_PREFILL})`, 1, MAX_CONTEXT).optional(),
  weightBits: whole('<n>', 'bits of a weight (default: as the model says, else 4)', 1, 16).optional(),
  headBits: whole(
    '<n>',
    'bits of a weight of the output matrix (default: as the model says, else as the other matrices)',
    1,
    16,
  ).optional(),
  kvBits: whole('<n>', 'bits of a KV-cache element (default: as the model says, else 4)', 1, 16).optional(),
  preset: choice(
    '<name>',
    'corrected or as-published',
    'preset',
    Object.keys(PRESETS) as PresetName[],
  ).default('corrected'),
  with: choices('<repairs>', 'repairs to add to the preset, a,b,…', 'repair', REPAIR_NAMES).default([]),
  without: choices('<repairs>', 'repairs to take out of the preset, a,b,…', 'repair', REPAIR_NAMES).default(
    [],
  ),
  technology: word(
    '<name>',
    'costs to price with: published, open-45 (own synthesis of parts) or gates (of whole machines)',
  ).default('published'),
  clock: positive(
    '<MHz>',
    'clock of the chip, energies and areas held constant (default: what its parts are priced at, 400)',
  ).optional(),
  dramBandwidth: positive('<GB/s>', 'off-chip bandwidth').default(dramGBps),
  linkBits: whole('<n>', 'width of a NoC link and channel', 1, 2 ** 20).default(linkBits),
  schedule: choices(
    '<list>',
    'fused: attention keeps its scores on the chip where they fit; prefetch: the next weights come while an operator computes',
    'schedule',
    SCHEDULES,
  ).default([]),
  carbonIntensity: positive('<g/kWh>', 'carbon intensity of electricity').default(carbonIntensity),
  dramEnergy: positive('<pJ/bit>', 'energy of an off-chip bit').default(dramPicojoulesPerBit),
  fabricationEnergy: positive('<MJ/mm²>', 'energy to make a square millimetre').default(fabricationMJPerMm2),
  lifetime: positive('<years>', 'life of the chip, over which its fabrication is spread').default(
    lifetimeYears,
  ),
});

/** What a question says of everything but models and designs, none of it required. */
export const SURROUNDINGS = QUESTION.omit({
  version: true,
  model: true,
  designs: true,
  baseline: true,
  // Spaces share mappings among points, which a schedule changes.
  schedule: true,
}).partial();

export type QuestionInput = z.input<typeof QUESTION>;
/** A question with all defaults filled in. */
export type Question = z.output<typeof QUESTION> & { prefill: number };
export type QuestionKey = keyof Question;

/** Keys of how a model is used. */
export const USE_KEYS = ['dims', 'batch', 'context', 'prefill', 'weightBits', 'headBits', 'kvBits'] as const;
/** Keys of the model of the hardware that evaluates. */
export const PRESET_KEYS = ['preset', 'with', 'without'] as const;
/** Keys of how a design is priced. */
export const PRICE_KEYS = [...PRESET_KEYS, 'technology'] as const;
/** Keys of what surrounds the chip. */
export const ENVIRONMENT_KEYS = [
  'clock',
  'dramBandwidth',
  'linkBits',
  'carbonIntensity',
  'dramEnergy',
  'fabricationEnergy',
  'lifetime',
] as const;
/** Keys that a sweep takes lists of numbers for. */
export const NUMBER_KEYS: readonly QuestionKey[] = [
  ...USE_KEYS.filter((key) => key !== 'dims'),
  ...ENVIRONMENT_KEYS,
];

/** Keys that stand on a command line, in the order of its help. */
export const QUESTION_KEYS = Object.keys(QUESTION.shape).filter((key) => key !== 'version') as QuestionKey[];

/** How a key stands on a command line, with its help and its default. */
export function formOf(key: QuestionKey): Form & { help: string; default: unknown } {
  const schema = QUESTION.shape[key];
  const inner = schema instanceof z.ZodDefault || schema instanceof z.ZodOptional ? schema.unwrap() : schema;
  const form = FORMS.get(inner as z.ZodType);
  if (form === undefined) throw new Error(`${key} does not stand on a command line`);
  const value: unknown = schema instanceof z.ZodDefault ? schema.def.defaultValue : undefined;
  return { ...form, help: inner.description ?? '', default: value };
}

const DEFAULTS: Readonly<z.output<typeof QUESTION>> = QUESTION.parse({});
const SCHEMAS: Readonly<Record<string, z.ZodType>> = QUESTION.shape;

/**
 * A checked question with its defaults. Only the keys that are given are parsed: a sweep asks thousands a second.
 * @throws MugiError that names the first key with a wrong value
 */
export function question(input: QuestionInput): Question {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) throw noQuestion(input);
  const asked: Record<string, unknown> = { ...DEFAULTS };
  for (const [key, value] of Object.entries(input)) {
    if (value === undefined) continue;
    if (!Object.hasOwn(SCHEMAS, key)) {
      throw unknownName('key of a question', key, Object.keys(SCHEMAS), key);
    }
    const parsed = SCHEMAS[key].safeParse(value);
    if (!parsed.success) throw refused(key, value, parsed.error.issues);
    asked[key] = parsed.data;
  }
  return completed(asked as z.output<typeof QUESTION>);
}

/** Fills in what depends on other keys, and checks what a key alone cannot say. */
function completed(asked: z.output<typeof QUESTION>): Question {
  const { context, prefill = Math.min(DEFAULT_PREFILL, context), designs } = asked;
  wholeNumber('prefill', prefill, 1, context);
  const both = asked.with.find((repair) => asked.without.includes(repair));
  if (both !== undefined) {
    throw new MugiError({
      code: 'invalid-value',
      message: `repair "${both}" is both added and taken out`,
      path: 'with',
      expected: 'each repair in "with" or in "without"',
      received: both,
    });
  }
  const baseline = asked.baseline ?? (designs.length > 1 ? defaultBaseline(asked.preset) : undefined);
  return { ...asked, prefill, ...(baseline === undefined ? {} : { baseline }) };
}

const noQuestion = (input: unknown): MugiError =>
  new MugiError({
    code: 'invalid-value',
    message: 'a question is an object',
    expected: `keys of ${QUESTION_KEYS.join(', ')}`,
    received: JSON.stringify(input),
  });

function refused(key: string, value: unknown, [issue]: readonly z.core.$ZodIssue[]): MugiError {
  const known = QUESTION_KEYS.find((one) => one === key);
  if (known !== undefined) formOf(known).refuse(key, value);
  return new MugiError({
    code: 'invalid-value',
    message: `${key}: ${issue.message}`,
    path: key,
    received: JSON.stringify(value),
  });
}

/** JSON Schema of a question, defaults and help included. */
export const questionSchema = (): object => z.toJSONSchema(QUESTION, { io: 'input' });

/**
 * Equal for questions that mean the same, whatever order their keys and repairs came in. A path stands for itself:
 * who keeps answers of files must add what is in them.
 */
export function questionKey(asked: Question): string {
  const sorted = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(sorted);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, part]) => part !== undefined)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, part]) => [key, sorted(part)]),
    );
  };
  const [added, removed] = [[...new Set(asked.with)].sort(), [...new Set(asked.without)].sort()];
  return JSON.stringify(sorted({ ...asked, with: added, without: removed }));
}
