import type { ErrorDetails } from '../../src/errors.ts';
import type { Constraint } from '../../src/explore/constraint.ts';
import type { Plan } from '../../src/explore/space/plan.ts';

/** Points that a page keeps; a larger space is for `mugi explore`. */
export const MOST_POINTS = 2_000_000;

/** What a page asks of its worker. Answers carry the `run` that they belong to. */
export type Asked =
  | { kind: 'space'; run: number; plan: Plan; limits: readonly Constraint[] }
  | { kind: 'file'; run: number; name: string; bytes: ArrayBuffer; limits: readonly Constraint[] }
  | { kind: 'limits'; run: number; limits: readonly Constraint[] }
  /** Asks a second worker for the points from `from` on. */
  | { kind: 'help'; run: number; plan: Plan; from: number }
  /** Brings the first worker what the second one found. */
  | ({ kind: 'helped' } & Points);

/** Values of points that follow each other, by metric, and how many of them have none. */
export interface Points {
  run: number;
  from: number;
  values: Float32Array[];
  excluded: number;
  unbuildable: number;
}

/** Points from which on a second worker helps: below, starting it takes longer. */
export const HELP_FROM = 20_000;
/** Where the second worker begins in a space. */
export const half = (size: number): number => Math.floor(size / 2);

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
  /** `halved`: the points from the middle on are left to a second worker. */
  | { kind: 'begun'; run: number; plan: Plan; size: number; metrics: string[]; halved: boolean }
  | { kind: 'coarse'; run: number; points: Int32Array; values: Float32Array[] }
  | ({ kind: 'points' } & Points)
  | { kind: 'front'; run: number; front: Int32Array; counts: Counts }
  | { kind: 'failed'; run: number; details: ErrorDetails };
