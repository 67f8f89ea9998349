import type { Attributes } from '../technology/technology.ts';
import type { Activation, Component, ComponentGroup, Sram } from './design.ts';

export interface Mesh {
  rows: number;
  columns: number;
}

/** A line of a bill of materials. */
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

/** The narrowest SRAM word of at least `bits`: cost tables hold powers of two. */
export const sramWord = (bits: number): number => 2 ** Math.ceil(Math.log2(bits));

/** An SRAM of `kibibytes` in four banks with words of `wordBits`. */
export const sram = (kibibytes: number, wordBits: number): Sram => ({
  wordBits,
  depthPerBank: (kibibytes * 1024 * 8) / (4 * wordBits),
});
