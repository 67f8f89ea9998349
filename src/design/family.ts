import { SWITCH_NAMES } from '../vlp/switches.ts';
import type { Design } from './design.ts';
import type { Sides } from './mac-array.ts';
import type { OwnArithmetic } from './own-arithmetic.ts';
import type { Mesh } from './parts.ts';
import type { SystolicOptions } from './systolic.ts';
import type { OwnVector } from './vector-unit.ts';

/** What a design file may change of a design of its `base` family, beside mesh and SRAM. */
export interface Variant extends OwnArithmetic, OwnVector {
  dataflow?: SystolicOptions['dataflow'];
  lut?: boolean;
}

/** Every key of a variant, in the order in which errors and spaces list them. */
export const VARIANT_KEYS = [
  'dataflow',
  'method',
  'vector_lanes',
  'lut',
  'lut_exponents',
  'row_sum',
  'chain',
  'group',
  ...SWITCH_NAMES,
] as const satisfies readonly (keyof Variant)[];

/** Sizes that a design file may ask for: whole multiples of `step`. */
export interface SizeRange {
  /** What the family calls its size. */
  key: 'height' | 'size';
  min: number;
  max: number;
  step: number;
}

/** A family of designs: the sizes that its name may hold, and how one is built. */
export interface Family {
  /** `mugi-{size}`; no `{size}` for a single design. */
  pattern: string;
  title: string;
  sizes: readonly number[];
  build(size: number, nodes: Mesh, variant?: Variant): Design;
  /** An array that is no square, named `8x32`: lanes of activations × lanes of weights. */
  rectangle?(sides: Sides, nodes: Mesh, variant?: Variant): Design;
  /** Lanes of activations that a rectangle may have, where not all do. */
  columns?: readonly number[];
  /** Sizes beyond the built-in ones, for design files; absent when the size is fixed. */
  range?: SizeRange;
  /** Keys of a variant that mean something here. */
  varies?: readonly (keyof Variant)[];
}
