import { unknownName } from '../errors.ts';
import { PUBLISHED_45 } from './published-45.ts';
import type { Technology } from './technology.ts';

/** Every cost source that designs can be priced with. */
export const TECHNOLOGIES: readonly Technology[] = [PUBLISHED_45];

export function technologyNamed(name: string): Technology {
  const technology = TECHNOLOGIES.find((candidate) => candidate.name === name);
  if (technology !== undefined) return technology;
  throw unknownName(
    'technology',
    name,
    TECHNOLOGIES.map((candidate) => candidate.name),
    '--technology',
  );
}
