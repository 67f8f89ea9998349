import { namedFamily } from '../../design/index.ts';
import { MugiError } from '../../errors.ts';
import type { Value } from '../expression.ts';
import { MOST_VALUES } from '../values.ts';
import { PARAMETERS, parametersNamed, type Place, PLACES, valuesOf } from './parameters.ts';
import type { SpaceInput } from './schema.ts';
import { numericPaths, type Start } from './start.ts';

/** A parameter of a plan with its values. */
export interface Varied {
  name: string;
  place: Place;
  values: Value[];
}

export const namesOf = (varied: readonly Varied[]): string[] => varied.map(({ name }) => name);

/** Every name that a condition may hold. */
export const conditionNames = (varied: readonly Varied[]): string[] => [
  ...new Set([...PARAMETERS.map(({ name }) => name), ...namesOf(varied), 'design']),
];

/** What is varied, in the order in which points are numbered. */
export function variedOf(
  vary: NonNullable<SpaceInput['vary']>,
  starts: readonly Start[],
  paths: ReadonlySet<string>,
  at: (...path: (string | number)[]) => string,
  keyAt: (...path: (string | number)[]) => string = at,
): Varied[] {
  const varied = new Map<string, Varied>();
  let all = 0;
  for (const [key, given] of Object.entries(vary))
    for (const parameter of parametersNamed(key, paths, keyAt('vary', key))) {
      const { name, place } = parameter;
      const path = at('vary', key);
      if (varied.has(name))
        throw new MugiError({
          code: 'invalid-value',
          message: `"${name}" is varied twice`,
          path,
          received: key,
        });
      if (!starts.some((start) => applies(name, start)))
        throw new MugiError({
          code: 'invalid-value',
          message: `"${name}" is no parameter of ${starts.map((one) => one.name).join(', ')}`,
          path: keyAt('vary', key),
          expected: `one of ${PARAMETERS.filter((one) => starts.some((start) => applies(one.name, start)))
            .map((one) => one.name)
            .join(', ')}`,
          received: key,
        });
      const values = valuesOf(parameter, given, path);
      all += values.length;
      if (all > MOST_VALUES)
        throw new MugiError({
          code: 'invalid-value',
          message: 'the lists of a space have too many values together',
          path,
          expected: `at most ${MOST_VALUES}`,
          received: `${all} with those of ${name}`,
        });
      varied.set(name, { name, place, values });
    }
  if (varied.has('shape') && varied.has('size'))
    throw new MugiError({
      code: 'invalid-value',
      message: '"shape" and "size" both set the sides of an array',
      path: at('vary', 'size'),
      expected: 'one of the two',
    });
  const order = ({ name, place }: Varied): number => {
    const known = PARAMETERS.findIndex((one) => one.name === name);
    return PLACES.indexOf(place) * 1000 + (known < 0 ? 999 : known);
  };
  return [...varied.values()].sort((a, b) => order(a) - order(b) || (a.name < b.name ? -1 : 1));
}

/** Whether a design has a parameter; of others it is not varied. */
export function applies(name: string, { kind, spec }: Start): boolean {
  const known = PARAMETERS.find((one) => one.name === name);
  if (known?.place === 'technology' || known?.place === 'use' || known?.place === 'environment') return true;
  if (kind === 'full')
    return name === 'mesh' || name.startsWith('sram.') || numericPaths(spec).includes(name);
  if (known === undefined) return false;
  if (known.place === 'memory' || name === 'mesh') return true;
  const { family } = namedFamily(spec.base as string);
  if (name === 'shape') return family.rectangle !== undefined;
  return name === family.range?.key || (family.varies ?? []).some((key) => key === name);
}
