import { type Design, nodeCount, type Resource, RESOURCES } from '../design/design.ts';
import type { Traffic } from '../design/mapping/gemm.ts';
import { meshTraffic } from '../design/mapping/router.ts';
import type { Repairs } from '../preset.ts';
import type { CompiledRules, PricedDesign } from './price.ts';

/** What surrounds the chip. */
export interface System {
  /** Off-chip bandwidth in bits per cycle of the chip's clock. */
  dramBitsPerCycle: number;
  /** Width of one mesh link of one channel, bits per cycle. */
  linkBits: number;
}

/**
 * What an operator does to a chip: first one execution in one layer, then scaled to all of them. Arrays instead of
 * records where the hot path of a sweep goes through them; `loads` and `eventCounts` put the names back.
 */
export interface Execution {
  /** Cycles that each resource alone would take, in the order of RESOURCES. */
  load: number[];
  /** Multiply-accumulates of the workload, and those that the array issues (padding of its K axis included). */
  macs: number;
  issuedMacs: number;
  /** Elements of nonlinear operators. */
  elements: number;
  /** Element-wise multiplications and additions outside the rules. */
  multiplies: number;
  adds: number;
  /** Rules that applied, and how often the event of each occurs, weighed with the lanes in use. */
  rules: CompiledRules | undefined;
  counts: number[];
  /** SRAM words, array side and off-chip side together. */
  inputReads: number;
  inputWrites: number;
  weightReads: number;
  weightWrites: number;
  outputReads: number;
  outputWrites: number;
  /** Router activations. */
  routing: number;
  /** Off-chip traffic, bits. */
  dram: Traffic;
}

/** An execution of nothing, in the layout that all executions share. */
export const idle = (): Execution => ({
  load: [0, 0, 0, 0, 0, 0, 0],
  macs: 0,
  issuedMacs: 0,
  elements: 0,
  multiplies: 0,
  adds: 0,
  rules: undefined,
  counts: [],
  inputReads: 0,
  inputWrites: 0,
  weightReads: 0,
  weightWrites: 0,
  outputReads: 0,
  outputWrites: 0,
  routing: 0,
  dram: { input: 0, weight: 0, output: 0 },
});

/** Positions in `load`. */
export const LOAD = { array: 0, vector: 1, input: 2, weight: 3, output: 4, noc: 5, dram: 6 } as const;

export const loads = ({ load }: Execution): Record<Resource, number> =>
  Object.fromEntries(RESOURCES.map((resource, i) => [resource, load[i]])) as Record<Resource, number>;

/** Events by name with their energy-weighted occurrences; repeated names are summed. */
export function eventCounts({ rules, counts, multiplies, adds }: Execution): Map<string, number> {
  const events = new Map<string, number>();
  rules?.rules.forEach(({ event }, i) => events.set(event, (events.get(event) ?? 0) + counts[i]));
  if (multiplies > 0) events.set('element multiply', multiplies);
  if (adds > 0) events.set('element add', adds);
  return events;
}

/**
 * Applies the design's rules to the counts of a mapping: events for energy, cycles for time. As published, energy
 * counts are truncated to integers after each mapping, and time is derived from the truncated ones (the artifact
 * divides the utilisation back out): `truncated` does that to one count.
 */
export function applyRules(
  execution: Execution,
  compiled: CompiledRules,
  vector: readonly number[],
  nodes: number,
  truncated?: (count: number) => number,
): void {
  const { load, counts } = execution;
  const { energyFrom, timeFrom, cycles, resource, share } = compiled;
  execution.rules = compiled;
  for (let i = 0; i < cycles.length; i++) {
    let count = vector[energyFrom[i]]! * share[i];
    let busy = (vector[timeFrom[i]]! * cycles[i]) / nodes;
    if (truncated !== undefined && count > 0) {
      const whole = truncated(count);
      busy *= whole / count;
      count = whole;
    }
    const at = resource[i];
    if (busy > load[at]) load[at] = busy;
    counts.push(count);
  }
}

/**
 * Time of the SRAM ports. As published each kind of access is an event of its own, one cycle each, and the longest
 * kind counts (`input`, `weight`, `output` words); repaired, the accesses of a port add up ("bandwidth") and a slow
 * macro takes the cycles that it needs ("sram-size").
 */
export function occupySrams(
  execution: Execution,
  { design, accessCycles }: PricedDesign,
  input: number,
  weight: number,
  output: number,
  repairs: Repairs,
): void {
  const { load } = execution;
  const nodes = nodeCount(design);
  const sum = repairs.bandwidth;
  const slow = repairs['sram-size'];
  const e = execution;
  load[LOAD.input] =
    ((sum ? Math.max(e.inputReads, e.inputWrites) : input) * (slow ? accessCycles.input : 1)) / nodes;
  load[LOAD.weight] =
    ((sum ? Math.max(e.weightReads, e.weightWrites) : weight) * (slow ? accessCycles.weight : 1)) / nodes;
  load[LOAD.output] =
    ((sum ? Math.max(e.outputReads, e.outputWrites) : output) * (slow ? accessCycles.output : 1)) / nodes;
}

/** Time of the DRAM interface and of the mesh, and router activations; `published` counts them the artifact's way. */
export function occupyEdges(
  execution: Execution,
  design: Design,
  repairs: Repairs,
  system: System,
  published: () => number,
): void {
  const { dram, load } = execution;
  if (repairs.bandwidth) load[LOAD.dram] = (dram.input + dram.weight + dram.output) / system.dramBitsPerCycle;
  if (nodeCount(design) === 1) return;
  const { bitHops, ports } = meshTraffic(design, dram);
  if (repairs.bandwidth)
    load[LOAD.noc] = Math.max(dram.input, dram.weight, dram.output) / (ports * system.linkBits);
  execution.routing = repairs['router-widths'] ? bitHops : published();
}
