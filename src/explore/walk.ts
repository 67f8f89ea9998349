import { basedDesign, customDesign, variantOf, withMemories } from '../design/custom.ts';
import { computedBy } from '../design/computed.ts';
import { type Design, MEMORIES, type MemoryName } from '../design/design.ts';
import { MugiError } from '../errors.ts';
import { evaluate } from '../evaluate/evaluate.ts';
import type { Metric, Preset, Totals } from '../evaluate/evaluation.ts';
import { metricsOf } from '../evaluate/metrics.ts';
import type { Memories } from '../evaluate/execute/mapped.ts';
import { Neighbours, type Neighbourhood, shareable } from '../evaluate/neighbours.ts';
import { type PricedDesign, type PricedSram } from '../evaluate/price.ts';
import { priceDesign } from '../evaluate/whole-machines.ts';
import { designUnder } from '../published/preset.ts';
import { environmentOf, modelOf, presetOf, technologyOf, workloadFor } from '../question/point.ts';
import { question } from '../question/question.ts';
import type { Environment } from '../technology/environment.ts';
import type { Technology } from '../technology/technology.ts';
import type { ModelShape } from '../workload/model.ts';
import type { Workload } from '../workload/operator.ts';
import { attempt, problemOf } from './attempt.ts';
import { type AskedMemory, BlockMemories, PricedMemories } from './block-memories.ts';
import type { Value } from './expression.ts';
import { mixtureOf, sharesOf } from './mixture.ts';
import { WINDOWS } from './space/parameters.ts';
import { trackedOf } from './space/plan.ts';
import { type Block, type Space, specAt } from './space/space.ts';

/** What becomes of a point: it is evaluated, its conditions leave it out, or it cannot be built. */
export type Outcome = 'evaluated' | 'excluded' | 'unbuildable';

/** What the outer parameters of a block decide, kept while the inner ones change. */
interface Outer {
  technology: Technology;
  built?: Design;
  neighbours?: Neighbours;
  priced?: PricedDesign;
  /** By memory and what is asked of it. */
  memories: Record<MemoryName, (PricedSram | MugiError)[]>;
  failed?: MugiError;
  /** What it computes, by the source of its windows. */
  arithmetics: Map<string, string>;
}

/**
 * Evaluates the points of a space one behind the other. Neighbours share what they have in common: the design's logic and
 * its price, the operators of a use, their mappings, each memory. The values are those of `evaluate`, in every bit.
 */
export class Walker {
  readonly metrics: readonly Metric[];
  /** Metrics of the last point, in the order of `metrics`; NaN where the inference has none. */
  readonly values: Float64Array;
  /** Why the last point cannot be built. */
  reason = '';
  /** What the last point computes, where its loss is asked for: equal texts, equal losses. */
  arithmetic = '';
  readonly #space: Space;
  readonly #preset: Preset;
  readonly #known: ReadonlyMap<string, Metric>;
  readonly #models: readonly ModelShape[];
  readonly #shares: readonly number[];
  #block: Block | undefined;
  #memories: BlockMemories | undefined;
  readonly #prices = new PricedMemories();
  #at = { logic: -1, use: -1, memory: -1, environment: -1 };
  #index = -1;
  /** Of the point `#valued`; made when they are asked for. */
  #values: Record<string, Value> = {};
  #valued = -1;
  #outer: Outer | undefined;
  readonly #workloads = new Map<string, Workload[] | MugiError>();
  #used: Workload[] | MugiError = [];
  #hoods: Neighbourhood[] = [];
  #placed: MugiError | undefined;
  readonly #environments = new Map<number, Environment | MugiError>();

  constructor(space: Space) {
    this.#space = space;
    const asked = question(space.plan.surroundings);
    this.#preset = presetOf(asked);
    const tracked = trackedOf(space.plan);
    const all = metricsOf(this.#preset);
    this.#known = new Map(all.map((metric) => [metric.name, metric]));
    this.metrics = all.filter(({ name }) => tracked.includes(name));
    this.values = new Float64Array(this.metrics.length);
    this.#models = space.plan.models.map(({ source }) => modelOf({ model: source }));
    this.#shares = sharesOf(space.plan.models);
  }

  /** Evaluates a point: its metrics are in `values` until the next call. */
  at(index: number): Outcome {
    const block =
      this.#block !== undefined &&
      index >= this.#block.offset &&
      index < this.#block.offset + this.#block.grid.size
        ? this.#block
        : this.#enter(this.#space.blockOf(index));
    const { sizes } = block;
    let rest = index - block.offset;
    const environment = rest % sizes.environment;
    rest = (rest - environment) / sizes.environment;
    const memory = rest % sizes.memory;
    rest = (rest - memory) / sizes.memory;
    const use = rest % sizes.use;
    const logic = (rest - use) / sizes.use;
    this.#index = index;
    // What the last point that was kept left behind stands; a point that is left out costs nothing.
    if (this.#space.conditional && !this.#space.keeps(block, this.#parameters(block))) return 'excluded';
    const at = this.#at;
    const newLogic = logic !== at.logic;
    const newUse = newLogic || use !== at.use;
    const newMemory = newUse || memory !== at.memory;
    this.#at = { logic, use, memory, environment };
    if (newLogic) this.#outer = this.#logic(block);
    if (newUse) this.#use(block);
    if (newMemory) this.#memory(block);
    return this.#evaluate(block);
  }

  #parameters(block: Block): Record<string, Value> {
    if (this.#valued !== this.#index) {
      this.#values = block.grid.point(this.#index - block.offset);
      this.#valued = this.#index;
    }
    return this.#values;
  }

  #enter(block: Block): Block {
    this.#block = block;
    this.#memories = new BlockMemories(block);
    this.#environments.clear();
    this.#at = { logic: -1, use: -1, memory: -1, environment: -1 };
    return block;
  }

  #logic(block: Block): Outer {
    const { technology: name, clock } = this.#space.asked(this.#parameters(block));
    const technology = technologyOf(question({ technology: name, clock }));
    const outer: Outer = {
      technology,
      memories: { input: [], weight: [], output: [] },
      arithmetics: new Map(),
    };
    if (block.start.kind === 'full' || !shareable(this.#preset)) return outer;
    try {
      const { name: _, title: _title, ...spec } = basedDesign(specAt(block, this.#parameters(block)));
      outer.built = variantOf(spec, { change: (design) => designUnder(design, this.#preset, technology) });
    } catch (error) {
      outer.failed = problemOf(error);
    }
    return outer;
  }

  /** The operators of a use do not depend on the design. */
  #use(block: Block): void {
    const { batch, context, prefill, weightBits, headBits, kvBits } = this.#space.asked(
      this.#parameters(block),
    );
    const use = { batch, context, prefill, weightBits, headBits, kvBits };
    const key = JSON.stringify(use);
    let known = this.#workloads.get(key);
    if (known === undefined) {
      known = attempt(() => {
        const asked = question(use);
        return this.#models.map((model) => workloadFor(model, asked, this.#preset));
      });
      if (this.#workloads.size >= MOST_KEPT) this.#workloads.clear();
      this.#workloads.set(key, known);
    }
    this.#used = known;
    this.#hoods = [];
  }

  #memory(block: Block): void {
    this.#placed = undefined;
    const outer = this.#outer!;
    if (outer.failed !== undefined || outer.built === undefined || this.#used instanceof MugiError) return;
    const memories = {} as Record<MemoryName, PricedSram>;
    for (const memory of MEMORIES) {
      const priced = this.#sram(block, outer, outer.built, memory);
      if (priced instanceof MugiError) {
        this.#placed = priced;
        return;
      }
      memories[memory] = priced;
    }
    const { built, technology } = outer;
    if (outer.neighbours === undefined) {
      try {
        const { input, weight, output } = memories;
        const sram = { input: input.sram, weight: weight.sram, output: output.sram };
        outer.neighbours = new Neighbours(
          priceDesign({ ...built, sram }, technology),
          this.#preset,
          withMemories,
        );
      } catch (error) {
        this.#placed = problemOf(error);
        return;
      }
    }
    const { neighbours } = outer;
    if (this.#hoods.length === 0) this.#hoods = this.#used.map((workload) => neighbours.over(workload));
    try {
      for (const hood of this.#hoods) hood.place(memories satisfies Memories);
    } catch (error) {
      this.#placed = problemOf(error);
    }
  }

  #sram(
    block: Block,
    { memories, technology }: Outer,
    built: Design,
    memory: MemoryName,
  ): PricedSram | MugiError {
    const own = this.#memories!;
    const which = own.which(memory, this.#at.memory);
    const asked = (): AskedMemory | undefined =>
      own.unchanged ? undefined : own.asked(memory, this.#parameters(block));
    return (memories[memory][which] ??= this.#prices.of(built, memory, asked(), technology));
  }

  #evaluate(block: Block): Outcome {
    const outer = this.#outer!;
    const environment = this.#environment(block);
    const used = this.#used;
    if (outer.failed !== undefined) return this.#fails(outer.failed);
    if (used instanceof MugiError) return this.#fails(used);
    if (this.#placed !== undefined) return this.#fails(this.#placed);
    if (environment instanceof MugiError) return this.#fails(environment);
    if (outer.built !== undefined) {
      this.#compute(block, outer, outer.built);
      for (const hood of this.#hoods) hood.in(environment);
      this.#measure(this.#hoods);
      return 'evaluated';
    }
    // One by one: a design described whole, or a preset whose changes may look at anything.
    const { technology } = outer;
    try {
      const change = (design: Design): Design => designUnder(design, this.#preset, technology);
      const spec = specAt(block, this.#parameters(block));
      const named = block.start.kind === 'full' ? { ...spec, name: 'explored' } : spec;
      const priced = priceDesign(customDesign(named, { technology, change }), technology);
      this.#compute(block, outer, priced.design);
      this.#measure(used.map((workload) => evaluate(priced, workload, this.#preset, environment)));
    } catch (error) {
      return this.#fails(problemOf(error));
    }
    return 'evaluated';
  }

  #compute(block: Block, { arithmetics }: Outer, design: Design): void {
    if (this.#space.plan.loss === undefined) return;
    const windows = (this.#parameters(block)[WINDOWS] ?? 'auto') as string;
    let known = arithmetics.get(windows);
    if (known === undefined) {
      const computed = computedBy(design);
      known = JSON.stringify(computed.vlp === undefined ? computed : { ...computed, windows });
      arithmetics.set(windows, known);
    }
    this.arithmetic = known;
  }

  #environment(block: Block): Environment | MugiError {
    const known = this.#environments.get(this.#at.environment);
    if (known !== undefined) return known;
    const made = attempt(() => {
      const { linkBits, dramBandwidth, dramEnergy, carbonIntensity, fabricationEnergy, lifetime } =
        this.#space.asked(this.#parameters(block));
      return environmentOf(
        question({ linkBits, dramBandwidth, dramEnergy, carbonIntensity, fabricationEnergy, lifetime }),
      );
    });
    if (this.#environments.size >= MOST_KEPT) this.#environments.clear();
    this.#environments.set(this.#at.environment, made);
    return made;
  }

  #measure(evaluations: readonly Totals[]): void {
    const { metrics, values } = this;
    if (evaluations.length === 1) {
      const [only] = evaluations;
      for (let i = 0; i < metrics.length; i++) values[i] = metrics[i].value(only) ?? Number.NaN;
      return;
    }
    const valuesOf = (name: string): number[] =>
      evaluations.map((one) => this.#known.get(name)!.value(one) ?? Number.NaN);
    for (let i = 0; i < metrics.length; i++) values[i] = mixtureOf(metrics[i], valuesOf, this.#shares);
  }

  #fails(error: MugiError): Outcome {
    this.reason = error.message;
    this.values.fill(Number.NaN);
    return 'unbuildable';
  }
}

/** Workloads and environments that are kept at once. */
const MOST_KEPT = 4096;
