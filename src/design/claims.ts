import type { Component } from '../artifact/inventory.ts';
import type { Design } from './design.ts';
import { INTEGER_CELL } from './mac-array.ts';
import { MULTIPLES } from './pick.ts';

/** Classes of parts that make or add a product: every product of every array passes one of each that it has. */
const PRODUCT_CLASSES = ['multiplierbf16', 'adderbf16', 'adder', INTEGER_CELL];

/** Or it is picked from as many multiples as an INT4 weight has sizes beside zero. */
const makesProducts = ({ class: name, attributes }: Component): boolean =>
  PRODUCT_CLASSES.includes(name) || (name === 'multiplexer' && (attributes.inputs ?? 0) >= MULTIPLES);

/** Counts of a mapping that occur once a step of the array at full use. */
export const ONCE_A_STEP: readonly string[] = [
  'steps',
  'stepsColumns',
  'stepsRows',
  'stepsCells',
  'arrayCycles',
];

/**
 * Where the sides of an array claim more products than its parts can make, which a design file may do: products would be
 * free. Two ways to find out: no part that makes or adds products fires as often in a step as there are products in it;
 * or a part fires more often than its instances can in the cycles of a step. Each sentence names the part that bounds it.
 */
export function overclaims({ array, components, events, gemm }: Design): string[] {
  const products = array.columns * array.rows * array.depth;
  const fired = new Map<string, number>();
  for (const { event, energy, resource, share = 1 } of gemm) {
    if (resource !== 'array' || !ONCE_A_STEP.includes(energy)) continue;
    for (const { component, count } of events[event] ?? [])
      fired.set(component, (fired.get(component) ?? 0) + count * share);
  }
  const parts = components.map((part) => ({ ...part, fires: fired.get(part.name) ?? 0 }));
  const making = parts.filter((part) => makesProducts(part) && part.fires > 0);
  const most = making.reduce((best, part) => Math.max(best, part.fires), 0);
  const cycles = `${array.stepCycles} cycle${array.stepCycles > 1 ? 's' : ''}`;
  const found: string[] = [];
  if (most < products) {
    const bound = making.find(({ fires }) => fires === most);
    const of =
      bound === undefined ? 'no part that makes or adds one fires' : `"${bound.name}" fires ${most} times`;
    found.push(
      `its array claims ${products} products a step of ${cycles} (${array.columns} × ${array.rows} × ${array.depth}), but ${of} in a step: the others are free`,
    );
  }
  for (const { name, count, fires } of parts) {
    const able = count * array.stepCycles;
    // Counts of a file may be fractions, which rounding blurs.
    if (fires <= able * (1 + 1e-9)) continue;
    found.push(
      `"${name}" fires ${fires} times a step of ${cycles}, which its ${count} instance${count === 1 ? '' : 's'} cannot: they bound the array to ${Math.floor((products * able) / fires)} of the ${products} products that it claims`,
    );
  }
  return found;
}
