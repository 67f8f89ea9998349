import { gateSize, inventory } from '../../hardware/inventory.ts';
import type { AnyModule } from '../../hardware/index.ts';
import { type Composition, TERM_NAMES, TERMS, type Terms } from '../../technology/composition.ts';
import type { Sides } from '../sides.ts';

/** A unit of machines of all sizes: the name of its module without the sizes in it. */
export const unitOf = (module: string): string => module.replace(/_\d+(x\d+)?(?=_|$)/, '');

/** Instances and size of every unit of a machine. */
export const unitsOf = (top: AnyModule): Map<string, { instances: number; gates: number }> =>
  new Map(
    inventory(top).map((row) => [
      unitOf(row.module),
      { instances: row.instances, gates: row.instances * gateSize(row) },
    ]),
  );

/** A machine of a kind, of so many lanes of activations and of weights. */
export interface Sample {
  sides: Sides;
  module: AnyModule;
}

/** Composition of a kind of machine, from samples of it, more than the terms that they can tell apart. */
export function compositionOf(kind: string, samples: readonly Sample[]): Composition {
  const sides = samples.map((sample) => sample.sides);
  const counted = samples.map(({ module }) => unitsOf(module));
  const units = [...new Set(counted.flatMap((units) => [...units.keys()]))];
  return {
    kind,
    units: units.map((unit) => {
      const fitted = (key: 'instances' | 'gates'): Terms =>
        fit(
          sides,
          counted.map((all) => all.get(unit)?.[key] ?? 0),
        );
      return { unit, instances: fitted('instances'), gates: fitted('gates') };
    }),
  };
}

/** What counts as nothing beside a value. */
const NOTHING = 1e-9;

/**
 * The shortest sum of the first terms that gives the values: terms are taken in, one after the other and each made orthogonal
 * to those before, until nothing is left; those that samples cannot tell from others are left out.
 */
function fit(sides: readonly Sides[], values: readonly number[]): Terms {
  const scale = Math.max(...values.map(Math.abs));
  const taken: { name: (typeof TERM_NAMES)[number]; of: number[]; direction: number[] }[] = [];
  let rest = [...values];
  for (const name of TERM_NAMES) {
    if (Math.max(...rest.map(Math.abs)) <= NOTHING * scale) break;
    const of = sides.map((lanes) => TERMS[name](lanes));
    let direction = [...of];
    // Twice, against rounding.
    for (let turn = 0; turn < 2; turn++)
      for (const before of taken)
        direction = less(direction, before.direction, dot(direction, before.direction));
    const length = Math.sqrt(dot(direction, direction));
    if (length <= NOTHING * Math.sqrt(dot(of, of))) continue;
    direction = direction.map((x) => x / length);
    taken.push({ name, of, direction });
    rest = less(rest, direction, dot(rest, direction));
  }
  return solved(taken, values);
}

/** Factors of the terms themselves, from the last to the first. */
function solved(
  taken: readonly { name: string; of: readonly number[]; direction: readonly number[] }[],
  values: readonly number[],
): Terms {
  const factors: Record<string, number> = {};
  let rest = [...values];
  for (const { name, of, direction } of taken.toReversed()) {
    const factor = dot(rest, direction) / dot(of, direction);
    rest = less(rest, of, factor);
    const rounded = Number(factor.toPrecision(9));
    if (Math.abs(factor) > 1e-6) factors[name] = rounded;
  }
  return Object.fromEntries(Object.entries(factors).reverse());
}

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, x, i) => sum + x * b[i], 0);
const less = (a: readonly number[], b: readonly number[], times: number): number[] =>
  a.map((x, i) => x - times * b[i]);
