import type { GraphOperator } from '../model.ts';

const pattern = (name: string): string => name.replaceAll(/\d+/g, '*');

/** Operators of equal sizes whose names differ by numbers alone (one a layer) as one with their count, and where each went. */
export function merged(operators: readonly GraphOperator[]): {
  operators: GraphOperator[];
  places: number[];
} {
  const found = new Map<string, GraphOperator>();
  const keys: string[] = [];
  for (const one of operators) {
    const { name, count, ...rest } = one;
    const key = `${pattern(name)}|${JSON.stringify(rest)}`;
    keys.push(key);
    const known = found.get(key);
    if (known === undefined) found.set(key, { ...one });
    else {
      known.count += count;
      known.name = pattern(name);
    }
  }
  const order = new Map([...found.keys()].map((key, i) => [key, i]));
  return { operators: [...found.values()], places: keys.map((key) => order.get(key)!) };
}
