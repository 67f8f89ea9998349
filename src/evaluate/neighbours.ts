import { type Design, MEMORIES, nodeCount, sramName } from '../design/design.ts';
import { dramBitsPerCycle, type Environment } from '../technology/environment.ts';
import { linkEnergy } from '../technology/link.ts';
import {
  cycles,
  cyclesToSeconds,
  type Joules,
  joules,
  milliwatts,
  milliwattsToWatts,
  picojoulesToJoules,
  type SquareMillimetres,
  squareMillimetres,
  type Watts,
} from '../units.ts';
import type { Group, Operator, Workload } from '../workload/operator.ts';
import type { Carbon } from './carbon.ts';
import { withMoves } from './energy.ts';
import { carbonUnder } from './evaluate.ts';
import type { Preset, Totals } from './evaluation.ts';
import { dramCycles, meshCycles, portCycles } from './execute/execution.ts';
import { decidedBy, type Mapped, mapOn, type Memories } from './execute/mapped.ts';
import { hopEnergy, type PricedDesign } from './price.ts';
import { add, emptyGroups, emptyShare, ofKind, type Share } from './share.ts';

/**
 * Evaluations of designs that differ in their memories alone, on workloads and in environments: what `evaluate` gives, in
 * every bit, for a small part of its work. An operator is mapped once for all memories that cut it into the same tiles;
 * behind that are left the products with prices, and the slowest of the resources.
 */

/** A design with other memories. */
export type Fit = (design: Design, sram: Design['sram']) => Design;

/** One operator of a workload, with its mappings by what decides them. */
interface Line {
  operator: Operator;
  mapped: Map<number, Mapped>;
  /** The last one, and what decided it: memories that follow each other mostly lead to the same. */
  last: Mapped | undefined;
  key: number;
}

/** The design with memories of some word widths. */
interface Fitted {
  design: Design;
  /** By operator without its name. */
  mapped: Map<string, Map<number, Mapped>>;
}

/** A workload on it. */
interface Placed {
  design: Design;
  lines: Line[];
}

export class Neighbours {
  readonly #priced: PricedDesign;
  readonly #preset: Preset;
  readonly #fit: Fit;
  /** By word widths. */
  readonly #fitted = new Map<string, Fitted>();

  /**
   * @param priced a design with any memories, as the preset sees it
   * @param fit the design with other memories; what it changes besides may depend on the widths of their words alone
   * @throws RangeError for a preset that changes executions, whose changes may look at anything: `shareable` tells
   */
  constructor(priced: PricedDesign, preset: Preset, fit: Fit = (design, sram) => ({ ...design, sram })) {
    if (!shareable(preset)) throw new RangeError(`${preset.name} changes executions`);
    this.#priced = priced;
    this.#preset = preset;
    this.#fit = fit;
  }

  /** Evaluations of one workload. */
  over(workload: Workload): Neighbourhood {
    return new Neighbourhood(this.#priced, this.#preset, workload, (words, sram) =>
      this.#place(workload, words, sram),
    );
  }

  #place({ operators }: Workload, words: string, sram: Design['sram']): Placed {
    let fitted = this.#fitted.get(words);
    if (fitted === undefined) {
      fitted = { design: this.#fit(this.#priced.design, sram), mapped: new Map() };
      this.#fitted.set(words, fitted);
    }
    const known = fitted.mapped;
    const lines = operators.map((operator) => {
      const key = keyOf(operator);
      let mapped = known.get(key);
      if (mapped === undefined) known.set(key, (mapped = new Map()));
      return { operator, mapped, last: undefined, key: Number.NaN };
    });
    return { design: fitted.design, lines };
  }
}

/** What of an operator decides its mapping: all but what it is called. */
function keyOf(operator: Operator): string {
  let key = KEYS.get(operator);
  if (key === undefined) {
    const { name: _, group: _group, phase: _phase, ...rest } = operator;
    KEYS.set(operator, (key = JSON.stringify(rest)));
  }
  return key;
}

const KEYS = new WeakMap<Operator, string>();

/** Whether evaluations under a preset can share work: none of its changes reaches into an execution. */
export const shareable = ({ changes }: Preset): boolean => changes.execution.length === 0;

/** Evaluations of one workload on neighbouring designs: `place` chooses memories, `in` an environment. */
export class Neighbourhood implements Totals {
  readonly workload: Workload;
  readonly groups: Record<Group, Share>;
  gemm = emptyShare();
  nonlinear = emptyShare();
  other = emptyShare();
  total = emptyShare();
  leakage: Watts = milliwattsToWatts(milliwatts(0));
  area: SquareMillimetres = squareMillimetres(0);
  environment!: Environment;
  readonly operators: { operator: Operator; time: ReturnType<typeof cyclesToSeconds> }[];
  readonly #priced: PricedDesign;
  readonly #preset: Preset;
  readonly #placeOn: (words: string, sram: Design['sram']) => Placed;
  readonly #byWords = new Map<string, Placed>();
  readonly #nodes: number;
  readonly #mapped: Mapped[] = [];
  readonly #energy: Joules[] = [];
  /** Cycles of everything on the chip, which no environment changes. */
  readonly #inside: number[] = [];
  readonly #shares: { group: Share; kind: Share }[];

  constructor(
    priced: PricedDesign,
    preset: Preset,
    workload: Workload,
    placeOn: (words: string, sram: Design['sram']) => Placed,
  ) {
    this.#priced = priced;
    this.#preset = preset;
    this.#placeOn = placeOn;
    this.workload = workload;
    this.#nodes = nodeCount(priced.design);
    this.groups = emptyGroups();
    this.operators = workload.operators.map((operator) => ({
      operator,
      time: cyclesToSeconds(cycles(0), priced.technology.clock),
    }));
    this.#shares = workload.operators.map((operator) => ({
      group: this.groups[operator.group],
      kind: ofKind(operator, this),
    }));
  }

  /** Chooses the memories of the design. */
  place(memories: Memories): void {
    const { input, weight, output } = memories;
    const words = `${input.sram.wordBits} ${weight.sram.wordBits} ${output.sram.wordBits}`;
    const sram = { input: input.sram, weight: weight.sram, output: output.sram };
    const srams = { input: input.row, weight: weight.row, output: output.row };
    let placed = this.#byWords.get(words);
    if (placed === undefined) this.#byWords.set(words, (placed = this.#placeOn(words, sram)));
    const { lines } = placed;
    const design = { ...placed.design, sram };
    this.#weigh(memories);
    const routed = this.#routed();
    for (let i = 0; i < lines.length; i++) {
      const line = lines[i];
      const key = decidedBy(design, line.operator);
      let mapped = line.last;
      if (mapped === undefined || key !== line.key) {
        mapped = line.mapped.get(key);
        if (mapped === undefined)
          line.mapped.set(key, (mapped = mapOn({ ...this.#priced, design }, line.operator, memories)));
        line.last = mapped;
        line.key = key;
      }
      this.#mapped[i] = mapped;
      this.#energy[i] = withMoves(mapped.logic, srams, mapped.words, routed * mapped.routing);
      const { ports, over, times } = mapped;
      let inside = mapped.units;
      inside = Math.max(inside, portCycles(ports[0], input.row.accessCycles, over) * times);
      inside = Math.max(inside, portCycles(ports[1], weight.row.accessCycles, over) * times);
      inside = Math.max(inside, portCycles(ports[2], output.row.accessCycles, over) * times);
      this.#inside[i] = inside;
    }
  }

  /** Energy of a bit and hop: the length of a link follows from what a node covers. */
  #routed(): number {
    const { router, link } = this.#priced;
    const node = squareMillimetres(this.area / this.#nodes);
    return hopEnergy(link === undefined ? { router } : { router, link: linkEnergy(node) });
  }

  /** Evaluates the design in an environment; the totals hold until the next call. */
  in(environment: Environment): this {
    this.environment = environment;
    const { clock } = this.#priced.technology;
    const system = { dramBitsPerCycle: dramBitsPerCycle(environment, clock), linkBits: environment.linkBits };
    const perBit = picojoulesToJoules(environment.dramPicojoulesPerBit);
    const { groups } = this;
    clear(groups.projection);
    clear(groups.attention);
    clear(groups.ffn);
    clear(groups.nonlinear);
    clear(groups.output);
    clear(groups.other);
    clear(this.gemm);
    clear(this.nonlinear);
    clear(this.other);
    clear(this.total);
    const meshed = this.#nodes > 1;
    for (let i = 0; i < this.#mapped.length; i++) {
      const { times, edge, link, bits, macs } = this.#mapped[i];
      let busy = this.#inside[i];
      if (meshed) busy = Math.max(busy, meshCycles(link, system) * times);
      busy = Math.max(busy, dramCycles(edge, system) * times);
      const time = cyclesToSeconds(cycles(busy), clock);
      this.operators[i].time = time;
      const energy = this.#energy[i];
      const dram = joules(bits * perBit);
      const { group, kind } = this.#shares[i];
      add(group, time, energy, dram, macs);
      add(kind, time, energy, dram, macs);
      add(this.total, time, energy, dram, macs);
    }
    return this;
  }

  /** Made when it is asked for. */
  get carbon(): Carbon {
    const { groups, total, leakage, area, environment } = this;
    const operators = this.workload.operators.map((operator, i) => ({ operator, energy: this.#energy[i] }));
    return carbonUnder(this.#preset, { operators, groups, total, leakage, area, environment });
  }

  /** Leakage and area: the sums of `priceDesign`, in its order. */
  #weigh(memories: Memories): void {
    let [leakage, area] = [0, 0];
    for (const { name, leakage: own, area: covers } of this.#priced.components) {
      const row = MEMORY_OF.get(name);
      leakage += row === undefined ? own : memories[row].row.leakage_mW * this.#nodes;
      area += row === undefined ? covers : memories[row].row.area_mm2 * this.#nodes;
    }
    this.leakage = milliwattsToWatts(milliwatts(leakage));
    this.area = squareMillimetres(area);
  }
}

const MEMORY_OF = new Map(MEMORIES.map((memory) => [sramName(memory), memory]));

function clear(share: Share): void {
  share.time = NOTHING.time;
  share.energy = NOTHING.energy;
  share.dram = NOTHING.dram;
  share.macs = 0;
}

const NOTHING = emptyShare();
