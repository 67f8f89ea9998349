import { type Design, MEMORIES, type Memory, nodeCount, type Resource, type Rule } from '../design/design.ts';
import {
  fittingTile,
  type GemmMapping,
  mapGemm,
  PUBLISHED_TILE,
  type TileSize,
  type Traffic,
} from '../design/mapping/gemm.ts';
import { mapNonlinear } from '../design/mapping/nonlinear.ts';
import { meshTraffic, publishedGemmRouting, publishedNonlinearRouting } from '../design/mapping/router.ts';
import type { Repairs } from '../preset.ts';
import {
  type ElementwiseOperator,
  type GemmOperator,
  isSpan,
  macs,
  type NonlinearOperator,
  type Operator,
  type TransferOperator,
} from '../workload/operator.ts';
import type { PricedDesign } from './price.ts';

/** What surrounds the chip. */
export interface System {
  /** Off-chip bandwidth in bits per cycle of the chip's clock. */
  dramBitsPerCycle: number;
  /** Width of one mesh link of one channel, bits per cycle. */
  linkBits: number;
}

/** Reads and writes of each SRAM, words, array side and off-chip side together. */
export type Accesses = Record<Memory, { reads: number; writes: number }>;

export interface OperatorResult {
  operator: Operator;
  /** Cycles of all executions in all layers. */
  cycles: number;
  /** What the operator waits for. */
  bound: Resource;
  /** Cycles that each resource alone would take, all executions. */
  load: Partial<Record<Resource, number>>;
  /** Multiply-accumulates of the workload, and those that the array issues (padding of its K axis included). */
  macs: number;
  issuedMacs: number;
  /** Elements of nonlinear operators. */
  elements: number;
  /** Occurrences of each event, weighed with the lanes in use. */
  events: { event: string; count: number }[];
  accesses: Accesses;
  /** Router activations. */
  routing: number;
  /** Off-chip traffic, bits. */
  dram: Traffic;
}

/** One execution in one layer; scaled to all of them at the end. */
interface Execution {
  load: Partial<Record<Resource, number>>;
  macs?: number;
  issuedMacs?: number;
  elements?: number;
  events: { event: string; count: number }[];
  accesses: Accesses;
  routing: number;
  dram: Traffic;
}

export function evaluateOperator(
  priced: PricedDesign,
  operator: Operator,
  repairs: Repairs,
  system: System,
): OperatorResult {
  const one = execute(priced, operator, repairs, system);
  const times = operator.repeat * operator.layers;
  let bound: Resource = 'array';
  let cycles = 0;
  for (const resource of Object.keys(one.load) as Resource[]) {
    const load = one.load[resource]!;
    if (load > cycles) [cycles, bound] = [load, resource];
    one.load[resource] = load * times;
  }
  for (const entry of one.events) entry.count *= times;
  for (const memory of MEMORIES) {
    one.accesses[memory].reads *= times;
    one.accesses[memory].writes *= times;
  }
  const { input, weight, output } = one.dram;
  return {
    operator,
    cycles: cycles * times,
    bound,
    load: one.load,
    macs: (one.macs ?? 0) * times,
    issuedMacs: (one.issuedMacs ?? 0) * times,
    elements: (one.elements ?? 0) * times,
    events: one.events,
    accesses: one.accesses,
    routing: one.routing * times,
    dram: { input: input * times, weight: weight * times, output: output * times },
  };
}

function execute(priced: PricedDesign, operator: Operator, repairs: Repairs, system: System): Execution {
  switch (operator.kind) {
    case 'gemm':
      return gemm(priced, operator, repairs, system);
    case 'nonlinear':
      return nonlinear(priced, operator, repairs, system);
    case 'elementwise':
      return elementwise(priced, operator, repairs, system);
    case 'transfer':
      return transfer(priced, operator, repairs, system);
  }
}

function gemm(priced: PricedDesign, op: GemmOperator, repairs: Repairs, system: System): Execution {
  const { design } = priced;
  const tile: TileSize = repairs['sram-tiles']
    ? fittingTile(design, op)
    : { m: PUBLISHED_TILE, k: PUBLISHED_TILE, n: PUBLISHED_TILE };
  const mapping = mapGemm(design, op, tile);
  const { counts, traffic } = mapping;
  const kept = op.causal === undefined ? 1 : causalShare(design, op, mapping);
  if (kept < 1) scale(mapping, kept);
  const truncate = !repairs['whole-counts'] && !isSpan(op.k) && !isSpan(op.n);
  const load: Execution['load'] = {};
  const events = apply(design.gemm, counts, load, truncate, nodeCount(design));
  const accesses: Accesses = {
    input: { reads: counts.inputReads, writes: counts.inputWrites },
    weight: { reads: counts.weightReads, writes: counts.weightWrites },
    output: { reads: counts.outputReads + counts.outputDrains, writes: counts.outputWrites },
  };
  const separate = [
    [counts.inputReads, counts.inputWrites],
    [counts.weightReads, counts.weightWrites],
    [Math.max(counts.outputReads, counts.outputDrains), counts.outputWrites],
  ] as const;
  sramLoad(priced, accesses, separate, repairs, load);
  const routing = route(priced, traffic, repairs, system, load, () => publishedGemmRouting(design, op, tile));
  dramLoad(traffic, repairs, system, load);
  return {
    load,
    macs: macs(op) * kept,
    issuedMacs: mapping.issuedMacs,
    events,
    accesses,
    routing,
    dram: traffic,
  };
}

/**
 * Share of the steps that a causal product needs. The array skips whole pieces only: a tile of columns holds
 * `columns / rowsPerPosition` query positions and needs the keys up to its last one, in pieces of `rows` keys when
 * they lie on N, one by one when they lie on K.
 */
function causalShare(design: Design, op: GemmOperator, mapping: GemmMapping): number {
  const { axis, rowsPerPosition } = op.causal!;
  const positions = op.m / rowsPerPosition;
  const perTile = Math.max(1, Math.floor(design.array.columns / rowsPerPosition));
  const piece = axis === 'n' ? design.array.rows : design.array.depth;
  let needed = 0;
  let all = 0;
  for (let first = 0; first < positions; first += perTile) {
    const last = Math.min(positions, first + perTile);
    needed += Math.ceil(last / piece);
    all += axis === 'n' ? mapping.n.folds : Math.ceil(mapping.k.size / piece);
  }
  return needed / all;
}

function scale(mapping: GemmMapping, share: number): void {
  for (const key of Object.keys(mapping.counts) as (keyof GemmMapping['counts'])[]) {
    if (key !== 'mappings') mapping.counts[key] *= share;
  }
  for (const key of ['input', 'weight', 'output'] as const) mapping.traffic[key] *= share;
  mapping.issuedMacs *= share;
}

function nonlinear(priced: PricedDesign, op: NonlinearOperator, repairs: Repairs, system: System): Execution {
  const { design } = priced;
  if (op.function === 'relu') return relu(priced, op, repairs, system);
  const { counts, traffic } = mapNonlinear(design, op);
  const needed = op.needed ?? 1;
  if (needed < 1) {
    for (const key of Object.keys(counts) as (keyof typeof counts)[])
      if (key !== 'mappings') counts[key] *= needed;
  }
  const truncate = !repairs['whole-counts'] && !isSpan(op.columns);
  const load: Execution['load'] = {};
  const events = apply(design.nonlinear.rules(op.function), counts, load, truncate, nodeCount(design));
  const { reads, writes } = design.nonlinear.passes(op.function);
  const { lutWords } = design.nonlinear;
  const [lutReads, lutWrites] = [lutWords.read * counts.steps, lutWords.write * counts.mappings];
  const accesses: Accesses = {
    input: { reads: lutReads, writes: lutWrites },
    weight: { reads: 0, writes: 0 },
    output: {
      reads: reads * counts.passWords + counts.drainWords,
      writes: writes * counts.passWords + counts.drainWords,
    },
  };
  const separate = [
    [lutReads, lutWrites],
    [0, 0],
    [
      Math.max(reads * counts.passWords, counts.drainWords),
      Math.max(writes * counts.passWords, counts.drainWords),
    ],
  ] as const;
  sramLoad(priced, accesses, separate, repairs, load);
  const dram = { input: traffic * needed, weight: 0, output: traffic * needed };
  const routing = route(priced, dram, repairs, system, load, () =>
    publishedNonlinearRouting(design, op, lutWords.write),
  );
  dramLoad(dram, repairs, system, load);
  return { load, elements: counts.elements, events, accesses, routing, dram };
}

/** ReLU needs no approximation: one comparison an element on the adders. */
function relu(priced: PricedDesign, op: NonlinearOperator, repairs: Repairs, system: System): Execution {
  const { elements } = mapNonlinear(priced.design, op).counts;
  const base = { ...op, kind: 'elementwise', group: 'nonlinear', function: 'gate' } as const;
  const one = elementwise(
    priced,
    { ...base, elements, multiplies: 0, adds: elements, divides: 0 },
    repairs,
    system,
  );
  return { ...one, elements };
}

/** Operands that an element-wise operator reads and writes, in passes over its tensor. */
const PASSES = {
  rmsnorm: { reads: 2, writes: 1 },
  layernorm: { reads: 3, writes: 1 },
  rope: { reads: 1, writes: 1 },
  residual: { reads: 2, writes: 1 },
  gate: { reads: 2, writes: 1 },
} as const;

function elementwise(
  priced: PricedDesign,
  op: Omit<ElementwiseOperator, 'group'>,
  repairs: Repairs,
  system: System,
): Execution {
  const { design } = priced;
  const { multiplyLanes, addLanes, divideMultiplies } = design.elementwise;
  const multiplies = op.multiplies + op.divides * divideMultiplies;
  const nodes = nodeCount(design);
  const load: Execution['load'] = {
    vector: Math.max(multiplies / multiplyLanes, op.adds / addLanes) / nodes,
  };
  const words = (op.elements * 16) / design.sram.output.wordBits;
  const { reads, writes } = PASSES[op.function];
  const bits = op.elements * 16;
  // One operand comes from and one result goes to DRAM; a second operand is streamed the same way.
  const operands = op.function === 'residual' || op.function === 'gate' ? 2 : 1;
  const accesses: Accesses = {
    input: { reads: 0, writes: 0 },
    weight: { reads: 0, writes: 0 },
    output: { reads: words * (reads + 1), writes: words * (writes + operands) },
  };
  sramLoad(
    priced,
    accesses,
    [
      [0, 0],
      [0, 0],
      [words * reads, words * writes],
    ],
    repairs,
    load,
  );
  const dram = { input: bits * operands, weight: 0, output: bits };
  const routing = route(priced, dram, repairs, system, load, () => 0);
  dramLoad(dram, repairs, system, load);
  return {
    load,
    events: [
      { event: 'element multiply', count: multiplies },
      { event: 'element add', count: op.adds },
    ],
    accesses,
    routing,
    dram,
  };
}

function transfer(priced: PricedDesign, op: TransferOperator, repairs: Repairs, system: System): Execution {
  const load: Execution['load'] = {};
  const dram = { input: 0, weight: 0, output: op.bits };
  const words = op.bits / priced.design.sram.output.wordBits;
  const accesses: Accesses = {
    input: { reads: 0, writes: 0 },
    weight: { reads: 0, writes: 0 },
    output: { reads: words, writes: 0 },
  };
  sramLoad(
    priced,
    accesses,
    [
      [0, 0],
      [0, 0],
      [words, 0],
    ],
    repairs,
    load,
  );
  const routing = route(priced, dram, repairs, system, load, () => 0);
  dramLoad(dram, repairs, system, load);
  return { load, events: [], accesses, routing, dram };
}

/** Applies the design's rules to the counts of a mapping: events for energy, cycles for time. */
function apply<Count extends string>(
  rules: readonly Rule<Count>[],
  counts: Record<Count, number>,
  load: Execution['load'],
  truncate: boolean,
  nodes: number,
): { event: string; count: number }[] {
  return rules.map(({ event, energy, time, cycles, resource, share = 1 }) => {
    const busy = (counts[time] * cycles) / nodes;
    if (busy > (load[resource] ?? 0)) load[resource] = busy;
    const count = counts[energy] * share;
    return { event, count: truncate ? Math.trunc(count) : count };
  });
}

/**
 * Time of the SRAM ports. As published each kind of access is an event of its own, one cycle each; repaired, the
 * accesses of a port add up ("bandwidth") and a slow macro takes the cycles that it needs ("sram-size").
 */
function sramLoad(
  { design, srams, technology }: PricedDesign,
  accesses: Accesses,
  separate: readonly (readonly [number, number])[],
  repairs: Repairs,
  load: Execution['load'],
): void {
  const nodes = nodeCount(design);
  const period = 1e9 / technology.clock;
  MEMORIES.forEach((memory, i) => {
    const [reads, writes] = repairs.bandwidth
      ? [accesses[memory].reads, accesses[memory].writes]
      : separate[i]!;
    const cycles = repairs['sram-size'] ? Math.ceil(srams[memory].cycle_ns / period) : 1;
    load[`${memory}-sram`] = (Math.max(reads, writes) * cycles) / nodes;
  });
}

function dramLoad(traffic: Traffic, repairs: Repairs, system: System, load: Execution['load']): void {
  if (!repairs.bandwidth) return;
  load.dram = (traffic.input + traffic.weight + traffic.output) / system.dramBitsPerCycle;
}

function route(
  { design }: PricedDesign,
  traffic: Traffic,
  repairs: Repairs,
  system: System,
  load: Execution['load'],
  published: () => number,
): number {
  if (nodeCount(design) === 1) return 0;
  const { bitHops, ports } = meshTraffic(design, traffic);
  if (repairs.bandwidth) {
    load.noc = Math.max(traffic.input, traffic.weight, traffic.output) / (ports * system.linkBits);
  }
  return repairs['router-widths'] ? bitHops : published();
}
