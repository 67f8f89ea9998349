import type { ErrorDetails } from '../../src/errors.ts';
import type { Constraint } from '../../src/explore/constraint.ts';
import type { Plan } from '../../src/explore/space/plan.ts';

/** Points that a page keeps; a larger space is for `mugi explore`. */
export const MOST_POINTS = 2_000_000;

/** Which of several workers is asked, of how many. */
export interface Share {
  of: number;
  which: number;
}

/** What the front is asked under; `asked` rises with every change of the limits. */
interface Limited {
  limits: readonly Constraint[];
  asked: number;
}

/** What a page asks of its workers. Answers carry the `run` that they belong to. */
export type Asked =
  | ({ kind: 'space'; run: number; plan: Plan } & Share & Limited)
  | ({ kind: 'file'; run: number; name: string; bytes: ArrayBuffer } & Limited)
  | ({ kind: 'limits'; run: number } & Limited)
  /** Brings the first worker the front that another one found. */
  | ({ kind: 'found' } & Found);

/** What is known of points when every one is evaluated. */
export interface Counts {
  evaluated: number;
  excluded: number;
  unbuildable: number;
  /** Points that keep every bound. */
  inside: number;
}

/** The front of the points of one worker. */
export interface Found {
  run: number;
  which: number;
  asked: number;
  points: Int32Array;
  /** Of each point, as many as there are objectives. */
  costs: Float64Array;
  counts: Counts;
}

/** Values of some points by metric; NaN for a point that has none. */
export type Told =
  | { kind: 'begun'; run: number; plan: Plan; size: number; metrics: string[] }
  | { kind: 'coarse'; run: number; points: Int32Array; values: Float32Array[] }
  /** Points of a worker that follow each other, by its own numbers, the first of which is `from`. */
  | ({ kind: 'points'; run: number; from: number; values: Float32Array[] } & Share)
  | ({ kind: 'found' } & Found)
  | { kind: 'front'; run: number; front: Int32Array; counts: Counts }
  | { kind: 'failed'; run: number; details: ErrorDetails };
