import { type HeldArray, HeldMachine, heldModule } from './held.ts';
import { heldProgram } from './held-program.ts';
import type { Machine } from './machine.ts';

/** An array with held weights as a whole machine. */
export const heldMachine = (array: HeldArray): Machine => ({
  name: array.name,
  title: array.title,
  macs: array.sides.columns * array.sides.rows,
  outputs: array.sides.rows,
  lanes: array.sides.rows,
  module: heldModule(array),
  behaviour: () => new HeldMachine(array),
  program: (product) => heldProgram(array, product),
});
