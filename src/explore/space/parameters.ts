import { MugiError, unknownName } from '../../errors.ts';
import { MEMORIES } from '../../design/design.ts';
import { SWITCH_NAMES } from '../../vlp/switches.ts';
import type { Value } from '../expression.ts';
import { numberList } from '../values.ts';

/**
 * What a parameter belongs to, from what is dearest to change to what is cheapest: so points are numbered, and neighbours
 * share what the outer ones decide.
 */
export const PLACES = ['technology', 'logic', 'use', 'memory', 'environment'] as const;
export type Place = (typeof PLACES)[number];

interface Parameter {
  name: string;
  place: Place;
  kind: 'number' | 'text' | 'switch';
}

/** Where windows of look-up tables come from: decides what is computed, and nothing that it costs. */
export const WINDOWS = 'windows';

const memories = MEMORIES.flatMap((memory): Parameter[] => [
  { name: `sram.${memory}`, place: 'memory', kind: 'number' },
  { name: `sram.${memory}.word_bits`, place: 'memory', kind: 'number' },
]);

/** Every parameter of a built-in design, its use and its environment, in the order in which points are numbered. */
export const PARAMETERS: readonly Parameter[] = [
  { name: 'technology', place: 'technology', kind: 'text' },
  { name: 'clock', place: 'technology', kind: 'number' },
  { name: 'shape', place: 'logic', kind: 'text' },
  { name: 'height', place: 'logic', kind: 'number' },
  { name: 'size', place: 'logic', kind: 'number' },
  { name: 'dataflow', place: 'logic', kind: 'text' },
  { name: 'method', place: 'logic', kind: 'text' },
  { name: 'vector_lanes', place: 'logic', kind: 'number' },
  { name: 'lut', place: 'logic', kind: 'switch' },
  { name: 'lut_exponents', place: 'logic', kind: 'number' },
  { name: 'row_sum', place: 'logic', kind: 'text' },
  { name: 'chain', place: 'logic', kind: 'number' },
  { name: 'group', place: 'logic', kind: 'number' },
  ...SWITCH_NAMES.map((name): Parameter => ({ name, place: 'logic', kind: 'text' })),
  { name: 'mesh', place: 'logic', kind: 'text' },
  { name: 'batch', place: 'use', kind: 'number' },
  { name: 'context', place: 'use', kind: 'number' },
  { name: 'prefill', place: 'use', kind: 'number' },
  { name: 'weightBits', place: 'use', kind: 'number' },
  { name: 'kvBits', place: 'use', kind: 'number' },
  { name: WINDOWS, place: 'use', kind: 'text' },
  ...memories,
  { name: 'linkBits', place: 'environment', kind: 'number' },
  { name: 'dramBandwidth', place: 'environment', kind: 'number' },
  { name: 'dramEnergy', place: 'environment', kind: 'number' },
  { name: 'carbonIntensity', place: 'environment', kind: 'number' },
  { name: 'fabricationEnergy', place: 'environment', kind: 'number' },
  { name: 'lifetime', place: 'environment', kind: 'number' },
];

const NAMES = PARAMETERS.map(({ name }) => name);

/** `weight-bits` as `weightBits`, `vector-lanes` as `vector_lanes`, `sram.input.kib` as `sram.input`. */
function canonical(name: string): string {
  const text = name.trim().replace(/\.kib$/, '');
  const bare = (one: string): string => one.replace(/[-_]/g, '').toLowerCase();
  return NAMES.find((one) => one === text) ?? NAMES.find((one) => bare(one) === bare(text)) ?? text;
}

/**
 * The parameters that a name stands for: itself, or all that match a `*`.
 * @param paths further parameters: paths into design files that describe whole designs
 */
export function parametersNamed(name: string, paths: ReadonlySet<string>, path: string): Parameter[] {
  const wanted = canonical(name);
  const own = PARAMETERS.find((one) => one.name === wanted);
  if (own !== undefined) return [own];
  if (wanted.includes('*')) {
    const pattern = new RegExp(
      `^${wanted
        .split('*')
        .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
        .join('[^.]+')}$`,
    );
    const found = PARAMETERS.filter((one) => pattern.test(one.name));
    if (found.length > 0) return found;
  }
  if (paths.has(name.trim())) return [{ name: name.trim(), place: 'logic', kind: 'number' }];
  throw unknownName('parameter', name, [...NAMES, ...paths], path);
}

/** The values that a parameter is given: a list, or text that stands for one. */
export function valuesOf({ kind, name }: Parameter, given: Value | readonly Value[], path: string): Value[] {
  const all = (Array.isArray(given) ? given : [given]).flatMap((one: Value): Value[] => {
    if (typeof one !== 'string') return [one];
    return kind === 'number' ? numberList(one, path) : one.split(',').map((text) => text.trim());
  });
  const values =
    kind === 'switch' ? all.map((one) => (one === 'true' ? true : one === 'false' ? false : one)) : all;
  const wanted = { number: 'number', text: 'string', switch: 'boolean' }[kind];
  const odd = values.find((one) => typeof one !== wanted);
  if (odd !== undefined)
    throw new MugiError({
      code: 'invalid-value',
      message: `${name} takes ${{ number: 'numbers', text: 'texts', switch: 'true and false' }[kind]}`,
      path,
      received: String(odd),
    });
  const seen = new Set<Value>();
  const twice = values.find((one) => seen.size === seen.add(one).size);
  if (twice !== undefined)
    throw new MugiError({
      code: 'invalid-value',
      message: `${name} names a value twice`,
      path,
      received: String(twice),
    });
  return values;
}
