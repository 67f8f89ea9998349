import {
  type Design,
  type MemoryName,
  MEMORIES,
  nodeCount,
  type Resource,
  RESOURCES,
} from '../design/design.ts';
import type { Traffic } from '../design/mapping/gemm.ts';
import { meshTraffic } from '../design/mapping/router.ts';
import type { CompiledRules, PricedDesign } from './price.ts';

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
  /** Element-wise multiplications and additions outside the rules. */
  multiplies: number;
  adds: number;
  /** Rules that applied, and how often the event of each occurs, weighed with the lanes in use. */
  rules: CompiledRules | undefined;
  counts: number[];
  /** What the mapping counted in one execution, in the order of GEMM_COUNTS or NONLINEAR_COUNTS. */
  mapping: readonly number[];
  /** SRAM words, array side and off-chip side together; READS and WRITES are positions in it. */
  words: number[];
  /** Words of the input SRAM's busier port in one execution: what takes its time. */
  inputPort: number;
  /** Of the output SRAM's words, those that go to DRAM and that come from it. */
  drains: number;
  fills: number;
  /** Router activations: bits × hops. */
  routing: number;
  /** Off-chip traffic, bits. */
  dram: Traffic;
}

const UNMAPPED: readonly number[] = [];

/** An execution that only moves data so far, in the layout that all executions share. */
export const moving = (dram: Traffic, words: number[]): Execution => ({
  load: [0, 0, 0, 0, 0, 0, 0],
  macs: 0,
  issuedMacs: 0,
  elements: 0,
  multiplies: 0,
  adds: 0,
  rules: undefined,
  counts: [],
  mapping: UNMAPPED,
  words,
  inputPort: 0,
  drains: 0,
  fills: 0,
  routing: 0,
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

/** Applies the design's rules to the counts of a mapping: events for energy, cycles for time. */
export function applyRules(
  execution: Execution,
  compiled: CompiledRules,
  mapping: readonly number[],
  nodes: number,
): void {
  const { load, counts } = execution;
  const { energyFrom, timeFrom, cycles, resource, share } = compiled;
  execution.rules = compiled;
  execution.mapping = mapping;
  for (let i = 0; i < cycles.length; i++) {
    const busy = (mapping[timeFrom[i]] * cycles[i]) / nodes;
    const at = resource[i];
    if (busy > load[at]) load[at] = busy;
    counts.push(mapping[energyFrom[i]] * share[i]);
  }
}

/** Cycles of element-wise multiplications on the lanes of all nodes, which also do what vector rules ask of them. */
export const multiplyCycles = (multiplies: number, design: Design): number =>
  multiplies / design.elementwise.multiplyLanes / nodeCount(design);

/**
 * Time of the SRAM ports, one to read and one to write: the accesses of a port add up.
 * @param inputWords words of the input SRAM's busier port, where not all of its words take time of their own
 */
export function occupySrams(
  execution: Execution,
  { design, accessCycles }: PricedDesign,
  inputWords = busierPort(execution.words, READS.input),
): void {
  const { load, words } = execution;
  const nodes = nodeCount(design);
  execution.inputPort = inputWords;
  load[LOAD['input-sram']] = portCycles(inputWords, accessCycles.input, nodes);
  load[LOAD['weight-sram']] = portCycles(busierPort(words, READS.weight), accessCycles.weight, nodes);
  load[LOAD['output-sram']] = portCycles(busierPort(words, READS.output), accessCycles.output, nodes);
}

/** Words of an SRAM's busier port: one reads, the other, behind it in `words`, writes. */
export const busierPort = (words: readonly number[], reads: number): number =>
  Math.max(words[reads], words[reads + 1]);

/** Cycles in which a port moves `words` words, on all nodes at once. */
export const portCycles = (words: number, accessCycles: number, nodes: number): number =>
  (words * accessCycles) / nodes;

/** Time of the DRAM interface and of the mesh, and router activations. */
export function occupyEdges(execution: Execution, design: Design, system: System): void {
  const { dram, load } = execution;
  load[LOAD.dram] = dramCycles(dram.input + dram.weight + dram.output, system);
  if (nodeCount(design) === 1) return;
  const { bitHops, ports } = meshTraffic(design, dram);
  load[LOAD.noc] = meshCycles(Math.max(dram.input, dram.weight, dram.output), ports, system);
  execution.routing = bitHops;
}

export const dramCycles = (bits: number, { dramBitsPerCycle }: System): number => bits / dramBitsPerCycle;

/** Cycles of the mesh: the bits of its busiest channel over its ports. */
export const meshCycles = (bits: number, ports: number, { linkBits }: System): number =>
  bits / (ports * linkBits);
