import { violation } from './constraint.ts';
import { byName, Fronts, type FrontTally, type Scored } from './fronts.ts';
import { addCounts, type ArithmeticCounts } from './loss-effects.ts';
import { asCost, type Objective } from './objective.ts';
import type { Space } from './space/space.ts';
import type { Outcome } from './walk.ts';

/** Points of each objective that are kept beside the front. */
const BEST = 10;
/** Samples of a space, about. */
const SAMPLES = 2000;
/** Steps of a histogram between a value and its double. */
const STEPS = 8;
/** Reasons that are told apart; further ones are counted together. */
const REASONS = 200;

export type { Scored };

/** What one value of a parameter does to an objective, over the points that keep all constraints. */
export interface Effect {
  count: number;
  sum: number;
  /** The best of them, as a cost; null without any. */
  best: number | null;
}

/**
 * What is known of a range of points. Plain data, so that it can cross threads and lie in files; two of ranges that
 * follow one another add up to that of both, so that a result depends on the ranges and on nothing else.
 */
export interface Tally extends FrontTally {
  from: number;
  to: number;
  evaluated: number;
  /** Left out by conditions on parameters: no points of the space. */
  excluded: number;
  unbuildable: number;
  /** Without a number for some objective, or an infinite one: no better or worse than any other. */
  undefined: number;
  /** Evaluated, and breaking some constraint. */
  outside: number;
  reasons: [string, number][];
  /** By constraint: points that break it, and those that break it alone. */
  broken: { count: number; alone: number }[];
  best: Scored[][];
  /** The point that breaks the constraints least, where it breaks any. */
  nearest: { index: number; violation: number } | null;
  samples: Scored[];
  /** By objective: points by the eighth of a doubling that the value lies in. */
  histograms: [number, number][][];
  /** By block, parameter, value and objective. */
  effects: Effect[][][][];
  /** Where the loss is asked for: what the loss of each arithmetic will weigh. */
  computing?: ArithmeticCounts;
}

/** Counts points as they are evaluated, in the order of their numbers. */
export class Tallier {
  readonly #space: Space;
  readonly #objectives: readonly Objective[];
  readonly #columns: readonly number[];
  readonly #limits: readonly number[];
  readonly #fronts: Fronts;
  readonly #reasons = new Map<string, number>();
  readonly #histograms: Map<number, number>[];
  readonly #tally: Tally;
  readonly #costs: Float64Array;
  #digits = new Int32Array(0);
  readonly #computing: Map<string, number[][][]> | undefined;

  /** @param metrics names of the metrics that `add` is given, in their order */
  constructor(space: Space, metrics: readonly string[], from: number, to: number) {
    const { objectives, within } = space.plan;
    this.#space = space;
    this.#objectives = objectives;
    this.#columns = objectives.map(({ metric }) => metrics.indexOf(metric));
    this.#limits = within.map(({ metric }) => metrics.indexOf(metric));
    this.#fronts = new Fronts(objectives.length, space.plan.loss !== undefined);
    this.#histograms = objectives.map(() => new Map());
    this.#costs = new Float64Array(objectives.length);
    this.#computing = space.plan.loss === undefined ? undefined : new Map();
    this.#tally = {
      from,
      to,
      evaluated: 0,
      excluded: 0,
      unbuildable: 0,
      undefined: 0,
      outside: 0,
      reasons: [],
      broken: within.map(() => ({ count: 0, alone: 0 })),
      front: [],
      best: objectives.map(() => []),
      nearest: null,
      samples: [],
      histograms: [],
      effects: space.blocks.map(({ varied }) =>
        varied.map(({ values }) =>
          values.map(() => objectives.map(() => ({ count: 0, sum: 0, best: null }))),
        ),
      ),
    };
  }

  get frontSize(): number {
    return this.#fronts.size;
  }

  /** Counts a point; true where it keeps all constraints and has all objectives. */
  add(index: number, outcome: Outcome, values: Float64Array, reason: string, arithmetic?: string): boolean {
    const tally = this.#tally;
    if (outcome === 'excluded') {
      tally.excluded++;
      return false;
    }
    if (outcome === 'unbuildable') {
      tally.unbuildable++;
      const known = this.#reasons.has(reason) || this.#reasons.size < REASONS ? reason : 'other reasons';
      this.#reasons.set(known, (this.#reasons.get(known) ?? 0) + 1);
      return false;
    }
    tally.evaluated++;
    const far = this.#breaks(index, values);
    if (far > 0) {
      tally.outside++;
      return false;
    }
    const costs = this.#costs;
    for (let k = 0; k < costs.length; k++) {
      costs[k] = asCost(this.#objectives[k], values[this.#columns[k]]);
      if (Number.isFinite(costs[k])) continue;
      tally.undefined++;
      return false;
    }
    this.#fronts.add(index, costs, arithmetic);
    this.#weigh(index, costs, arithmetic);
    return true;
  }

  /** By how much a point breaks the constraints; the nearest of those that do is kept. */
  #breaks(index: number, values: Float64Array): number {
    const { within } = this.#space.plan;
    let far = 0;
    let broken = 0;
    let last = -1;
    for (let c = 0; c < within.length; c++) {
      const by = violation(within[c], values[this.#limits[c]]);
      if (by === 0) continue;
      far += by;
      broken++;
      last = c;
      this.#tally.broken[c].count++;
    }
    if (broken === 0) return 0;
    if (broken === 1) this.#tally.broken[last].alone++;
    const { nearest } = this.#tally;
    if (nearest === null || far < nearest.violation) this.#tally.nearest = { index, violation: far };
    return far;
  }

  #weigh(index: number, costs: Float64Array, arithmetic = ''): void {
    const { best, effects, samples } = this.#tally;
    const at = this.#space.blocks.length === 1 ? 0 : this.#space.blocks.indexOf(this.#space.blockOf(index));
    const block = this.#space.blocks[at];
    if (this.#digits.length !== block.varied.length) this.#digits = new Int32Array(block.varied.length);
    block.grid.digits(index - block.offset, this.#digits);
    if (this.#computing !== undefined) this.#compute(at, arithmetic);
    for (let k = 0; k < costs.length; k++) {
      const cost = costs[k];
      const top = best[k];
      if (top.length < BEST || cost < top[top.length - 1].costs[k])
        insert(top, { index, costs: [...costs] }, k);
      const bin = binOf(cost);
      const histogram = this.#histograms[k];
      histogram.set(bin, (histogram.get(bin) ?? 0) + 1);
      for (let p = 0; p < this.#digits.length; p++) {
        const effect = effects[at][p][this.#digits[p]][k];
        effect.count++;
        effect.sum += cost;
        if (effect.best === null || cost < effect.best) effect.best = cost;
      }
    }
    if (sampled(index, this.#space.size)) samples.push({ index, costs: [...costs] });
  }

  /** Counts a point of a block under each of its values. */
  #compute(block: number, arithmetic: string): void {
    let counts = this.#computing!.get(arithmetic);
    if (counts === undefined) {
      counts = this.#space.blocks.map(({ varied }) => varied.map(({ values }) => values.map(() => 0)));
      this.#computing!.set(arithmetic, counts);
    }
    for (let p = 0; p < this.#digits.length; p++) counts[block][p][this.#digits[p]]++;
  }

  finish(): Tally {
    Object.assign(this.#tally, this.#fronts.tallied());
    this.#tally.reasons = [...this.#reasons].sort(byName);
    this.#tally.histograms = this.#histograms.map((bins) => [...bins].sort((a, b) => a[0] - b[0]));
    if (this.#computing !== undefined) this.#tally.computing = addCounts([], [...this.#computing]);
    return this.#tally;
  }
}

/** The bin of a value: eighths of a doubling of its size; 0 apart. */
const binOf = (cost: number): number => (cost === 0 ? 1e6 : Math.floor(Math.log2(Math.abs(cost)) * STEPS));

/** Whether a point is one of the samples: decided by its number alone, spread over the space without a rhythm. */
export const sampled = (index: number, size: number): boolean =>
  (Math.imul((index % 2 ** 32) ^ Math.floor(index / 2 ** 32), 0x9e3779b1) >>> 0) * size < SAMPLES * 2 ** 32;

function insert(top: Scored[], scored: Scored, by: number): void {
  let at = top.length;
  while (at > 0 && scored.costs[by] < top[at - 1].costs[by]) at--;
  top.splice(at, 0, scored);
  if (top.length > BEST) top.pop();
}

/** The tally of both ranges; the second begins where the first ends. */
export function together(a: Tally, b: Tally): Tally {
  if (a.to !== b.from)
    throw new RangeError(`a range that ends at ${a.to} is not followed by one from ${b.from}`);
  const fronts = new Fronts(a.best.length, a.arithmetics !== undefined);
  for (const { index, costs, arithmetic } of [...a.front, ...b.front])
    fronts.add(index, costs, arithmetic, 0);
  for (const [arithmetic, count] of [...(a.arithmetics ?? []), ...(b.arithmetics ?? [])])
    fronts.count(arithmetic, count);
  const sum = (x: [string, number][], y: [string, number][]): [string, number][] => {
    const counts = new Map(x);
    for (const [name, count] of y) counts.set(name, (counts.get(name) ?? 0) + count);
    return [...counts].sort(byName);
  };
  const closer = a.nearest === null || (b.nearest !== null && b.nearest.violation < a.nearest.violation);
  return {
    from: a.from,
    to: b.to,
    evaluated: a.evaluated + b.evaluated,
    excluded: a.excluded + b.excluded,
    unbuildable: a.unbuildable + b.unbuildable,
    undefined: a.undefined + b.undefined,
    outside: a.outside + b.outside,
    reasons: sum(a.reasons, b.reasons),
    broken: a.broken.map(({ count, alone }, c) => ({
      count: count + b.broken[c].count,
      alone: alone + b.broken[c].alone,
    })),
    ...fronts.tallied(),
    best: a.best.map((top, k) => {
      const all = [...top];
      for (const scored of b.best[k]) insert(all, scored, k);
      return all;
    }),
    nearest: closer ? b.nearest : a.nearest,
    samples: [...a.samples, ...b.samples],
    histograms: a.histograms.map((bins, k) => {
      const counts = new Map(bins);
      for (const [bin, count] of b.histograms[k]) counts.set(bin, (counts.get(bin) ?? 0) + count);
      return [...counts].sort((x, y) => x[0] - y[0]);
    }),
    ...(a.computing === undefined ? {} : { computing: addCounts(a.computing, b.computing ?? []) }),
    effects: a.effects.map((block, i) =>
      block.map((values, p) =>
        values.map((objectives, v) =>
          objectives.map((effect, k) => {
            const other = b.effects[i][p][v][k];
            return {
              count: effect.count + other.count,
              sum: effect.sum + other.sum,
              best: lower(effect.best, other.best),
            };
          }),
        ),
      ),
    ),
  };
}

const lower = (a: number | null, b: number | null): number | null =>
  a === null ? b : b === null ? a : Math.min(a, b);
