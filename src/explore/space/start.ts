import { namedFamily } from '../../design/index.ts';
import { dotted, schemaProblem } from '../../design/problem.ts';
import { FullDesign } from '../../design/schema.ts';
import { MugiError } from '../../errors.ts';
import { placed } from './placed.ts';

/** A design to start from: what a design file says. */
export interface Start {
  /** As it was written; a path for a file. */
  name: string;
  /** A built-in design that parameters change (`base` and more), or the full description of another. */
  kind: 'base' | 'full';
  spec: Readonly<Record<string, unknown>>;
}

/** The design that a text or a file's data in a space stands for; `open` gives a file's data for a path. */
export function startOf(
  given: string | object,
  open: (text: string) => string | object,
  path: string,
): Start {
  const found = typeof given === 'string' ? open(given) : given;
  const name = typeof given === 'string' ? given : 'design';
  if (typeof found === 'string') {
    if (found.startsWith('best:'))
      throw new MugiError({
        code: 'unsupported',
        message: 'a space names designs and varies their shape itself',
        path,
        expected: 'sa-16, say, and shape among what is varied',
        received: found,
        nearest: found.slice(5),
      });
    placed(path, () => namedFamily(found));
    return { name: found, kind: 'base', spec: { base: found } };
  }
  const { name: own, title: _, ...spec } = found as Record<string, unknown>;
  const called = typeof own === 'string' ? own : name;
  if ('base' in spec) {
    const { base } = spec;
    if (typeof base === 'string') placed(path, () => namedFamily(base));
    return { name: called, kind: 'base', spec };
  }
  const parsed = FullDesign.safeParse(found);
  if (!parsed.success)
    throw schemaProblem(
      (at) => `${path}: ${dotted(at, 'value')}`,
      found,
      parsed.error.issues,
      () => [],
    );
  return { name: called, kind: 'full', spec };
}

/** Paths to the numbers of a full design: each may be varied. */
export function numericPaths(spec: unknown, before = ''): string[] {
  if (typeof spec === 'number') return [before];
  if (typeof spec !== 'object' || spec === null || Array.isArray(spec)) return [];
  return Object.entries(spec).flatMap(([key, inner]) =>
    numericPaths(inner, before === '' ? key : `${before}.${key}`),
  );
}
