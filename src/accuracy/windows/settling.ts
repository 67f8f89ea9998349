import type { Calibration } from './histogram.ts';
import { type WindowEntry, windowFor } from './window-file.ts';
import { candidateCosts, candidateOf } from './window-search.ts';

/** Costs of every candidate window, summed over all inputs read. */
interface WindowCosts {
  /** [layer][head][candidate] */
  softmax: number[][][];
  /** [layer][candidate] */
  activation: number[][];
}

/** What a look at a calibration saw. */
export interface Look {
  windows: WindowEntry[];
  costs: WindowCosts;
}

export const lookAt = (
  { softmax, activation }: Calibration,
  lutSize: number,
  windows: WindowEntry[],
): Look => ({
  windows,
  costs: {
    softmax: softmax.map((heads) => heads.map((histogram) => candidateCosts(histogram, lutSize))),
    activation: activation.map((histogram) => candidateCosts(histogram, lutSize)),
  },
});

/** How a calibration settled: with the same windows as of half as much, or with as good ones. */
export type Settled = 'same' | 'near';

/** Error that windows of half as much may cost more than the best, on what was read since. */
const REGRET = 1e-3;

/** Whether a look, twice as far, leaves the choice where the one before had it. */
export function settledBy(earlier: Look, now: Look, activation: string): Settled | undefined {
  if (JSON.stringify(earlier.windows) === JSON.stringify(now.windows)) return 'same';
  return ['softmax', activation].every((name) => regret(name, earlier, now) <= REGRET) ? 'near' : undefined;
}

/**
 * Share by which the windows of an earlier look cost more, of one function in all its places and on what was read since, than
 * those that are best of all that was read.
 */
export function regret(name: string, earlier: Look, now: Look): number {
  const [had, best] = [earlier, now].map(({ windows }) => costSince(name, windows, earlier.costs, now.costs));
  return had <= best ? 0 : had / best - 1;
}

function costSince(
  name: string,
  windows: readonly WindowEntry[],
  before: WindowCosts,
  all: WindowCosts,
): number {
  const since = (was: readonly number[], is: readonly number[], layer: number, head?: number): number => {
    const at = candidateOf(windowFor(windows, name, layer, head)!);
    return is[at] - was[at];
  };
  const costs =
    name === 'softmax'
      ? all.softmax.flatMap((heads, layer) =>
          heads.map((costs, head) => since(before.softmax[layer][head], costs, layer, head)),
        )
      : all.activation.map((costs, layer) => since(before.activation[layer], costs, layer));
  return costs.reduce((sum, cost) => sum + cost, 0);
}
