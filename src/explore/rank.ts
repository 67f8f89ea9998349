import { relate } from './front.ts';

/** A point of a search: its costs (less is better) and by how much it breaks the constraints (0: it keeps them). */
export interface Candidate {
  index: number;
  costs: readonly number[];
  violation: number;
}

/**
 * Constrained domination (Deb et al., NSGA-II, 2002, §VI): a point that keeps the constraints beats one that does not,
 * of two that break them the lesser violation wins, and among points that keep them the costs decide.
 */
export function beats(a: Candidate, b: Candidate): boolean {
  if (a.violation !== b.violation) return a.violation < b.violation;
  return a.violation === 0 && relate(a.costs, 0, b.costs, 0, a.costs.length) === 'dominates';
}

/** Positions of candidates by front: those that nothing beats, then those that only the former beat, and so on. */
export function fronts(candidates: readonly Candidate[]): number[][] {
  const beaten = candidates.map((): number[] => []);
  const left = candidates.map(() => 0);
  for (let i = 0; i < candidates.length; i++)
    for (let j = i + 1; j < candidates.length; j++) {
      if (beats(candidates[i]!, candidates[j]!)) {
        beaten[i]!.push(j);
        left[j]!++;
      } else if (beats(candidates[j]!, candidates[i]!)) {
        beaten[j]!.push(i);
        left[i]!++;
      }
    }
  const found: number[][] = [];
  let front = [...left.keys()].filter((i) => left[i] === 0);
  while (front.length > 0) {
    found.push(front);
    const next: number[] = [];
    for (const i of front) for (const j of beaten[i]!) if (--left[j]! === 0) next.push(j);
    front = next.sort((a, b) => a - b);
  }
  return found;
}

/**
 * Crowding distance of the members of one front (NSGA-II, §III-B): the sum over costs of the gap between both
 * neighbours, as a share of the front's span. Ends are infinitely far: they are kept.
 */
export function crowding(candidates: readonly Candidate[], front: readonly number[]): Map<number, number> {
  const distance = new Map(front.map((i) => [i, 0]));
  const width = candidates[front[0]!]!.costs.length;
  for (let k = 0; k < width; k++) {
    const cost = (i: number): number => candidates[i]!.costs[k]!;
    const sorted = [...front].sort((a, b) => cost(a) - cost(b) || a - b);
    const [first, last] = [sorted[0]!, sorted.at(-1)!];
    distance.set(first, Infinity);
    distance.set(last, Infinity);
    const span = cost(last) - cost(first);
    if (!(span > 0) || span === Infinity) continue;
    for (let i = 1; i < sorted.length - 1; i++) {
      const gap = (cost(sorted[i + 1]!) - cost(sorted[i - 1]!)) / span;
      distance.set(sorted[i]!, distance.get(sorted[i]!)! + gap);
    }
  }
  return distance;
}

/** The best `count` candidates: whole fronts first, then of the front that does not fit the least crowded. */
export function select(candidates: readonly Candidate[], count: number): number[] {
  const chosen: number[] = [];
  for (const front of fronts(candidates)) {
    if (chosen.length + front.length <= count) {
      chosen.push(...front);
      continue;
    }
    const distance = crowding(candidates, front);
    chosen.push(
      ...[...front]
        .sort((a, b) => distance.get(b)! - distance.get(a)! || a - b)
        .slice(0, count - chosen.length),
    );
    break;
  }
  return chosen;
}
