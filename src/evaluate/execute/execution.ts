import {
  type Design,
  isMeshed,
  type MemoryName,
  MEMORIES,
  nodeCount,
  type Resource,
  RESOURCES,
} from '../../design/design.ts';
import type { Traffic } from '../../design/mapping/gemm.ts';
import { meshTraffic } from '../../design/mapping/router.ts';
import { evenLinks } from '../../design/mesh/even.ts';
import type { CompiledRules, PricedDesign } from '../price.ts';

/** What surrounds the chip. */
export interface System {
  /** Off-chip bandwidth in bits per cycle of the chip's clock. */
  dramBitsPerCycle: number;
  /** Width of one mesh link of one channel, bits per cycle. */
  linkBits: number;
}

/** Positions in `words`: in the order of MEMORIES, reads before writes. Written out, which engines fold to constants. */
const reads = (memory: MemoryName): number => 2 * MEMORIES.indexOf(memory);
export const READS = { input: reads('input'), weight: reads('weight'), output: reads('output') };
export const WRITES = { input: READS.input + 1, weight: READS.weight + 1, output: READS.output + 1 };

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
  /** Multiplications in front of a product that take time in one execution, divided as `mapping` is. */
  scalings: number;
  /** Element-wise multiplications and additions outside the rules. */
  multiplies: number;
  adds: number;
  /** Rules that applied, and how often the event of each occurs, weighed with the lanes in use. */
  rules: CompiledRules | undefined;
  counts: number[];
  /**
   * What takes time in one execution, in the order of GEMM_COUNTS or NONLINEAR_COUNTS, and the nodes that it is divided
   * among: counts of the whole chip, or those of the busiest node of a mesh over one.
   */
  mapping: readonly number[];
  over: number;
  /** SRAM words, array side and off-chip side together; READS and WRITES are positions in it. */
  words: number[];
  /** Words of each SRAM's busier port in one execution, in the order of MEMORIES: what takes its time; divided likewise. */
  ports: readonly number[];
  /** Of the output SRAM's words, those that go to DRAM and that come from it. */
  drains: number;
  fills: number;
  /** Router activations: bits × hops. */
  routing: number;
  /** Bits of the busiest link of a mesh in one execution. */
  link: number;
  /** Bits of operands and results that a schedule keeps on the chip. */
  kept?: { input: number; output: number };
  /** DRAM cycles that a schedule has moved: for weights of the next operator, and of its own to the one before. */
  prefetch?: { lent: number; ahead: number };
  /** How a mesh shares the operator out; absent without one, and where work is divided. */
  mesh?: MeshUse;
  /** Off-chip traffic, bits. */
  dram: Traffic;
}

/** What a mesh does with an operator. */
export interface MeshUse {
  /** Parts of each axis that is cut: `N` in 4. */
  parts: readonly { axis: string; parts: number }[];
  /** Nodes that have a share of the operator. */
  nodes: number;
  /** Work of all nodes over that of the busiest times all of them: 1 where no node waits for another. */
  balance: number;
  /** Bits that all nodes take in and give out, partial sums between them among those: each crosses a link at least. */
  delivered: number;
  partials: number;
}

const UNMAPPED: readonly number[] = [];
const NO_PORTS: readonly number[] = [0, 0, 0];

/** An execution that only moves data so far, in the layout that all executions share. */
export const moving = (dram: Traffic, words: number[]): Execution => ({
  load: [0, 0, 0, 0, 0, 0, 0],
  macs: 0,
  issuedMacs: 0,
  elements: 0,
  scalings: 0,
  multiplies: 0,
  adds: 0,
  rules: undefined,
  counts: [],
  mapping: UNMAPPED,
  over: 1,
  words,
  ports: NO_PORTS,
  drains: 0,
  fills: 0,
  routing: 0,
  link: 0,
  dram,
});

/** `times` executions of what `execution` holds once; in place. */
export function repeatExecution(execution: Execution, times: number): void {
  const { load, counts, words, dram } = execution;
  for (let i = 0; i < load.length; i++) load[i] *= times;
  for (let i = 0; i < counts.length; i++) counts[i] *= times;
  for (let i = 0; i < words.length; i++) words[i] *= times;
  dram.input *= times;
  dram.weight *= times;
  dram.output *= times;
  execution.macs *= times;
  execution.issuedMacs *= times;
  execution.elements *= times;
  execution.multiplies *= times;
  execution.adds *= times;
  execution.drains *= times;
  execution.fills *= times;
  execution.routing *= times;
  const { mesh } = execution;
  if (mesh !== undefined)
    execution.mesh = { ...mesh, delivered: mesh.delivered * times, partials: mesh.partials * times };
}

/** Positions in `load`. */
const at = (resource: Resource): number => RESOURCES.indexOf(resource);
export const LOAD = {
  array: at('array'),
  vector: at('vector'),
  'input-sram': at('input-sram'),
  'weight-sram': at('weight-sram'),
  'output-sram': at('output-sram'),
  noc: at('noc'),
  dram: at('dram'),
} satisfies Record<Resource, number>;

export const loads = ({ load }: Execution): Record<Resource, number> =>
  Object.fromEntries(RESOURCES.map((resource, i) => [resource, load[i]])) as Record<Resource, number>;

/** SRAM words of all memories. */
export const sramAccesses = ({ words }: Execution): { reads: number; writes: number } => ({
  reads: MEMORIES.reduce((sum, memory) => sum + words[READS[memory]], 0),
  writes: MEMORIES.reduce((sum, memory) => sum + words[WRITES[memory]], 0),
});

/** Events by name with their energy-weighted occurrences; repeated names are summed. */
export function eventCounts({ rules, counts, multiplies, adds }: Execution): Map<string, number> {
  const events = new Map<string, number>();
  rules?.rules.forEach(({ event }, i) => events.set(event, (events.get(event) ?? 0) + counts[i]));
  if (multiplies > 0) events.set('element multiply', multiplies);
  if (adds > 0) events.set('element add', adds);
  return events;
}

/**
 * Applies the design's rules to the counts of a mapping: events for energy, cycles for time.
 * @param busiest counts that take time, which `over` nodes share
 */
export function applyRules(
  execution: Execution,
  compiled: CompiledRules,
  mapping: readonly number[],
  busiest: readonly number[],
  over: number,
): void {
  const { load, counts } = execution;
  const { energyFrom, timeFrom, cycles, resource, share } = compiled;
  execution.rules = compiled;
  execution.mapping = busiest;
  execution.over = over;
  for (let i = 0; i < cycles.length; i++) {
    const busy = (busiest[timeFrom[i]] * cycles[i]) / over;
    const at = resource[i];
    if (busy > load[at]) load[at] = busy;
    counts.push(mapping[energyFrom[i]] * share[i]);
  }
}

/** Cycles of the scalings in front of a product, on multipliers that also do what vector rules ask of them. */
export const scalingCycles = ({ scalings, over }: Execution, design: Design): number =>
  scalings / design.elementwise.multiplyLanes / over;

/** Words of each SRAM's busier port. */
export const portsOf = (words: readonly number[]): number[] => [
  busierPort(words, READS.input),
  busierPort(words, READS.weight),
  busierPort(words, READS.output),
];

/**
 * Time of the SRAM ports, one to read and one to write: the accesses of a port add up.
 * @param ports words of each SRAM's busier port, where not all of its words take time of their own
 * @param over nodes that share them
 */
export function occupySrams(
  execution: Execution,
  { accessCycles }: PricedDesign,
  ports: readonly number[],
  over: number,
): void {
  const { load } = execution;
  execution.ports = ports;
  execution.over = over;
  load[LOAD['input-sram']] = portCycles(ports[0], accessCycles.input, over);
  load[LOAD['weight-sram']] = portCycles(ports[1], accessCycles.weight, over);
  load[LOAD['output-sram']] = portCycles(ports[2], accessCycles.output, over);
}

/** Words of an SRAM's busier port: one reads, the other, behind it in `words`, writes. */
const busierPort = (words: readonly number[], reads: number): number =>
  Math.max(words[reads], words[reads + 1]);

/** Cycles in which a port moves `words` words, on all nodes at once. */
export const portCycles = (words: number, accessCycles: number, nodes: number): number =>
  (words * accessCycles) / nodes;

/** Time of the DRAM interface and of the mesh; router activations of traffic that is spread evenly over it. */
export function occupyEdges(execution: Execution, design: Design, system: System): void {
  const { dram } = execution;
  execution.load[LOAD.dram] = dramCycles(dram.input + dram.weight + dram.output, system);
  if (nodeCount(design) === 1) return;
  const { bitHops, busiest } = isMeshed(design) ? evenLinks(design, dram) : meshTraffic(design, dram);
  occupyLinks(execution, busiest, bitHops, system);
}

/** Time of the links of a mesh, and router activations. */
export function occupyLinks(execution: Execution, busiest: number, bitHops: number, system: System): void {
  execution.link = busiest;
  execution.load[LOAD.noc] = meshCycles(busiest, system);
  execution.routing = bitHops;
}

export const dramCycles = (bits: number, { dramBitsPerCycle }: System): number => bits / dramBitsPerCycle;

/** Cycles in which the busiest link moves its bits. */
export const meshCycles = (busiest: number, { linkBits }: System): number => busiest / linkBits;
