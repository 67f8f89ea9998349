import { type Constraint, violation } from '../../src/explore/constraint.ts';
import { Front } from '../../src/explore/front.ts';
import { asCost } from '../../src/explore/objective.ts';
import type { Space } from '../../src/explore/space/space.ts';
import { Walker } from '../../src/explore/walk.ts';
import type { Counts, Found } from './messages.ts';
import { Part } from './part.ts';

/** Points between two looks at the clock. */
const STRIDE = 64;
/** Points in a row that a first look takes together: neighbours share most of their work. */
const NEIGHBOURS = 16;
/** Spreads any number of points evenly over a space. */
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** The points of a space that fall to one of several workers: their metrics, and the front of them. */
export class PartWalk {
  readonly space: Space;
  readonly walker: Walker;
  readonly part: Part;
  /** By metric, a number for each own point; NaN for a point without one, and behind `done`. */
  readonly columns: Float64Array[];
  /** Own points that are evaluated: the first so many. */
  done = 0;
  excluded = 0;
  unbuildable = 0;

  constructor(space: Space, of = 1, which = 0) {
    this.space = space;
    this.walker = new Walker(space);
    this.part = new Part(space.size, of, which);
    this.columns = this.walker.metrics.map(() => new Float64Array(this.part.size).fill(Number.NaN));
  }

  get complete(): boolean {
    return this.done === this.part.size;
  }

  /** A first look at points all over the own ones, as many as a moment allows. */
  sample(goOn: () => boolean): { points: Int32Array; values: Float32Array[] } {
    const { walker, part } = this;
    const points: number[] = [];
    const values: number[][] = walker.metrics.map(() => []);
    const rows = Math.ceil(part.size / NEIGHBOURS);
    for (let i = 0; i < rows && goOn(); i++) {
      const from = Math.floor(((i * GOLDEN) % 1) * rows) * NEIGHBOURS;
      for (let own = from; own < Math.min(from + NEIGHBOURS, part.size); own++) {
        const index = part.index(own);
        if (walker.at(index) !== 'evaluated') continue;
        points.push(index);
        for (let k = 0; k < values.length; k++) values[k].push(walker.values[k]);
      }
    }
    return { points: Int32Array.from(points), values: values.map((one) => Float32Array.from(one)) };
  }

  /** Evaluates own points while there are some and `goOn`, which is asked now and then. */
  advance(goOn: () => boolean): void {
    const { walker, part, columns } = this;
    for (const { own, index, length } of part.ranges(this.done, part.size)) {
      for (let i = 0; i < length; i++) {
        if ((own + i) % STRIDE === 0 && !goOn()) return;
        const outcome = walker.at(index + i);
        if (outcome === 'evaluated')
          for (let k = 0; k < columns.length; k++) columns[k][own + i] = walker.values[k];
        else if (outcome === 'excluded') this.excluded++;
        else this.unbuildable++;
        this.done = own + i + 1;
      }
    }
  }

  /** The front of the own points that keep all bounds, once all are evaluated. */
  front(limits: readonly Constraint[]): Pick<Found, 'points' | 'costs' | 'counts'> {
    const { space, part, excluded, unbuildable } = this;
    const { objectives, within } = space.plan;
    const bounds = [...within, ...limits].map((bound) => ({ bound, column: this.#column(bound.metric) }));
    const goals = objectives.map((objective) => this.#column(objective.metric));
    const found = new Front(objectives.length);
    const costs = new Float64Array(objectives.length);
    let inside = 0;
    for (let own = 0; own < part.size; own++) {
      for (let k = 0; k < costs.length; k++) costs[k] = asCost(objectives[k], goals[k][own]);
      if (!costs.every(Number.isFinite)) continue;
      if (bounds.some(({ bound, column }) => violation(bound, column[own]) > 0)) continue;
      inside++;
      found.add(part.index(own), costs);
    }
    const evaluated = part.size - excluded - unbuildable;
    return { ...listed(found), counts: { evaluated, excluded, unbuildable, inside } };
  }

  #column(metric: string): Float64Array {
    return this.columns[this.walker.metrics.findIndex(({ name }) => name === metric)];
  }
}

function listed(front: Front): Pick<Found, 'points' | 'costs'> {
  const points = front.points();
  return {
    points: Int32Array.from(points, ({ id }) => id),
    costs: Float64Array.from(points.flatMap(({ costs }) => costs)),
  };
}

/** The front of all parts. */
export function together(parts: readonly Pick<Found, 'points' | 'costs' | 'counts'>[], objectives: number) {
  const front = new Front(objectives);
  const counts: Counts = { evaluated: 0, excluded: 0, unbuildable: 0, inside: 0 };
  for (const part of parts) {
    part.points.forEach((point, i) => front.add(point, part.costs, i * objectives));
    for (const key of Object.keys(counts) as (keyof Counts)[]) counts[key] += part.counts[key];
  }
  return { front: listed(front).points, counts };
}
