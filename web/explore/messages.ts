import type { ErrorDetails } from '../../src/errors.ts';
import type { Constraint } from '../../src/explore/constraint.ts';
import type { Plan } from '../../src/explore/space/plan.ts';

/** Points that a page keeps; a larger space is for `mugi explore`. */
export const MOST_POINTS = 2_000_000;

/** What a page asks of its worker. Answers carry the `run` that they belong to. */
export type Asked =
  | { kind: 'space'; run: number; plan: Plan; limits: readonly Constraint[] }
  | { kind: 'file'; run: number; name: string; bytes: ArrayBuffer; limits: readonly Constraint[] }
  | { kind: 'limits'; run: number; limits: readonly Constraint[] };

/** What is known of a space when every point is evaluated. */
export interface Counts {
  evaluated: number;
  excluded: number;
  unbuildable: number;
  /** Points that keep every bound. */
  inside: number;
}

/** Values of some points by metric; NaN for a point that has none. */
export type Told =
  | { kind: 'begun'; run: number; plan: Plan; size: number; metrics: string[] }
  | { kind: 'coarse'; run: number; points: Int32Array; values: Float32Array[] }
  | { kind: 'points'; run: number; from: number; values: Float32Array[] }
  | { kind: 'front'; run: number; front: Int32Array; counts: Counts }
  | { kind: 'failed'; run: number; details: ErrorDetails };
