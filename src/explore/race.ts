import { MugiError } from '../errors.ts';
import { type Estimate, hopeful, type Losses, measuredFront, type MeasuredPoint } from './measured-front.ts';
import { crowding, fronts } from './rank.ts';

/** What a race of arithmetics asks for. */
export interface RaceOptions {
  /** Targets that are scored up to and including each step of a measurement; the last one is the whole of it. */
  targets: readonly number[];
  /** Steps without which there is no interval. */
  least: number;
  /** Targets over all arithmetics, at most. */
  budget?: number;
  /** The loss is an objective, or only bounded. */
  objective: boolean;
  /** Largest loss above the stored model, nats per target, that a design may have. */
  limit?: number;
}

/** Measures some arithmetics over the first steps; what was measured before is not measured again. */
export type Measure = (arithmetics: readonly string[], steps: number) => Promise<Losses>;

/**
 * What became of an arithmetic: it is on the front, it is not, it breaks the bound, it was certainly beaten before the end, or
 * the budget did not reach for it.
 */
export type Standing = 'front' | 'behind' | 'outside' | 'beaten' | 'cut';

export interface RacedArithmetic {
  arithmetic: string;
  standing: Standing;
  /** Points of its own front of exact costs. */
  points: number;
  /** Targets that it was measured on; 0 and no loss where it was cut before. */
  targets: number;
  loss: Estimate | null;
}

export interface Race {
  /** Numbers of the points on the front. */
  front: number[];
  arithmetics: RacedArithmetic[];
  /** Targets scored, all arithmetics together. */
  spent: number;
  /** Steps of the first rung, which every arithmetic ran that the budget did not cut before. */
  first: number;
}

/** Refuses a budget that does not take one arithmetic to the end of a measurement of `whole` targets. */
export function checkBudget(budget: number | undefined, whole: number): void {
  if (budget === undefined || budget >= whole) return;
  throw new MugiError({
    code: 'invalid-value',
    message: `a budget of ${budget} targets does not measure one arithmetic on its ${whole}`,
    path: 'lossBudget',
    expected: `${whole} or more, or a shorter measurement`,
    received: String(budget),
  });
}

/** Rungs: an eighth of the steps, and twice as many each time. */
const SHARE = 8;

/**
 * Successive halving (Jamieson and Talwalkar, 2016) over arithmetics, each of which many points share: all are measured
 * briefly, those drop out that are certainly beaten in the loss by points no worse in anything else (or certainly beyond
 * the bound), the rest is measured twice as long, until those that stay have run the whole length. Only a budget drops
 * what is not certainly beaten: the least promising, whose standing says `cut`.
 * @param points of each arithmetic the front of its exact costs
 * @param report targets scored, and those that are scored if nothing more drops out
 */
export async function race(
  points: readonly MeasuredPoint[],
  measure: Measure,
  options: RaceOptions,
  report: (done: number, total: number) => void = () => {},
): Promise<Race> {
  const { targets, limit = Infinity, objective } = options;
  const steps = rungs(options);
  const whole = targets.at(-1)!;
  checkBudget(options.budget, whole);
  const known = new Map<string, RacedArithmetic>();
  for (const { arithmetic } of points.toSorted((a, b) => (a.arithmetic < b.arithmetic ? -1 : 1))) {
    const one = known.get(arithmetic);
    if (one === undefined)
      known.set(arithmetic, { arithmetic, standing: 'front', points: 1, targets: 0, loss: null });
    else one.points++;
  }
  const drop = (gone: readonly string[], standing: Standing): void => {
    for (const one of gone) known.get(one)!.standing = standing;
  };
  const namesOf = (all: readonly MeasuredPoint[]): Set<string> =>
    new Set(all.map(({ arithmetic }) => arithmetic));
  let running = [...points];
  let losses: Losses | undefined;
  let [spent, before] = [0, 0];
  for (const [rung, step] of steps.entries()) {
    const added = targets[step - 1] - before;
    const left = (options.budget ?? Infinity) - spent;
    // The last arithmetic runs to the end in any case.
    const reserved = whole - targets[step - 1];
    const affordable = Math.max(1, Math.floor((left - reserved) / (steps.length - rung) / added));
    const cut = leastPromising(running, affordable, losses);
    drop(cut, 'cut');
    running = running.filter(({ arithmetic }) => !cut.includes(arithmetic));
    const names = [...namesOf(running)].sort();
    report(spent, spent + names.length * (whole - before));
    losses = await measure(names, step);
    spent += names.length * added;
    before = targets[step - 1];
    for (const name of names) Object.assign(known.get(name)!, { targets: before, loss: losses.of(name) });
    const last = rung === steps.length - 1;
    const outside = names.filter((name) => beyond(losses!.of(name), limit, last));
    drop(outside, 'outside');
    running = running.filter(({ arithmetic }) => !outside.includes(arithmetic));
    if (last || !objective) continue;
    const hoped = namesOf(hopeful(running, losses));
    drop(
      names.filter((name) => !hoped.has(name) && !outside.includes(name)),
      'beaten',
    );
    running = running.filter(({ arithmetic }) => hoped.has(arithmetic));
    if (running.length === 0) break;
  }
  report(spent, spent);
  // Without the loss as an objective, all arithmetics that keep the bound are alike.
  const judged: Losses = objective && losses !== undefined ? losses : ALIKE;
  const front = measuredFront(running, judged);
  const shown = namesOf(front);
  for (const one of known.values())
    if (one.standing === 'front' && !shown.has(one.arithmetic)) one.standing = 'behind';
  return {
    front: front.map(({ index }) => index),
    arithmetics: [...known.values()],
    spent,
    first: steps[0],
  };
}

const ALIKE: Losses = {
  of: () => ({ mean: 0, ci95: 0 }),
  difference: () => ({ mean: 0, ci95: 0 }),
};

/** Beyond a bound: certainly so on the way, and at the end where the whole interval does not keep it. */
const beyond = ({ mean, ci95 }: Estimate, limit: number, last: boolean): boolean =>
  last ? !(mean + ci95 <= limit) : mean - ci95 > limit;

function rungs({ targets, least }: RaceOptions): number[] {
  const all = targets.length;
  if (!(least >= 1 && all >= least)) throw new RangeError(`${all} steps are fewer than ${least}`);
  const steps: number[] = [];
  for (let step = Math.max(least, Math.ceil(all / SHARE)); step < all; step *= 2) steps.push(step);
  return [...steps, all];
}

/**
 * All but `count` arithmetics, those first whose best point lies furthest back: by fronts of exact costs and mean loss (as far
 * as it is known), then by crowding.
 */
function leastPromising(
  points: readonly MeasuredPoint[],
  count: number,
  losses: Losses | undefined,
): string[] {
  const names = new Set(points.map(({ arithmetic }) => arithmetic));
  if (names.size <= count) return [];
  const candidates = points.map(({ index, costs, arithmetic }) => ({
    index,
    costs: losses === undefined ? costs : [...costs, losses.of(arithmetic).mean],
    violation: 0,
  }));
  const best = new Map<string, { level: number; gap: number }>();
  for (const [level, front] of fronts(candidates).entries())
    for (const [i, gap] of crowding(candidates, front)) {
      const { arithmetic } = points[i];
      const known = best.get(arithmetic);
      if (known === undefined) best.set(arithmetic, { level, gap });
      else if (known.level === level) known.gap = Math.max(known.gap, gap);
    }
  return [...best]
    .sort(([a, x], [b, y]) => x.level - y.level || descending(x.gap, y.gap) || (a < b ? -1 : 1))
    .slice(count)
    .map(([arithmetic]) => arithmetic);
}

/** Infinite gaps are equal. */
const descending = (a: number, b: number): number => (a === b ? 0 : b - a);
