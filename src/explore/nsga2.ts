import { random } from '../number/random.ts';
import type { Grid } from './grid.ts';
import { type Candidate, crowding, fronts, select } from './rank.ts';

export interface SearchOptions {
  /** Points evaluated at most, repetitions not counted. */
  budget: number;
  /** Points of a generation. */
  population: number;
  seed: number;
}

/**
 * NSGA-II (Deb, Pratap, Agarwal, Meyarivan, 2002) on the positions of a grid: for spaces whose points cost seconds, so
 * that not all of them can be evaluated. Children take each position from either parent; a mutated position moves to a
 * neighbouring value or, one time in five, to any. A point is evaluated once, however often it comes up. The same seed
 * gives the same search.
 * @param evaluate costs and violation of points by index; called with each index once, a generation at a time
 * @returns every point evaluated, in the order of evaluation
 */
export async function nsga2(
  grid: Grid,
  evaluate: (indices: readonly number[]) => Promise<readonly Candidate[]>,
  { budget, population, seed }: SearchOptions,
): Promise<Candidate[]> {
  const next = random(seed);
  const below = (count: number): number => Math.floor(next() * count);
  const known = new Map<number, Candidate>();
  const most = Math.min(budget, grid.size);
  const size = Math.max(2, Math.min(population, most));

  async function evaluated(indices: Iterable<number>): Promise<Candidate[]> {
    const wanted = [...indices];
    const fresh = [...new Set(wanted)].filter((index) => !known.has(index)).slice(0, most - known.size);
    if (fresh.length > 0)
      for (const candidate of await evaluate(fresh)) known.set(candidate.index, candidate);
    return wanted.flatMap((index) => known.get(index) ?? []);
  }

  const first = new Set<number>();
  while (first.size < size) first.add(below(grid.size));
  let parents = await evaluated(first);
  // Where most children are known already, new points are drawn at random: the search ends by its budget.
  while (known.size < most) {
    const tournament = judge(parents, below);
    const children = new Set<number>();
    for (let tries = 0; children.size < size && tries < 20 * size; tries++) {
      const child = mutate(grid, cross(grid, tournament(), tournament(), next), next, below);
      if (!known.has(child)) children.add(child);
    }
    while (children.size < Math.min(size, most - known.size)) {
      const index = below(grid.size);
      if (!known.has(index)) children.add(index);
    }
    const all = [...parents, ...(await evaluated(children))];
    parents = select(all, size).map((i) => all[i]!);
  }
  return [...known.values()];
}

/** Binary tournaments: of two members the one of the better front wins, then the less crowded. */
function judge(parents: readonly Candidate[], below: (count: number) => number): () => number {
  const rank = new Map<number, number>();
  const distance = new Map<number, number>();
  fronts(parents).forEach((front, level) => {
    for (const i of front) rank.set(i, level);
    for (const [i, gap] of crowding(parents, front)) distance.set(i, gap);
  });
  return () => {
    const [a, b] = [below(parents.length), below(parents.length)];
    const better = rank.get(a)! - rank.get(b)! || distance.get(b)! - distance.get(a)!;
    return parents[better <= 0 ? a : b]!.index;
  };
}

function cross(grid: Grid, a: number, b: number, next: () => number): Int32Array {
  const [from, other] = [grid.digits(a), grid.digits(b)];
  for (let i = 0; i < from.length; i++) if (next() < 0.5) from[i] = other[i]!;
  return from;
}

function mutate(
  grid: Grid,
  digits: Int32Array,
  next: () => number,
  below: (count: number) => number,
): number {
  const rate = 1 / digits.length;
  for (let i = 0; i < digits.length; i++) {
    if (next() >= rate) continue;
    const count = grid.dimensions[i]!.values.length;
    const step = next() < 0.5 ? -1 : 1;
    digits[i] = next() < 0.2 ? below(count) : Math.min(count - 1, Math.max(0, digits[i]! + step));
  }
  return grid.index(digits);
}
