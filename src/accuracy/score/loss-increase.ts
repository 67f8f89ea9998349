import type { Design } from '../../design/design.ts';
import { MugiError } from '../../errors.ts';
import { isVision } from '../../model/config/config.ts';
import { type OpenedModel, openModel } from '../../model/load.ts';
import { COMPARISON_TARGETS } from './comparison-targets.ts';
import { readData } from '../data/data.ts';
import { measure } from './measure.ts';
import type { AccuracyPart } from './accuracy-row.ts';
import { FULL_PRECISION, precisionOf } from './precision.ts';
import { designSettings } from '../study/design-settings.ts';
import { DEFAULT_SETTINGS, defaultMethods, type Method } from '../study/methods.ts';
import { choose } from '../data/split.ts';
import type { Plan } from '../plan/plan-file.ts';
import { leavesWindows } from '../plan/planned-functions.ts';
import { checkPlan, plannedPrecision } from '../plan/planned-precision.ts';
import { windowsFor } from '../windows/windows-for.ts';

export interface LossIncrease {
  method: Method;
  /** Mean loss of all that the design does above the stored model, nats per target, and its 95 % half-width. */
  loss_increase: number;
  loss_increase_ci95: number;
  /** Indistinguishable from the stored model; null without an interval. */
  tie: boolean | null;
  /** Its nonlinear functions in it: above the exact functions with the same arithmetic otherwise. */
  functions_increase: number;
  functions_increase_ci95: number;
  functions_tie: boolean | null;
  perplexity: number;
  kl: number;
}

/** One thing alone that every design does: INT4 weights, keys and values, activations, sums. */
export interface LossPart {
  part: AccuracyPart;
  loss_increase: number;
  loss_increase_ci95: number;
  tie: boolean | null;
}

/** What designs cost one model. */
export interface LossMeasurement {
  model: string;
  data: string;
  /** Targets that were scored. */
  targets: number;
  increases: LossIncrease[];
  /** What makes the first of them up, functions apart. */
  parts: LossPart[];
}

export interface LossIncreaseOptions {
  /** Embedded model, Hugging Face folder or GGUF file. */
  model: string;
  methods?: readonly Method[];
  /** Targets to score; small by default, so that a comparison of hardware stays interactive. */
  tokens?: number;
  /** Arithmetic of the designs, functions apart, and the height of the array that groups inputs. */
  design?: Pick<Design, 'arithmetic' | 'array'>;
  /** What differs by layer and function in the design that computes VLP, and its path, for errors. */
  plan?: { plan: Plan; path: string };
  text?: string;
  images?: string;
  onProgress?: (stage: 'calibration' | 'measurement', done: number, total: number) => void;
  /** Receives how many batches an interrupted run had finished. */
  onResume?: (batches: number) => void;
}

/**
 * Measured loss increase of designs on a model: what a comparison of hardware shows beside speed and energy. Without a
 * design, nonlinear methods alone. VLP gets automatic windows from a calibration pass over other text.
 * @throws MugiError for a model that reads images
 */
export async function lossIncreases(options: LossIncreaseOptions): Promise<LossMeasurement> {
  const opened: OpenedModel = await openModel(options.model);
  const methods = options.methods ?? defaultMethods(opened.config);
  if (isVision(opened.config) && options.images === undefined) {
    throw new MugiError({
      code: 'unsupported',
      message: `a ${opened.config.modelType} model needs images, which a comparison does not read`,
      path: options.model,
      expected: 'a text model; for images see mugi accuracy --images',
    });
  }
  const data = await readData(opened, {
    text: options.text,
    images: options.images,
    calibrates: methods.includes('vlp'),
  });
  const model = opened.load();
  const { design } = options;
  const settings = { ...DEFAULT_SETTINGS, ...(design && designSettings(design)) };
  const { plan } = options;
  if (plan !== undefined) {
    checkPlan(plan.plan, opened.config, plan.path);
    settings.plan = plan.plan.functions;
  }
  const precision = design === undefined ? FULL_PRECISION : precisionOf(design.arithmetic);
  if (methods.includes('vlp') && (plan === undefined || leavesWindows(plan.plan.functions, opened.config))) {
    settings.windows = await windowsFor({
      opened,
      model,
      calibration: data.calibration,
      settings,
      targets: COMPARISON_TARGETS,
      onProgress: (done, total) => options.onProgress?.('calibration', done, total),
    });
  }
  const rows = await measure({
    opened,
    model,
    methods,
    precision: plan === undefined ? precision : plannedPrecision(precision, plan.plan, model, plan.path),
    parts: design !== undefined,
    settings,
    blocks: choose(data.test, options.tokens ?? COMPARISON_TARGETS),
    data: data.name,
    onProgress: (done, total) => options.onProgress?.('measurement', done, total),
    onResume: options.onResume,
  });
  const whole = rows.filter(({ part }) => part === 'all');
  return {
    model: opened.name,
    data: data.name,
    targets: rows[0].tokens,
    increases: whole.map((row) => ({
      method: row.method as Method,
      loss_increase: row.over_stored,
      loss_increase_ci95: row.over_stored_ci95,
      tie: row.over_stored_tie,
      functions_increase: row.loss_increase,
      functions_increase_ci95: row.loss_increase_ci95,
      functions_tie: row.tie,
      perplexity: row.perplexity,
      kl: row.kl,
    })),
    parts: rows
      .filter(({ part }) => part !== 'all' && part !== 'functions')
      .map(({ part, loss_increase, loss_increase_ci95, tie }) => ({
        part,
        loss_increase,
        loss_increase_ci95,
        tie,
      })),
  };
}
