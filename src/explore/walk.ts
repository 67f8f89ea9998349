import { basedDesign, customDesign, memoryIn, variantOf, withMemories } from '../design/custom.ts';
import { computedBy } from '../design/computed.ts';
import { type Design, MEMORIES, type MemoryName } from '../design/design.ts';
import { MugiError } from '../errors.ts';
import { evaluate } from '../evaluate/evaluate.ts';
import type { Metric, Preset, Totals } from '../evaluate/evaluation.ts';
import { metricsOf } from '../evaluate/metrics.ts';
import type { Memories } from '../evaluate/execute/mapped.ts';
import { Neighbours, type Neighbourhood, shareable } from '../evaluate/neighbours.ts';
import { type PricedDesign, priceSram, type PricedSram } from '../evaluate/price.ts';
import { priceDesign } from '../evaluate/whole-machines.ts';
import { designUnder } from '../published/preset.ts';
import { environmentOf, modelOf, presetOf, technologyOf, workloadFor } from '../question/point.ts';
import { question } from '../question/question.ts';
import type { Environment } from '../technology/environment.ts';
import type { Technology } from '../technology/technology.ts';
import type { ModelShape } from '../workload/model.ts';
import type { Workload } from '../workload/operator.ts';
import { attempt, problemOf } from './attempt.ts';
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
  memories: Map<string, PricedSram | MugiError>;
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
  #at = { logic: -1, use: -1, memory: -1, environment: -1 };
  #parameters: Record<string, Value> = {};
  #outer: Outer | undefined;
  readonly #workloads = new Map<string, Workload[] | MugiError>();
  #used: Workload[] | MugiError = [];
  #hoods: Neighbourhood[] = [];
  #placed: MugiError | undefined;
  readonly #environments = new Map<number, Environment | MugiError>();
  #environmentOf: Block | undefined;

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
    const inside = this.#space.conditional ? block.grid.point(index - block.offset) : undefined;
    if (inside !== undefined && !this.#space.keeps(block, inside)) return 'excluded';
    // What the last point that was kept left behind stands; a point that is left out costs nothing.
    const at = this.#at;
    const newLogic = logic !== at.logic;
    const newUse = newLogic || use !== at.use;
    const newMemory = newUse || memory !== at.memory;
    this.#at = { logic, use, memory, environment };
    const newEnvironment = !this.#knows(block, environment);
    if (inside !== undefined || newMemory || newEnvironment)
      this.#parameters = inside ?? block.grid.point(index - block.offset);
    if (newLogic) this.#outer = this.#logic(block);
    if (newUse) this.#use();
    if (newMemory) this.#memory(block);
    return this.#evaluate(block);
  }

  #enter(block: Block): Block {
    this.#block = block;
    this.#at = { logic: -1, use: -1, memory: -1, environment: -1 };
    return block;
  }

  #logic(block: Block): Outer {
    const { technology: name, clock } = this.#space.asked(this.#parameters);
    const technology = technologyOf(question({ technology: name, clock }));
    const outer: Outer = { technology, memories: new Map(), arithmetics: new Map() };
    if (block.start.kind === 'full' || !shareable(this.#preset)) return outer;
    try {
      const { name: _, title: _title, ...spec } = basedDesign(specAt(block, this.#parameters));
      outer.built = variantOf(spec, { change: (design) => designUnder(design, this.#preset, technology) });
    } catch (error) {
      outer.failed = problemOf(error);
    }
    return outer;
  }

  /** The operators of a use do not depend on the design. */
  #use(): void {
    const { batch, context, prefill, weightBits, headBits, kvBits } = this.#space.asked(this.#parameters);
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
    for (const hood of this.#hoods) hood.place(memories satisfies Memories);
  }

  #sram(block: Block, outer: Outer, built: Design, memory: MemoryName): PricedSram | MugiError {
    const own = ownSram(block)?.[memory];
    const kib = (this.#parameters[`sram.${memory}`] as number | undefined) ?? own?.kib;
    const wordBits = (this.#parameters[`sram.${memory}.word_bits`] as number | undefined) ?? own?.word_bits;
    const key = `${memory} ${kib} ${wordBits}`;
    let known = outer.memories.get(key);
    if (known === undefined) {
      const asked = {
        ...(kib === undefined ? {} : { kib }),
        ...(wordBits === undefined ? {} : { word_bits: wordBits }),
      };
      const { technology } = outer;
      known = attempt(() => {
        // A built-in design that nothing changes need not have memories that a file could ask for.
        const unchanged = Object.keys(specAt(block, this.#parameters)).length === 1;
        const sram = unchanged ? built.sram[memory] : memoryIn(built, memory, asked, { technology });
        return priceSram(sram, technology);
      });
      outer.memories.set(key, known);
    }
    return known;
  }

  #evaluate(block: Block): Outcome {
    const outer = this.#outer!;
    const environment = this.#environment();
    const failed = [outer.failed, this.#used, this.#placed, environment].find(
      (one) => one instanceof MugiError,
    );
    if (failed !== undefined) return this.#fails(failed);
    const around = environment as Environment;
    if (outer.built !== undefined) {
      this.#compute(outer, outer.built);
      this.#measure(this.#hoods.map((hood) => hood.in(around)));
      return 'evaluated';
    }
    // One by one: a design described whole, or a preset whose changes may look at anything.
    const { technology } = outer;
    try {
      const change = (design: Design): Design => designUnder(design, this.#preset, technology);
      const spec = specAt(block, this.#parameters);
      const named = block.start.kind === 'full' ? { ...spec, name: 'explored' } : spec;
      const priced = priceDesign(customDesign(named, { technology, change }), technology);
      this.#compute(outer, priced.design);
      this.#measure(
        (this.#used as Workload[]).map((workload) => evaluate(priced, workload, this.#preset, around)),
      );
    } catch (error) {
      return this.#fails(problemOf(error));
    }
    return 'evaluated';
  }

  #compute({ arithmetics }: Outer, design: Design): void {
    if (this.#space.plan.loss === undefined) return;
    const windows = (this.#parameters[WINDOWS] ?? 'auto') as string;
    let known = arithmetics.get(windows);
    if (known === undefined) {
      const computed = computedBy(design);
      known = JSON.stringify(computed.vlp === undefined ? computed : { ...computed, windows });
      arithmetics.set(windows, known);
    }
    this.arithmetic = known;
  }

  #knows(block: Block, environment: number): boolean {
    if (this.#environmentOf !== block || this.#environments.size >= MOST_KEPT) this.#environments.clear();
    this.#environmentOf = block;
    return this.#environments.has(environment);
  }

  #environment(): Environment | MugiError {
    const known = this.#environments.get(this.#at.environment);
    if (known !== undefined) return known;
    const made = attempt(() => {
      const { linkBits, dramBandwidth, dramEnergy, carbonIntensity, fabricationEnergy, lifetime } =
        this.#space.asked(this.#parameters);
      return environmentOf(
        question({ linkBits, dramBandwidth, dramEnergy, carbonIntensity, fabricationEnergy, lifetime }),
      );
    });
    this.#environments.set(this.#at.environment, made);
    return made;
  }

  #measure(evaluations: readonly Totals[]): void {
    const valuesOf = (name: string): number[] =>
      evaluations.map((one) => this.#known.get(name)!.value(one) ?? Number.NaN);
    for (let i = 0; i < this.metrics.length; i++) {
      const metric = this.metrics[i];
      this.values[i] =
        evaluations.length === 1
          ? (metric.value(evaluations[0]) ?? Number.NaN)
          : mixtureOf(metric, valuesOf, this.#shares);
    }
  }

  #fails(error: MugiError): Outcome {
    this.reason = error.message;
    this.values.fill(Number.NaN);
    return 'unbuildable';
  }
}

/** Memories that the file of a start asks for. */
const ownSram = ({
  start,
}: Block): Partial<Record<MemoryName, { kib?: number; word_bits?: number }>> | undefined =>
  start.spec.sram as never;

/** Workloads and environments that are kept at once. */
const MOST_KEPT = 4096;
