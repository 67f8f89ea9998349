import { namedFamily } from '../../design/index.ts';
import type { Question, QuestionInput } from '../../question/question.ts';
import type { Value } from '../expression.ts';
import type { Start } from './start.ts';
import type { Varied } from './varied.ts';

/**
 * What a condition sees of the points of one start beside what is varied: the question with its defaults, and what the
 * start's name or file says. A value that the model or the built design decides (bits of weights, words of a memory
 * that nobody asked for) has none.
 * @param known the question that `surroundings` ask, defaults filled in
 * @param names every name that a condition may hold
 */
export function givenOf(
  { start, varied }: { start: Start; varied: readonly Varied[] },
  surroundings: Pick<QuestionInput, 'prefill'>,
  known: Question,
  names: readonly string[],
): Record<string, Value> {
  const varies = (name: string): boolean => varied.some((one) => one.name === name);
  const given: Record<string, Value> = {};
  for (const name of names) {
    // The default prompt is no longer than the context, so it changes with that.
    if (name === 'prefill' && surroundings.prefill === undefined && varies('context')) continue;
    const value = (known as unknown as Record<string, unknown>)[name] ?? said(start.spec, name);
    if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean')
      given[name] = value;
  }
  given.design = start.name;
  given.mesh ??= '1x1';
  if (start.kind === 'full') return given;
  const base = start.spec.base as string;
  const { family, size, nodes } = namedFamily(base);
  if (start.spec.mesh === undefined) given.mesh = `${nodes.rows}x${nodes.columns}`;
  const [own] = base.trim().toLowerCase().split('@');
  const key = family.range?.key;
  // A rectangle, named or varied, has no one size.
  if (key !== undefined && !varies('shape') && family.pattern.replace('{size}', String(size)) === own)
    given[key] ??= size;
  return given;
}

/** What a design file says under a path; `sram.input` is its size. */
function said(spec: Readonly<Record<string, unknown>>, name: string): unknown {
  const path = /^sram\.[a-z]+$/.test(name) ? `${name}.kib` : name;
  return path
    .split('.')
    .reduce<unknown>(
      (node, key) =>
        typeof node === 'object' && node !== null ? (node as Record<string, unknown>)[key] : undefined,
      spec,
    );
}
