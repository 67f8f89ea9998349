import type { Attributes } from '../technology/technology.ts';

/**
 * Inventories as the authors' artifact counts them: parts by the classes of its cost table, and what each event switches. They
 * are facts of others, typed; what our machines are made of is counted from their descriptions (`hardware/inventory.ts`).
 */
export interface Inventory {
  components: readonly Component[];
  /** Activations by event. */
  events: Readonly<Record<string, readonly Activation[]>>;
}

/** Stacks of Fig. 13, node level, and the multiplexers that it leaves out. */
export const COMPONENT_GROUPS = [
  'accumulator',
  'fifo',
  'pe',
  'nonlinear',
  'vector',
  'tc',
  'value_reuse',
  'control',
] as const;
export type ComponentGroup = (typeof COMPONENT_GROUPS)[number];

/** Parts of one kind in one node. */
export interface Component {
  name: string;
  /** Logic class of the technology's cost table. */
  class: string;
  attributes: Attributes;
  count: number;
  group: ComponentGroup;
}

/** `count` activations of a component each time an event occurs. */
export interface Activation {
  component: string;
  count: number;
}

/** A line of an inventory. */
export function part(
  name: string,
  className: string,
  count: number,
  group: ComponentGroup,
  attributes: Attributes = {},
): Component {
  return { name, class: className, attributes, count, group };
}

export const register = (name: string, count: number, width: number, group: ComponentGroup): Component =>
  part(name, 'register', count, group, { width });

export const fifo = (name: string, count: number, width: number, depth: number): Component =>
  part(name, 'fifo', count, 'fifo', { width, depth });

/** `{ adder: 4, ofifo: 4 }` as activations; zero counts drop out. */
export const fires = (counts: Record<string, number>): Activation[] =>
  Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([component, count]) => ({ component, count }));
