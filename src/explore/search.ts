import { violation } from './constraint.ts';
import type { Value } from './expression.ts';
import { type Dimension, Grid } from './grid.ts';
import { nsga2 } from './nsga2.ts';
import { asCost } from './objective.ts';
import type { Candidate } from './rank.ts';
import type { Space } from './space/space.ts';
import { type Tally, Tallier } from './tally.ts';
import { Walker } from './walk.ts';

/** A point that cannot be compared is beaten by every other. */
const UNFIT = 1e300;

/**
 * Searches a space by NSGA-II where it has too many points to evaluate all. The same seed gives the same search.
 * @param report called with points evaluated, the budget and the size of the front so far
 * @param lossOf mean loss of an arithmetic by a short measurement, where the loss is an objective or bounded: the search
 *   looks for what loses little too, and a race over what it has found decides
 */
export async function search(
  space: Space,
  options: { budget: number; population: number; seed: number },
  report: (done: number, budget: number, front: number) => void = () => {},
  lossOf?: (arithmetic: string) => Promise<number>,
): Promise<Tally> {
  const { plan, blocks } = space;
  const walker = new Walker(space);
  const names = walker.metrics.map(({ name }) => name);
  const tallier = new Tallier(space, names, 0, space.size);
  const columns = plan.objectives.map(({ metric }) => names.indexOf(metric));
  const limits = plan.within.map(({ metric }) => names.indexOf(metric));
  // Designs and the parameters of all of them as one grid; what a design does not have decides nothing.
  const dimensions: Dimension<Value>[] = [
    { name: 'design', values: blocks.map((_, i) => i) },
    ...plan.varied.map(({ name, values }) => ({ name, values })),
  ];
  const grid = new Grid(dimensions);
  const known = new Map<number, { costs: number[]; violation: number }>();
  let done = 0;
  const limit = plan.loss?.limit ?? Infinity;
  const score = async (index: number): Promise<{ costs: number[]; violation: number }> => {
    const before = known.get(index);
    if (before !== undefined) return before;
    const outcome = walker.at(index);
    tallier.add(index, outcome, walker.values, walker.reason, walker.arithmetic);
    const costs = plan.objectives.map((objective, k) => asCost(objective, walker.values[columns[k]]));
    const fit = outcome === 'evaluated' && costs.every(Number.isFinite);
    const broken = fit
      ? plan.within.reduce((sum, one, c) => sum + violation(one, walker.values[limits[c]]), 0)
      : UNFIT;
    const scored = { costs: fit ? costs : costs.map(() => UNFIT), violation: Math.min(broken, UNFIT) };
    if (lossOf !== undefined) {
      const loss = fit ? await lossOf(walker.arithmetic) : UNFIT;
      if (plan.loss?.objective) scored.costs.push(loss);
      if (fit) scored.violation += Math.max(0, loss - limit);
    }
    known.set(index, scored);
    return scored;
  };
  await nsga2(
    grid,
    async (indices) => {
      const found: Candidate[] = [];
      for (const at of indices) {
        const digits = grid.digits(at);
        const block = blocks[digits[0]];
        const own = block.varied.map(
          ({ name }) => digits[1 + plan.varied.findIndex((one) => one.name === name)],
        );
        found.push({ index: at, ...(await score(block.offset + block.grid.index(own))) });
      }
      done += indices.length;
      report(done, options.budget, tallier.frontSize);
      // Progress and signals are served between generations.
      await new Promise((resolve) => setTimeout(resolve, 0));
      return found;
    },
    options,
  );
  return tallier.finish();
}
