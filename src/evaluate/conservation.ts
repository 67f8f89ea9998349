import { peakMacs } from '../design/design.ts';
import { GEMM_COUNTS } from '../design/mapping/counts.ts';
import { scaleBitsWritten } from '../design/mapping/scales.ts';
import { slicesOf } from '../design/mapping/slices.ts';
import { MugiError } from '../errors.ts';
import { GROUPS } from '../workload/operator.ts';
import type { Evaluation, OperatorEvaluation } from './evaluation.ts';
import { type Execution, type MeshUse, READS, WRITES } from './execute/execution.ts';
import { leastWork } from './least-work.ts';
import type { PricedDesign } from './price.ts';
import type { Share } from './share.ts';

const PRECISION = 1e-9;
const MAPPINGS = GEMM_COUNTS.indexOf('mappings');
const close = (a: number, b: number): boolean =>
  Math.abs(a - b) <= PRECISION * Math.max(Math.abs(a), Math.abs(b), 1e-30);
const atLeast = (a: number, b: number): boolean => a >= b * (1 - PRECISION);

/**
 * What must hold whatever the design and workload. Checked in every evaluation, against what operators need by their
 * sizes alone (`leastWork`): the array issues their MACs, and no faster than its peak; operands cross the chip's edge
 * at least once and results exactly once; what crosses it passes through the SRAMs; parts sum to wholes; nothing is
 * negative or not a number.
 * @throws MugiError with the law that is broken
 */
export function assertConservation({ operators, priced, groups, total }: Evaluation): void {
  let time = 0;
  let energy = 0;
  let dram = 0;
  let macs = 0;
  for (const group of GROUPS) {
    const share = groups[group];
    time += share.time;
    energy += share.energy;
    dram += share.dram;
    macs += share.macs;
  }
  sums('time', time, total.time);
  sums('energy', energy, total.energy);
  sums('dram', dram, total.dram);
  sums('macs', macs, total.macs);
  const peak = peakMacs(priced.design);
  for (const one of operators) conserve(one, priced, peak);
  conserveSchedule(operators);
}

function sums(field: keyof Share, parts: number, total: number): void {
  if (!close(parts, total)) broken(`the groups’ ${field} sums to the total`, parts, total);
  if (!(total >= 0 && Number.isFinite(total))) broken(`${field} is finite and not negative`, total, 0);
}

function conserve({ operator, cycles, work }: OperatorEvaluation, priced: PricedDesign, peak: number): void {
  const least = leastWork(operator);
  const times = operator.repeat * operator.layers;
  const { macs, issuedMacs, load, dram, words, drains } = work;
  const { array, sram } = priced.design;
  const law = (text: string, left: number, right: number): never =>
    broken(`${operator.name}: ${text}`, left, right);

  // A causal product computes, and moves, a share of its rectangle: what causality leaves, or more in whole pieces.
  const dense = least.macs * times;
  if (macs > dense * (1 + PRECISION)) law('no more MACs than the product has', macs, dense);
  if (!atLeast(macs, dense * least.needed)) law('the MACs that its results need', macs, dense * least.needed);
  const share = dense > 0 ? macs / dense : 1;

  if (operator.kind === 'gemm') {
    // A weight wider than the array's code is issued once a slice; depth rounds the K axis up.
    const slices = slicesOf(operator.weightBits, array.weightBits);
    const once = issuedMacs / slices;
    const padded = array.depth > 1 || operator.causal !== undefined;
    if (!(padded ? atLeast(once, macs) : close(once, macs))) law('the array issues its MACs', once, macs);
    // A count that is rounded down (as published, in every mapping) may miss one step of the array.
    const step = array.columns * array.rows * array.depth * work.mapping[MAPPINGS] * times;
    if (!atLeast(cycles * peak + step, macs * slices))
      law('the array is no faster than its peak', macs * slices, cycles * peak);
  }

  const { kept = NOTHING_KEPT } = work;
  const input = least.input * times * share;
  const weight = least.weight * times * share;
  const scales = operator.kind === 'transfer' ? scaleBitsWritten(priced.design, operator) : 0;
  const output = (least.output + scales) * times * share;
  if (!atLeast(dram.input + kept.input, input)) law('inputs enter, bits', dram.input + kept.input, input);
  if (!atLeast(dram.weight, weight)) law('weights enter, bits', dram.weight, weight);
  if (!close(dram.output + kept.output, output))
    law('results leave once, bits', dram.output + kept.output, output);

  if (!atLeast(drains * sram.output.wordBits, dram.output))
    law('results leave through the output SRAM, bits', drains * sram.output.wordBits, dram.output);
  if (weight > 0) {
    const [written, read] = [words[WRITES.weight], words[READS.weight]];
    const bits = Math.min(written, read) * sram.weight.wordBits;
    if (!atLeast(bits, weight)) law('weights pass through the weight SRAM, bits', bits, weight);
  }

  if (work.mesh !== undefined) conserveOnMesh(work, work.mesh, law);

  let longest = 0;
  for (const one of load) if (one > longest) longest = one;
  if (!close(longest, cycles)) law('the slowest resource sets the time', longest, cycles);
}

const NOTHING_KEPT = { input: 0, output: 0 };

/** What stays on the chip is not read more than it was made, and what is fetched ahead takes its time elsewhere. */
function conserveSchedule(operators: readonly OperatorEvaluation[]): void {
  let [made, read, lent, ahead] = [0, 0, 0, 0];
  for (const { work } of operators) {
    made += work.kept?.output ?? 0;
    read += work.kept?.input ?? 0;
    lent += work.prefetch?.lent ?? 0;
    ahead += work.prefetch?.ahead ?? 0;
  }
  if (!atLeast(made, read)) broken('what stays on the chip was made there, bits', read, made);
  if (!close(lent, ahead)) broken('what is fetched ahead takes time elsewhere, cycles', lent, ahead);
}

/** What enters a mesh reaches a node, and what nodes take and give crosses a link; no node has more than the busiest. */
function conserveOnMesh(
  { dram, routing, link }: Execution,
  { delivered, partials, nodes, balance }: MeshUse,
  law: (text: string, left: number, right: number) => never,
): void {
  if (delivered === 0) return;
  const edge = dram.input + dram.weight + dram.output;
  if (!atLeast(delivered - partials, edge))
    law('what leaves DRAM reaches a node, bits', delivered - partials, edge);
  if (!atLeast(routing, delivered)) law('what nodes take and give crosses a link, bits', routing, delivered);
  if (!(link > 0)) law('traffic passes a link', link, edge);
  if (!(balance <= 1 + PRECISION && nodes >= 1)) law('no node has more than the busiest', balance, 1);
}

function broken(law: string, left: number, right: number): never {
  throw new MugiError({
    code: 'internal',
    message: `a conservation law is broken: ${law}`,
    expected: String(right),
    received: String(left),
  });
}
