import { nodeCount, type Design, RESOURCES, sramBits } from '../../design/design.ts';
import { tileCapacity } from '../../design/mapping/nonlinear.ts';
import type { Environment } from '../../technology/environment.ts';
import {
  type Extent,
  type GemmOperator,
  isSpan,
  type NonlinearOperator,
  total,
} from '../../workload/operator.ts';
import { type Execution, LOAD, portCycles, portsOf, READS, type System, WRITES } from './execution.ts';
import type { OperatorResult } from './operator.ts';
import type { PricedDesign } from '../price.ts';

/**
 * What a schedule makes of operators that run one after another: scores that never leave the chip, and weights that are
 * fetched while the operator before still computes. Traffic is moved, never lost; `assertConservation` adds it up again.
 */
export function schedule(
  results: OperatorResult[],
  priced: PricedDesign,
  system: System,
  { schedule: asked = [] }: Environment,
): void {
  if (asked.includes('fused')) for (const trio of attentions(results)) fuse(trio, priced, system);
  if (asked.includes('prefetch')) prefetch(results, priced.design, system);
  for (const result of results) {
    const { load } = result.work;
    let slowest = 0;
    for (let i = 1; i < load.length; i++) if (load[i] > load[slowest]) slowest = i;
    result.cycles = load[slowest];
    result.bound = RESOURCES[slowest];
  }
}

/** The products of one attention and the softmax between them. */
interface Attention {
  keys: OperatorResult & { operator: GemmOperator };
  softmax: OperatorResult & { operator: NonlinearOperator };
  values: OperatorResult & { operator: GemmOperator };
}

const alike = (a: Extent, b: Extent): boolean =>
  isSpan(a) ? isSpan(b) && a.from === b.from && a.to === b.to : a === b;

/** Products with keys and values whose scores are the elements of a softmax; each belongs to one attention. */
function attentions(results: readonly OperatorResult[]): Attention[] {
  const found: Attention[] = [];
  const taken = new Set<OperatorResult>();
  for (const keys of results) {
    const { operator: q } = keys;
    if (q.kind !== 'gemm' || q.operand !== 'keys') continue;
    const same = (one: OperatorResult): boolean => {
      const { operator: o } = one;
      return !taken.has(one) && o.phase === q.phase && o.layers === q.layers && o.repeat === q.repeat;
    };
    const softmax = results.find(
      (one) =>
        same(one) &&
        one.operator.kind === 'nonlinear' &&
        one.operator.function === 'softmax' &&
        one.operator.rows === q.batch * q.m &&
        alike(one.operator.columns, q.n),
    );
    const values = results.find(
      (one) =>
        same(one) &&
        one.operator.kind === 'gemm' &&
        one.operator.operand === 'values' &&
        one.operator.batch * one.operator.m === q.batch * q.m &&
        alike(one.operator.k, q.n),
    );
    if (softmax === undefined || values === undefined) continue;
    taken.add(softmax).add(values);
    found.push({ keys, softmax, values } as Attention);
  }
  return found;
}

/**
 * The share of the scores that stay on the chip: those of positions at which a tile of rows, as many as the unit has lanes,
 * fits with all its keys in the half of the output SRAM that a tile has. On a mesh rows of softmax lie on other nodes than
 * the products that make them, and nothing is fused.
 */
export function fusedShare(design: Design, { rows, columns }: NonlinearOperator): number {
  if (nodeCount(design) > 1) return 0;
  const most = Math.floor(tileCapacity(design, rows));
  if (!isSpan(columns)) return columns <= most ? 1 : 0;
  const { from, to } = columns;
  if (from > most) return 0;
  return total({ from, to: Math.min(to, most) }) / total(columns);
}

/** Scores go from the product to softmax, and probabilities to the next product, without leaving the chip. */
function fuse({ keys, softmax, values }: Attention, priced: PricedDesign, system: System): void {
  const share = fusedShare(priced.design, softmax.operator);
  if (share === 0) return;
  const left = 1 - share;
  const [scores, middle, products] = [keys.work, softmax.work, values.work];
  const before = [scores, middle].map(({ words }) => outputPort(words, priced));
  scores.kept = { input: 0, output: scores.dram.output * share };
  middle.kept = { input: middle.dram.input * share, output: middle.dram.output * share };
  products.kept = { input: products.dram.input * share, output: 0 };
  // What does not go to DRAM is not read for it, nor written when it comes back. Probabilities are still read, once, on
  // their way to the input SRAM of the product behind.
  scores.words[READS.output] -= scores.drains * share;
  middle.words[WRITES.output] -= middle.fills * share;
  scores.drains *= left;
  middle.fills *= left;
  scores.dram.output *= left;
  middle.dram.input *= left;
  middle.dram.output *= left;
  products.dram.input *= left;
  [scores, middle].forEach((work, i) => {
    const { load } = work;
    const port = LOAD['output-sram'];
    // A preset may count the words of a port in its own way, which stands.
    if (Math.abs(load[port] - before[i]) <= 1e-9 * before[i]) load[port] = outputPort(work.words, priced);
  });
  for (const { dram, load } of [scores, middle, products])
    if (load[LOAD.dram] > 0)
      load[LOAD.dram] = (dram.input + dram.weight + dram.output) / system.dramBitsPerCycle;
}

const outputPort = (words: readonly number[], { accessCycles }: PricedDesign): number =>
  portCycles(portsOf(words)[2], accessCycles.output, 1);

/**
 * An operator's first weights come while the one before it in the list waits for its array, as far as half of the weight
 * SRAM takes them and its DRAM time leaves room. Within an operator loading and computing overlap anyway.
 */
function prefetch(results: readonly OperatorResult[], design: Design, { dramBitsPerCycle }: System): void {
  const room = (sramBits(design.sram.weight) / 2) * nodeCount(design);
  let before: OperatorResult | undefined;
  for (const result of results) {
    const { operator, work } = result;
    const previous = before;
    before = result;
    if (previous === undefined || previous.operator.phase !== operator.phase) continue;
    if (operator.kind !== 'gemm' || operator.operand !== 'weights' || work.load[LOAD.dram] === 0) continue;
    const [times, earlier] = [timesOf(result), timesOf(previous)];
    const pairs = Math.min(times, earlier);
    if (pairs === 0) continue;
    const slack = Math.max(0, busyOf(previous.work) - previous.work.load[LOAD.dram]) / earlier;
    const cycles =
      pairs * Math.min(slack, room / dramBitsPerCycle, work.dram.weight / times / dramBitsPerCycle);
    if (cycles <= 0) continue;
    move(previous.work, work, cycles);
  }
}

const timesOf = ({ operator: { repeat, layers } }: OperatorResult): number => repeat * layers;

/** Cycles of what an operator needs but DRAM. */
const busyOf = ({ load }: Execution): number =>
  load.reduce((most, cycles, i) => (i === LOAD.dram ? most : Math.max(most, cycles)), 0);

function move(from: Execution, to: Execution, cycles: number): void {
  from.load[LOAD.dram] += cycles;
  to.load[LOAD.dram] -= cycles;
  from.prefetch = { lent: (from.prefetch?.lent ?? 0) + cycles, ahead: from.prefetch?.ahead ?? 0 };
  to.prefetch = { lent: to.prefetch?.lent ?? 0, ahead: (to.prefetch?.ahead ?? 0) + cycles };
}
