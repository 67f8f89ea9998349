import { dominates, type Interval } from './measured-front.ts';
import { select } from './rank.ts';

/** A design in a race: costs that are known exactly, and one (a loss, less is better) that is measured at length. */
export interface Racer {
  id: number;
  costs: readonly number[];
}

export interface Rung {
  /** Length of the measurements of this rung, tokens say. */
  length: number;
  measured: { id: number; mean: number; interval: Interval }[];
  /** Ids that another racer certainly beats: their intervals do not meet. */
  beaten: number[];
  /** Ids dropped although nothing beats them for certain: the best share went on, these did not. */
  cut: number[];
}

export interface HalvingOptions {
  /** First length, and the last one, which the survivors reach. */
  from: number;
  to: number;
  /** Each rung measures `factor` times longer and keeps one in `factor` at most. */
  factor: number;
}

/**
 * Successive halving (Jamieson and Talwalkar, 2016) for measurements that sharpen with length: all racers are measured
 * briefly, those that another one certainly dominates drop out, of the rest the best share is measured longer, until
 * the survivors have run the whole length. What was dropped without certainty is named in each rung (`cut`).
 * @param measure means and 95 % intervals of racers at a length, in the order of the racers
 */
export async function successiveHalving(
  racers: readonly Racer[],
  measure: (
    racers: readonly Racer[],
    length: number,
  ) => Promise<readonly { mean: number; interval: Interval }[]>,
  { from, to, factor }: HalvingOptions,
): Promise<{ survivors: Rung['measured']; rungs: Rung[] }> {
  if (!(from >= 1 && to >= from && factor > 1))
    throw new RangeError(`a race needs 1 ≤ from ≤ to and a factor above 1, got ${from}, ${to}, ${factor}`);
  const rungs: Rung[] = [];
  let running = [...racers];
  let length = from;
  for (;;) {
    const results = await measure(running, length);
    const measured = running.map(({ id }, i) => ({ id, ...results[i]! }));
    const last = length >= to;
    const isBeaten = running.map(({ costs }, i) =>
      running.some((other, j) => dominates(other.costs, measured[j]!.interval, costs, measured[i]!.interval)),
    );
    const left = [...running.keys()].filter((i) => !isBeaten[i]);
    const quota = Math.max(1, Math.ceil(running.length / factor));
    const kept =
      last || left.length <= quota
        ? left
        : select(
            left.map((i) => ({
              index: i,
              costs: [...running[i]!.costs, measured[i]!.mean],
              violation: 0,
            })),
            quota,
          )
            .map((i) => left[i]!)
            .sort((a, b) => a - b);
    const stays = new Set(kept);
    rungs.push({
      length,
      measured,
      beaten: measured.filter((_, i) => isBeaten[i]).map(({ id }) => id),
      cut: left.filter((i) => !stays.has(i)).map((i) => running[i]!.id),
    });
    if (last) return { survivors: kept.map((i) => measured[i]!), rungs };
    running = kept.map((i) => running[i]!);
    // One that is left alone has no rival to be told from: it runs the whole length at once.
    length = running.length === 1 ? to : Math.min(to, Math.ceil(length * factor));
  }
}
