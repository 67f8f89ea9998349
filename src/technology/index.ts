import { unknownName } from '../errors.ts';
import { GATES } from './gates.ts';
import { OPEN_45 } from './open-45.ts';
import { PUBLISHED_45 } from './published-45.ts';
import type { Technology } from './technology.ts';

/** Every cost source that designs can be priced with. */
export const TECHNOLOGIES: readonly Technology[] = [PUBLISHED_45, OPEN_45, GATES];

/** Further names. */
const ALIASES: Readonly<Record<string, string>> = { 'published-45': PUBLISHED_45.name };

/** @throws MugiError for an unknown name, with the nearest */
export function technologyNamed(name: string): Technology {
  const wanted = ALIASES[name] ?? name;
  const technology = TECHNOLOGIES.find((candidate) => candidate.name === wanted);
  if (technology !== undefined) return technology;
  throw unknownName(
    'technology',
    name,
    [...TECHNOLOGIES.map((candidate) => candidate.name), ...Object.keys(ALIASES)],
    'technology',
  );
}
