import type { OpenedModel } from '../../model/load.ts';
import type { LoadedModel } from '../../model/model.ts';
import { exactNonlinear } from '../../model/layer/nonlinear.ts';
import type { Block } from '../data/blocks.ts';
import type { Plan } from '../plan/plan-file.ts';
import { leavesWindows } from '../plan/planned-functions.ts';
import { checkMatrices, checkPlan, plannedPrecision } from '../plan/planned-precision.ts';
import { headOf, UNQUANTISED } from '../../vlp/arithmetic.ts';
import { measuredMethod } from '../score/measured-method.ts';
import { aloneAt, arithmeticFor, FULL_PRECISION, type Precision, precisionOf } from '../score/precision.ts';
import type { Run } from '../score/score-runs.ts';
import type { WindowEntry } from '../windows/window-file.ts';
import { chosenWindows } from '../windows/windows-for.ts';
import type { Arithmetic } from './measured-arithmetic.ts';
import { DEFAULT_SETTINGS, methodUnit, noRanges, type NonlinearSettings } from './methods.ts';

/** The stored model: FP32 with exact functions. */
export const REFERENCE = arithmeticFor(FULL_PRECISION, exactNonlinear);

/** What all arithmetics of a measurement have in common. */
export interface CommonRuns {
  /** What differs by layer and function, in the place of VLP and of bits and groups, and its path, for errors. */
  plan?: { plan: Plan; path: string };
  /** The output matrix, where it is priced otherwise than designs compute it: see `headAt`; absent: as they do. */
  head?: Precision['head'];
  /** Forgets what earlier runs chose. */
  fresh?: boolean;
  /** Told of the passes that choose windows. */
  onCalibration?: (done: number, total: number) => void;
}

/** Turns arithmetics into ways of computing a model. */
export class ArithmeticRuns {
  readonly #opened: OpenedModel;
  readonly #calibration: readonly Block[];
  readonly #common: CommonRuns;
  readonly head: Precision['head'];
  readonly #calibrations = new Map<string, Promise<WindowEntry[]>>();

  /** @throws MugiError for a plan of another model */
  constructor(opened: OpenedModel, calibration: readonly Block[], common: CommonRuns) {
    this.#opened = opened;
    this.#calibration = calibration;
    this.#common = common;
    this.head = common.head ?? headOf(UNQUANTISED);
    if (common.plan === undefined) return;
    const { plan, path } = common.plan;
    checkPlan(plan, opened.config, path);
    checkMatrices(plan, opened, path);
  }

  async run(model: LoadedModel, one: Arithmetic | undefined): Promise<Run> {
    if (one === undefined) return { name: 'stored', arithmetic: REFERENCE, ranges: noRanges };
    const method = measuredMethod({ method: one.functions });
    const { unit, ranges } = methodUnit(method, this.#opened.config, await this.#settings(model, one));
    return { name: method, arithmetic: arithmeticFor(this.#precision(model, one), unit), ranges };
  }

  #precision(model: LoadedModel, { activations, products, group, alone }: Arithmetic): Precision {
    const { plan } = this.#common;
    const weights = { bits: 4 as const, group };
    const computed = precisionOf({ activations, products, weights, unquantised: UNQUANTISED });
    const own = { ...computed, head: this.head };
    const whole = plan === undefined ? own : plannedPrecision(own, plan.plan, model, plan.path);
    return alone === undefined ? whole : (aloneAt(alone, whole) ?? FULL_PRECISION);
  }

  async #settings(model: LoadedModel, { vlp, windows }: Arithmetic): Promise<NonlinearSettings> {
    if (vlp === undefined) return DEFAULT_SETTINGS;
    const { plan } = this.#common;
    const { rows: groupRows, mantissaBits, exponents: lutSize, rowSum } = vlp;
    const functions = { ...DEFAULT_SETTINGS.functions, ...vlp.functions };
    const settings: NonlinearSettings = {
      ...DEFAULT_SETTINGS,
      groupRows,
      mantissaBits,
      lutSize,
      rowSum,
      functions,
      ...(plan === undefined ? {} : { plan: plan.plan.functions }),
    };
    const chosen =
      windows !== 'default' &&
      (plan === undefined || leavesWindows(plan.plan.functions, this.#opened.config));
    return chosen ? { ...settings, windows: await this.#windows(model, settings) } : settings;
  }

  /** As `mugi accuracy` chooses them, once for each size of table and group of rows. */
  #windows(model: LoadedModel, settings: NonlinearSettings): Promise<WindowEntry[]> {
    const { groupRows, mantissaBits, lutSize } = settings;
    const key = `${groupRows} ${mantissaBits} ${lutSize}`;
    let windows = this.#calibrations.get(key);
    if (windows === undefined) {
      const { fresh, onCalibration } = this.#common;
      windows = chosenWindows({
        opened: this.#opened,
        model,
        calibration: this.#calibration,
        settings,
        ...(fresh === undefined ? {} : { fresh }),
        ...(onCalibration === undefined ? {} : { onProgress: onCalibration }),
      }).then((chosen) => chosen.windows);
      this.#calibrations.set(key, windows);
    }
    return windows;
  }
}
