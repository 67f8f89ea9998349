import type { Activation } from '../artifact/inventory.ts';
import {
  type Design,
  isMeshed,
  MEMORIES,
  type MemoryName,
  nodeCount,
  RESOURCES,
  type Rule,
  type Sram,
  sramName,
} from '../design/design.ts';
import { GEMM_COUNTS, NONLINEAR_COUNTS } from '../design/mapping/counts.ts';
import { LINK_SOURCE, linkEnergy } from '../technology/link.ts';
import {
  type Cost,
  logicCost,
  logicRow,
  type Memory,
  memoryOf,
  sramRow,
  type Technology,
} from '../technology/technology.ts';
import {
  milliwatts,
  type Milliwatts,
  nanojoules,
  type Nanojoules,
  type SquareMillimetres,
  squareMillimetres,
} from '../units.ts';

/**
 * Prices of a technology that measures whole machines: the parts of another technology say how a machine's area, leakage
 * and energy fall to its components, and a factor each makes the sum what the whole machine has on gates.
 */
export interface WholeFactors {
  area: number;
  leakage: number;
  energy: number;
  /** What a cycle of the array takes whatever its lanes do: clocks, coders, lanes that nobody uses. */
  cycle: Nanojoules;
  /** What they come from, in a sentence. */
  source: string;
}

/** What the cycles of an array are called, as part and event, where a technology has measured what one takes by itself. */
export const ARRAY_CYCLE = 'array cycle';

/** Counted beside the rules of a design, whose time holds the cycles already. */
const CYCLE_RULE: Rule<'arrayCycles' | 'mappings'> = {
  event: ARRAY_CYCLE,
  energy: 'arrayCycles',
  time: 'mappings',
  cycles: 0,
  resource: 'array',
};

/** What an event of a priced design activates. */
export const activationsOf = ({ events }: Design, event: string): readonly Activation[] =>
  Object.hasOwn(events, event) ? events[event] : [{ component: ARRAY_CYCLE, count: 1 }];

/** One line of a priced bill of materials, for the whole chip. */
export interface PricedComponent {
  name: string;
  class: string;
  /** Instances on the chip. */
  count: number;
  group: string;
  /** Energy of one activation of one instance. */
  energy: Nanojoules;
  leakage: Milliwatts;
  area: SquareMillimetres;
}

/** Rules with names replaced by positions, so that applying them is arithmetic on arrays. */
export interface CompiledRules {
  rules: readonly Rule<string>[];
  /** Positions in the vector of counts. */
  energyFrom: number[];
  timeFrom: number[];
  cycles: number[];
  /** Positions in RESOURCES. */
  resource: number[];
  share: number[];
  /** Energy of one occurrence of the event. */
  nanojoules: number[];
}

/** A design with its price in one technology: what does not depend on the workload, computed once. */
export interface PricedDesign {
  design: Design;
  technology: Technology;
  components: readonly PricedComponent[];
  srams: Readonly<Record<MemoryName, Memory>>;
  /** Clock cycles of one access of each SRAM, from CACTI's cycle time. */
  accessCycles: Readonly<Record<MemoryName, number>>;
  /** Energy of one occurrence of each event. */
  eventEnergy: Readonly<Record<string, Nanojoules>>;
  gemm: CompiledRules;
  softmax: CompiledRules;
  activation: CompiledRules;
  /** Of look-ups that a switch of VLP asks for; absent where the array has none. */
  lookUp?: CompiledRules;
  /** One router, of which each node of a mesh has three; absent without a mesh. */
  router?: { energy: Nanojoules; count: number };
  /** Energy of a bit on a link of the mesh; absent where a model of the design has no links. */
  link?: Nanojoules;
  /** Where the technology measures whole machines: what its parts are scaled by. */
  whole?: WholeFactors;
  /** Whole chip: everything but DRAM. */
  leakage: Milliwatts;
  area: SquareMillimetres;
}

/** What the wires between the nodes of a mesh are called, which no cost table prices. */
export const LINK = 'link';

/** Links of three channels, those to memory at the end of each line among them. */
const linkCount = ({ nodes: { rows, columns } }: Design): number =>
  3 * (rows * (columns - 1) + columns * (rows - 1) + Math.max(rows, columns));

/** Energy of a bit that passes a router and the link behind it. */
export const hopEnergy = ({ router, link }: Pick<PricedDesign, 'router' | 'link'>): number =>
  (router?.energy ?? 0) + (link ?? 0);

/** Router bandwidth that the published model prices, bits a cycle. */
export const ROUTER_BANDWIDTH = 64;

/** An SRAM with its price. */
export interface PricedSram {
  sram: Sram;
  row: Memory;
}

/** @throws MugiError when the technology does not price its size */
export function priceSram(sram: Sram, technology: Technology): PricedSram {
  const { wordBits, depthPerBank, accessCycles: fixed } = sram;
  // A design that states its cycles has one macro, as it stands.
  const row =
    fixed === undefined
      ? memoryOf(technology, wordBits, depthPerBank)
      : { ...sramRow(technology, wordBits, depthPerBank), macros: 1, accessCycles: fixed };
  return { sram, row };
}

/** The cost of a part of a machine whose whole was measured. */
const scaledCost = (cost: Cost, whole: WholeFactors | undefined): Cost =>
  whole === undefined
    ? cost
    : {
        energy: nanojoules(cost.energy * whole.energy),
        leakage: milliwatts(cost.leakage * whole.leakage),
        area: squareMillimetres(cost.area * whole.area),
      };

/** Where the cost of a component comes from. */
export function costSource(
  { technology, srams, whole }: PricedDesign,
  name: string,
  className: string,
): string {
  const memory = MEMORIES.find((candidate) => sramName(candidate) === name);
  if (memory !== undefined) return srams[memory].source;
  if (name === LINK) return LINK_SOURCE;
  if (name === ARRAY_CYCLE) return `what no lane makes of the energy of ${whole!.source}`;
  const { source } = logicRow(technology, className);
  return whole === undefined ? source : `${source}; times ${whole.energy.toFixed(2)}, of ${whole.source}`;
}

/** A design from the prices of its parts, scaled by `whole` where its machine was measured. */
export function priceParts(design: Design, technology: Technology, whole?: WholeFactors): PricedDesign {
  const nodes = nodeCount(design);
  const components: PricedComponent[] = [];
  const each = new Map<string, Nanojoules>();
  const eventEnergy: Record<string, Nanojoules> = {};
  const add = (
    name: string,
    className: string,
    group: string,
    count: number,
    cost: Omit<PricedComponent, 'name' | 'class' | 'group' | 'count'>,
  ): void => {
    components.push({
      name,
      class: className,
      group,
      count,
      energy: cost.energy,
      leakage: milliwatts(cost.leakage * count),
      area: squareMillimetres(cost.area * count),
    });
  };
  for (const part of design.components) {
    const cost = scaledCost(logicCost(technology, part.class, part.attributes), whole);
    each.set(part.name, cost.energy);
    if (part.count > 0) add(part.name, part.class, part.group, part.count * nodes, cost);
  }
  const srams = {} as Record<MemoryName, Memory>;
  const accessCycles = {} as Record<MemoryName, number>;
  for (const memory of MEMORIES) {
    const { row } = priceSram(design.sram[memory], technology);
    srams[memory] = row;
    accessCycles[memory] = row.accessCycles;
    add(sramName(memory), 'sram', 'sram', nodes, {
      energy: nanojoules(row.read_nJ),
      leakage: milliwatts(row.leakage_mW),
      area: squareMillimetres(row.area_mm2),
    });
  }
  const cycle = whole?.cycle ?? nanojoules(0);
  if (cycle > 0) {
    const nothing = { leakage: milliwatts(0), area: squareMillimetres(0) };
    add(ARRAY_CYCLE, ARRAY_CYCLE, ARRAY_CYCLE, nodes, { energy: cycle, ...nothing });
    eventEnergy[ARRAY_CYCLE] = cycle;
  }
  const router = nodes > 1 ? logicCost(technology, 'noc_router', { bandwidth: ROUTER_BANDWIDTH }) : undefined;
  if (router !== undefined) add('router', 'noc_router', 'router', 3 * nodes, router);
  const covered = squareMillimetres(components.reduce((sum, { area }) => sum + area, 0));
  const link = isMeshed(design) ? linkEnergy(squareMillimetres(covered / nodes)) : undefined;
  if (link !== undefined) {
    const wires = { energy: link, leakage: milliwatts(0), area: squareMillimetres(0) };
    add(LINK, LINK, LINK, linkCount(design), wires);
  }
  for (const [event, activations] of Object.entries(design.events)) {
    let energy = 0;
    for (const { component, count } of activations) energy += each.get(component)! * count;
    eventEnergy[event] = nanojoules(energy);
  }
  const compile = (own: readonly Rule<string>[], counts: readonly string[]): CompiledRules => {
    const rules = cycle > 0 ? [...own, CYCLE_RULE] : own;
    return {
      rules,
      energyFrom: rules.map(({ energy }) => counts.indexOf(energy)),
      timeFrom: rules.map(({ time }) => counts.indexOf(time)),
      cycles: rules.map((rule) => rule.cycles),
      resource: rules.map(({ resource }) => RESOURCES.indexOf(resource)),
      share: rules.map(({ share = 1 }) => share),
      nanojoules: rules.map(({ event }) => eventEnergy[event]),
    };
  };
  return {
    design,
    technology,
    accessCycles,
    gemm: compile(design.gemm, GEMM_COUNTS),
    softmax: compile(design.nonlinear.softmax.rules, NONLINEAR_COUNTS),
    activation: compile(design.nonlinear.activation.rules, NONLINEAR_COUNTS),
    ...(design.nonlinear.lookUp === undefined
      ? {}
      : { lookUp: compile(design.nonlinear.lookUp.rules, NONLINEAR_COUNTS) }),
    components,
    srams,
    eventEnergy,
    ...(router === undefined ? {} : { router: { energy: router.energy, count: 3 * nodes } }),
    ...(link === undefined ? {} : { link }),
    ...(whole === undefined ? {} : { whole }),
    leakage: milliwatts(components.reduce((sum, { leakage }) => sum + leakage, 0)),
    area: covered,
  };
}
