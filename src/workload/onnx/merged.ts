import type { GraphOperator } from '../model.ts';

const pattern = (name: string): string => name.replaceAll(/\d+/g, '*');

/** Operators of equal sizes whose names differ by numbers alone (one a layer) as one with their count. */
export function merged(operators: readonly GraphOperator[]): GraphOperator[] {
  const found = new Map<string, GraphOperator>();
  for (const one of operators) {
    const { name, count, ...rest } = one;
    const key = `${pattern(name)}|${JSON.stringify(rest)}`;
    const known = found.get(key);
    if (known === undefined) found.set(key, { ...one });
    else {
      known.count += count;
      known.name = pattern(name);
    }
  }
  return [...found.values()];
}
