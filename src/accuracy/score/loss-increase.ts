import { type Computed, computedBy } from '../../design/computed.ts';
import { MugiError } from '../../errors.ts';
import { isVision } from '../../model/config/config.ts';
import { openModel } from '../../model/load.ts';
import { ArithmeticLosses } from '../study/arithmetic-losses.ts';
import { type CommonRuns } from '../study/arithmetic-runs.ts';
import {
  type Arithmetic,
  arithmeticOf,
  type MeasuredDesign,
  partsOf,
  withExactFunctions,
} from '../study/measured-arithmetic.ts';
import type { Method } from '../study/methods-list.ts';
import type { AccuracyPart } from './accuracy-parts.ts';
import { COMPARISON_TARGETS } from './comparison-targets.ts';
import { measuredMethod } from './measured-method.ts';
import { type Estimate, isTie } from './statistics.ts';

export type { MeasuredDesign };

/** A mean difference of losses, nats per target. */
export interface LossDifference {
  loss_increase: number;
  /** Half of its 95 % interval; infinite where one block gives none. */
  loss_increase_ci95: number;
  /** Indistinguishable from 0; null without an interval. */
  tie: boolean | null;
}

/** One thing of an arithmetic: alone above the stored model, or, of sums, above the same with exact ones. */
export interface LossPart extends LossDifference {
  part: AccuracyPart;
}

/** What an arithmetic costs a model: all that it does above the stored model, and what makes that up. */
export interface LossIncrease extends LossDifference {
  method: Method;
  /** What was measured: designs that compute it have this loss. Absent where a file says no more than the method. */
  computed?: Computed;
  /** Its nonlinear functions in it: above the exact functions with the same arithmetic otherwise. */
  functions_increase: number;
  functions_increase_ci95: number;
  functions_tie: boolean | null;
  perplexity: number;
  kl: number;
  parts: LossPart[];
}

/** What designs cost one model. */
export interface LossMeasurement {
  model: string;
  data: string;
  /** Targets that were scored. */
  targets: number;
  /** One for each distinct arithmetic. */
  increases: LossIncrease[];
}

export interface LossIncreaseOptions extends CommonRuns {
  /** Embedded model, Hugging Face folder or GGUF file. */
  model: string;
  /** Each distinct arithmetic of them is measured once. */
  designs: readonly MeasuredDesign[];
  /** Targets to score; small by default, so that a comparison of hardware stays interactive. */
  tokens?: number;
  text?: string;
  images?: string;
  /** Told of the passes of the model that are done, a batch of an arithmetic each. */
  onProgress?: (done: number, total: number) => void;
}

/**
 * Measured losses of designs on a model: what a comparison of hardware shows beside speed and energy, as `mugi accuracy`
 * measures each. What was measured of an arithmetic is kept, so that a later comparison has it at once.
 * @throws MugiError for a model that reads images, without images
 */
export async function lossIncreases(options: LossIncreaseOptions): Promise<LossMeasurement> {
  const { designs, tokens = COMPARISON_TARGETS, onProgress, ...common } = options;
  const opened = await openModel(options.model, 'cores');
  if (isVision(opened.config) && options.images === undefined) {
    throw new MugiError({
      code: 'unsupported',
      message: `a ${opened.config.modelType} model needs images, which a comparison does not read`,
      path: options.model,
      expected: 'a text model; for images see mugi accuracy --images',
    });
  }
  const losses = await ArithmeticLosses.open(opened, { ...common, tokens });
  const all = distinctOf(designs);
  const needed = all.flatMap(({ one }) => [
    one,
    withExactFunctions(one),
    ...partsOf(one, losses.head).flatMap((part) => [
      part.one,
      ...(part.beside === undefined ? [] : [part.beside]),
    ]),
  ]);
  const steps = losses.targets.length;
  await losses.measure(unique(needed), steps, onProgress);
  const above = ({ one, beside }: { one: Arithmetic; beside?: Arithmetic }): LossDifference =>
    differenceOf(beside === undefined ? losses.increase(one, steps) : losses.difference(one, beside, steps));
  return {
    model: opened.name,
    data: losses.data,
    targets: losses.targets.at(-1) ?? 0,
    increases: all.map(({ computed, one }) => {
      const functions = above({ one, beside: withExactFunctions(one) });
      const { loss, kl } = losses.means(one, steps);
      return {
        method: measuredMethod({ method: one.functions }),
        computed,
        ...above({ one }),
        functions_increase: functions.loss_increase,
        functions_increase_ci95: functions.loss_increase_ci95,
        functions_tie: functions.tie,
        perplexity: Math.exp(loss),
        kl,
        parts: partsOf(one, losses.head).map((part) => ({ part: part.part, ...above(part) })),
      };
    }),
  };
}

const differenceOf = (estimate: Estimate): LossDifference => ({
  loss_increase: estimate.mean,
  loss_increase_ci95: estimate.ci95,
  tie: isTie(estimate),
});

/** Each arithmetic of some designs once, in their order. */
function distinctOf(designs: readonly MeasuredDesign[]): { computed: Computed; one: Arithmetic }[] {
  const found = new Map(
    designs.map((design) => {
      const computed = computedBy(design);
      return [JSON.stringify(computed), { computed, one: arithmeticOf(design) }];
    }),
  );
  return [...found.values()];
}

const unique = (all: readonly Arithmetic[]): Arithmetic[] => [
  ...new Map(all.map((one) => [JSON.stringify(one), one])).values(),
];
