import { MugiError } from '../errors.ts';
import type { Technology } from '../technology/technology.ts';
import { type Design, MEMORIES, type MemoryName, type Sram, sramBits } from './design.ts';
import { describedDesign } from './described.ts';
import { redrained } from './drain.ts';
import { type SizeRange, type Variant, VARIANT_KEYS } from './family.ts';
import { designNames, familyNames, namedFamily, parseMesh } from './index.ts';
import type { Mesh } from './parts.ts';
import { SWITCH_NAMES } from '../vlp/switches.ts';
import { dotted, type Locate, type Path, problem, schemaProblem, shown, unknownWord } from './problem.ts';
import { refuseOverruled, refuseSwitch, refuseUnheld } from './refused-keys.ts';
import { BasedDesign, FullDesign, keysAt } from './schema.ts';
import { offeredSram } from './sram-offer.ts';

export interface CustomContext {
  technology: Technology;
  /** Changes the design (what a preset does) before the file's own memories replace it. */
  change?: (design: Design) => Design;
  /** How errors say where; dotted keys when the source is not known. */
  locate?: Locate;
  /** Name of a design that gives none: the file's name, say. */
  fallbackName?: string;
  /** Mesh asked for beside the file; overrides the file's. */
  nodes?: Mesh;
}

/**
 * A design from plain data (parsed YAML or JSON): `base` changes a built-in design, `array` describes a new one.
 * Throws MugiError with the place of the first mistake, what was expected there and the nearest valid value.
 */
export function customDesign(value: unknown, context: CustomContext): Design {
  const { locate = dotted } = context;
  const based = form(value, locate) === 'base';
  const schema = based ? BasedDesign : FullDesign;
  const parsed = schema.safeParse(value);
  if (!parsed.success)
    throw schemaProblem(locate, value, parsed.error.issues, (path) => keysAt(schema, path));
  const design = based
    ? changed(parsed.data as BasedDesign, context)
    : described(parsed.data as FullDesign, context, locate);
  // A new design stands for its own family, which is none of ours.
  const taken = based ? designNames() : [...designNames(), ...familyNames()];
  if (!taken.includes(design.name.toLowerCase())) return design;
  if (parsed.data.name === undefined) return { ...design, name: `${design.name}-custom` };
  throw problem(locate, ['name'], {
    code: 'invalid-value',
    message: `"${design.name}" is the name of a built-in design`,
    expected: 'another name',
    received: design.name,
    nearest: `${design.name}-custom`,
  });
}

/**
 * The keys of a changed built-in design, checked each by itself.
 * @throws MugiError with the first mistake
 */
export function basedDesign(value: unknown, locate: Locate = dotted): BasedDesign {
  const parsed = BasedDesign.safeParse(value);
  if (parsed.success) return parsed.data;
  throw schemaProblem(locate, value, parsed.error.issues, (path) => keysAt(BasedDesign, path));
}

/** Which of the two forms a file means, by the keys that it has. */
function form(value: unknown, locate: Locate): 'base' | 'array' {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw problem(locate, [], {
      code: 'invalid-file',
      message: 'not a design: the file has no keys',
      expected: '"base" (a built-in design to change) or "array" (a new one), each with its keys',
      received: shown(value),
    });
  }
  const full = ['array', 'components', 'events', 'gemm'].find((key) => key in value);
  if ('base' in value && full !== undefined) {
    const message = `"${full}" describes a new design and "base" changes a built-in one: a file does one of them`;
    throw problem(locate, [full], { code: 'invalid-value', message }, 'key');
  }
  if ('base' in value) return 'base';
  if (full !== undefined) return 'array';
  const known = [...new Set([...keysAt(BasedDesign, []), ...keysAt(FullDesign, [])])];
  const odd = Object.keys(value).find((key) => !known.includes(key));
  if (odd !== undefined) throw unknownWord(locate, [odd], 'key', odd, known, 'key');
  throw problem(locate, [], {
    code: 'invalid-value',
    message: 'neither "base" (a built-in design to change) nor "array" (a new one) is given',
    expected: 'one of base, array',
    received: shown(value),
  });
}

const unchanged = (design: Design): Design => design;

function changed(spec: BasedDesign, context: CustomContext): Design {
  const { fallbackName } = context;
  const built = variantOf(spec, context);
  const sram = { ...built.sram };
  for (const memory of MEMORIES) sram[memory] = memoryIn(built, memory, spec.sram?.[memory], context);
  const fitted = withMemories(built, sram);
  const changes = Object.keys(spec).filter((key) => !['base', 'name', 'title'].includes(key));
  return {
    ...fitted,
    name: spec.name ?? fallbackName ?? `${built.name}-custom`,
    title: spec.title ?? `${built.title}, after ${spec.base}`,
    provenance: `not built in: ${spec.base}${changes.length > 0 ? ` with its own ${changes.join(', ')}` : ''}`,
  };
}

/** The design that a file's keys but `sram` make of its base; the memories are those that it is built with. */
export function variantOf(
  spec: Omit<BasedDesign, 'sram' | 'name' | 'title'>,
  { nodes: asked, change = unchanged, locate = dotted }: Omit<CustomContext, 'technology'>,
): Design {
  const { family, size: builtIn, nodes, build } = at(locate, ['base'], () => namedFamily(spec.base));
  const { range, varies = [] } = family;
  const variant: Variant = {};
  const apply = <K extends keyof Variant>(key: K): void => {
    if (spec[key] === undefined) return;
    if (!varies.includes(key)) {
      refuseSwitch(
        locate,
        key,
        spec.base,
        at(locate, ['base'], () => build(builtIn, nodes)),
      );
      throw notApplicable(locate, key, spec.base, [range?.key, ...varies]);
    }
    variant[key] = spec[key] as Variant[K];
  };
  for (const key of VARIANT_KEYS) apply(key);
  for (const key of ['height', 'size'] as const) {
    if (spec[key] !== undefined && range?.key !== key)
      throw notApplicable(locate, key, spec.base, [range?.key, ...varies]);
  }
  const size = spec.height ?? spec.size ?? builtIn;
  if (range !== undefined && size !== builtIn) checkSize(locate, range, size);
  const built = build(size, asked ?? meshOf(locate, spec.mesh) ?? nodes, variant);
  refuseUnheld(locate, variant, built);
  const switched = SWITCH_NAMES.find((key) => variant[key] !== undefined);
  if (switched !== undefined) refuseSwitch(locate, switched, spec.base, built);
  const seen = change(built);
  refuseOverruled(locate, variant, seen);
  return seen;
}

/** A design with other memories: results leave through its output SRAM, whose words decide how fast. */
export const withMemories = (built: Design, sram: Design['sram']): Design => redrained({ ...built, sram });

/**
 * A memory of a design as a file asks for it; what the file leaves out is as the design is built.
 * @throws MugiError when the technology has no such SRAM, with the nearest
 */
export function memoryIn(
  built: Pick<Design, 'sram'>,
  memory: MemoryName,
  asked: { kib?: number; word_bits?: number } | undefined,
  { technology, locate = dotted }: Pick<CustomContext, 'technology' | 'locate'>,
): Sram {
  const own = built.sram[memory];
  const { kib = sramBits(own) / 8192, word_bits: word = own.wordBits } = asked ?? {};
  const path = asked === undefined ? ['base'] : ['sram', memory];
  return { ...own, ...offeredSram(locate, path, memory, technology, kib, word) };
}

function described(spec: FullDesign, context: CustomContext, locate: Locate): Design {
  const { technology, change = unchanged } = context;
  const nodes = context.nodes ?? meshOf(locate, spec.mesh) ?? { rows: 1, columns: 1 };
  const sram = {} as Record<(typeof MEMORIES)[number], Sram>;
  for (const memory of MEMORIES) {
    const { kib, word_bits } = spec.sram[memory];
    sram[memory] = offeredSram(locate, ['sram', memory], memory, technology, kib, word_bits);
  }
  return change(describedDesign(spec, { nodes, sram, technology, locate }));
}

function meshOf(locate: Locate, mesh: string | undefined): Mesh | undefined {
  if (mesh === undefined) return undefined;
  try {
    return parseMesh('design', mesh);
  } catch (error) {
    if (!(error instanceof MugiError)) throw error;
    const details = { message: `a mesh of ${mesh} cannot be built`, nearest: '4x4' };
    throw problem(locate, ['mesh'], { ...error.details, ...details });
  }
}

/** Runs a look-up by name and gives its error the place in the file. */
function at<T>(locate: Locate, path: Path, look: () => T): T {
  try {
    return look();
  } catch (error) {
    if (error instanceof MugiError) throw problem(locate, path, error.details);
    throw error;
  }
}

function notApplicable(
  locate: Locate,
  key: string,
  base: string,
  takes: readonly (string | undefined)[],
): MugiError {
  const keys = [...takes.filter((name) => name !== undefined), 'mesh', 'sram'];
  return problem(
    locate,
    [key],
    {
      code: 'invalid-value',
      message: `"${key}" does not apply to the base ${base}`,
      expected: `one of ${keys.join(', ')}`,
      received: key,
    },
    'key',
  );
}

function checkSize(locate: Locate, { key, min, max, step }: SizeRange, size: number): void {
  if (size >= min && size <= max && size % step === 0) return;
  const clamped = Math.min(max, Math.max(min, Math.round(size / step) * step));
  throw problem(locate, [key], {
    code: 'invalid-value',
    message: `${key} ${size} cannot be built`,
    expected: `a whole number from ${min} to ${max}${step > 1 ? `, a multiple of ${step}` : ''}`,
    received: String(size),
    nearest: String(clamped),
  });
}
