import type { Computed } from '../../design/computed.ts';
import { MugiError } from '../../errors.ts';
import { silentOnInterrupt } from '../../files/interrupt.ts';
import { keyOf, WorkState } from '../../files/state.ts';
import { inputOf, readsText } from '../../model/config/config.ts';
import { exactNonlinear } from '../../model/layer/nonlinear.ts';
import { type OpenedModel, openModel } from '../../model/load.ts';
import type { LoadedModel } from '../../model/model.ts';
import { random } from '../../number/random.ts';
import { type Block, keyOfBlocks } from '../data/blocks.ts';
import { readData } from '../data/data.ts';
import { choose } from '../data/split.ts';
import { fingerprint } from '../score/fingerprint.ts';
import { measuredMethod } from '../score/measured-method.ts';
import { arithmeticFor, FULL_PRECISION, precisionOf } from '../score/precision.ts';
import { batches, type Run, scoreRuns } from '../score/score-runs.ts';
import { type Estimate, pairedDifference, ratioEstimate } from '../score/statistics.ts';
import type { WindowEntry } from '../windows/window-file.ts';
import { chosenWindows } from '../windows/windows-for.ts';
import { DEFAULT_SETTINGS, methodUnit, noRanges, type NonlinearSettings } from './methods.ts';

/** An arithmetic whose loss is measured: what designs compute, and where the windows of its tables come from. */
export interface Arithmetic extends Computed {
  /** Under VLP: chosen by a calibration pass, or [−4, 3] everywhere. */
  windows?: 'auto' | 'default';
}

export interface ArithmeticLossOptions {
  /** Embedded model, Hugging Face folder or GGUF file. */
  model: string;
  text?: string;
  /** Targets of the whole measurement. */
  tokens: number;
  /** Order in which batches are measured; whole measurements do not depend on it. */
  seed: number;
  /** Forgets what earlier runs measured. */
  fresh?: boolean;
}

/** Losses of blocks, one list a batch of them. */
type BatchLosses = number[];

const STORED = 'stored';
/** Arithmetics that one pass of the stored model serves: each holds its own results until they are scored. */
const TOGETHER = 8;

/**
 * Losses of many arithmetics on one text, as `mugi accuracy` measures them: the same blocks in the same batches, in every bit.
 * What is measured of an arithmetic is kept by batch, so that later runs and longer measurements of it go on from there.
 */
export class ArithmeticLosses {
  readonly opened: OpenedModel;
  readonly data: string;
  /** Targets up to and including each batch, in the order in which they are measured. */
  readonly targets: readonly number[];
  /** Batches that hold the two blocks without which there is no interval. */
  readonly least: number;
  readonly #calibration: readonly Block[];
  readonly #batches: readonly Block[][];
  readonly #order: readonly number[];
  readonly #states = new Map<string, WorkState<BatchLosses>>();
  readonly #calibrations = new Map<string, Promise<WindowEntry[]>>();
  readonly #key: readonly unknown[];
  readonly #fresh: boolean | undefined;
  #model: LoadedModel | undefined;

  private constructor(
    opened: OpenedModel,
    options: ArithmeticLossOptions,
    data: Awaited<ReturnType<typeof readData>>,
  ) {
    const { tokens, seed, fresh } = options;
    this.opened = opened;
    this.data = data.name;
    this.#fresh = fresh;
    this.#calibration = data.calibration;
    const blocks = choose(data.test, tokens);
    if (blocks.length < 2)
      throw new MugiError({
        code: 'invalid-value',
        message: `${tokens} targets are one block of ${opened.name}, which has no interval`,
        path: 'lossTokens',
        expected: `more than ${blocks[0]?.scored ?? tokens} targets`,
        received: String(tokens),
      });
    this.#batches = batches(blocks);
    this.#order = shuffled(this.#batches.length, seed);
    let [sum, held, least] = [0, 0, 0];
    this.targets = this.#order.map((batch, i) => {
      for (const { scored } of this.#batches[batch]) sum += scored;
      held += this.#batches[batch].length;
      if (least === 0 && held >= 2) least = i + 1;
      return sum;
    });
    this.least = least;
    this.#key = [
      'arithmetic losses',
      fingerprint(opened),
      keyOfBlocks(blocks),
      keyOfBlocks(this.#calibration),
    ];
  }

  /** @throws MugiError for a model or a text that cannot be read, and one that is not measured by text */
  static async open(options: ArithmeticLossOptions): Promise<ArithmeticLosses> {
    const opened = await openModel(options.model);
    const { config } = opened;
    if (!readsText(config))
      throw new MugiError({
        code: 'unsupported',
        message: `the loss of designs is measured on text, and a ${config.modelType} model reads ${inputOf(config)}`,
        path: 'lossModel',
        expected: 'a text model',
        received: options.model,
      });
    const { text } = options;
    const data = await readData(opened, { ...(text === undefined ? {} : { text }), calibrates: true });
    return new ArithmeticLosses(opened, options, data);
  }

  /**
   * Measures what is not known yet of some arithmetics in the first `steps` batches.
   * @param report batches of arithmetics that are done, and how many there are
   */
  async measure(
    all: readonly Arithmetic[],
    steps: number,
    report: (done: number, total: number) => void = () => {},
  ): Promise<void> {
    const wanted = this.#order.slice(0, steps);
    const missing = wanted.flatMap((batch) => {
      const left = [undefined, ...all].filter((one) => this.#state(one).get(String(batch)) === undefined);
      return Array.from({ length: Math.ceil(left.length / TOGETHER) }, (_, i) => ({
        batch,
        all: left.slice(i * TOGETHER, (i + 1) * TOGETHER),
      }));
    });
    const total = missing.reduce((sum, one) => sum + one.all.length, 0);
    let done = 0;
    for (const { batch, all: left } of missing) {
      const runs: Run[] = [];
      for (const one of left) runs.push(await this.#run(one));
      const blocks = this.#batches[batch];
      const scores = await scoreRuns({
        model: this.#loaded(),
        reference: REFERENCE,
        runs,
        blocks,
        state: { get: () => undefined, set: () => {} },
        onPart: (part, of) => report(done + (part / of) * left.length, total),
      });
      // An arithmetic is kept when its batch is done: whole or not at all.
      for (const [i, one] of left.entries()) {
        const losses = scores[i].blocks.map(({ loss }) => loss);
        refuseNonFinite(this.opened, one, losses);
        this.#state(one).set(String(batch), losses);
      }
      done += left.length;
      report(done, total);
    }
    silentOnInterrupt();
  }

  /** Mean loss above the stored model over the first `steps` batches. */
  increase(one: Arithmetic, steps: number): Estimate {
    return this.#difference(one, undefined, steps);
  }

  /** Mean loss of one arithmetic less that of another, paired. */
  difference(first: Arithmetic, second: Arithmetic, steps: number): Estimate {
    return this.#difference(first, second, steps);
  }

  /** A weighted sum of losses above the stored model: of a mixture of arithmetics, or of one less another. */
  combined(all: readonly { one: Arithmetic; weight: number }[], steps: number): Estimate {
    const { counts, of } = this.#measured(steps);
    const stored = of(undefined);
    const sums = stored.map(() => 0);
    for (const { one, weight } of all)
      of(one).forEach((loss, block) => {
        sums[block] += weight * (loss - stored[block]);
      });
    return ratioEstimate(sums, counts);
  }

  #difference(first: Arithmetic | undefined, second: Arithmetic | undefined, steps: number): Estimate {
    const { counts, of } = this.#measured(steps);
    return pairedDifference(of(first), of(second), counts);
  }

  /** Targets of the blocks of the first `steps` batches, and the losses of an arithmetic there. */
  #measured(steps: number): { counts: number[]; of(one: Arithmetic | undefined): number[] } {
    // In the order of the text, so that a whole measurement adds up as `mugi accuracy` does.
    const batches = this.#order.slice(0, steps).sort((a, b) => a - b);
    return {
      counts: batches.flatMap((batch) => this.#batches[batch].map(({ scored }) => scored)),
      of: (one) => batches.flatMap((batch) => this.#state(one).get(String(batch))!),
    };
  }

  #loaded(): LoadedModel {
    return (this.#model ??= this.opened.load());
  }

  /** What is kept of an arithmetic, or of the stored model. */
  #state(one: Arithmetic | undefined): WorkState<BatchLosses> {
    const name = one === undefined ? STORED : JSON.stringify(one);
    let state = this.#states.get(name);
    if (state === undefined)
      this.#states.set(name, (state = new WorkState(keyOf([...this.#key, one ?? STORED]), this.#fresh)));
    return state;
  }

  async #run(one: Arithmetic | undefined): Promise<Run> {
    if (one === undefined) return { name: STORED, arithmetic: REFERENCE, ranges: noRanges };
    const { config } = this.opened;
    const method = measuredMethod({ method: one.functions });
    const { unit, ranges } = methodUnit(method, config, await this.#settings(one));
    const { activations, products, group } = one;
    const precision = precisionOf({ activations, products, weights: { bits: 4, group } });
    return { name: method, arithmetic: arithmeticFor(precision, unit), ranges };
  }

  async #settings({ vlp, windows }: Arithmetic): Promise<NonlinearSettings> {
    if (vlp === undefined) return DEFAULT_SETTINGS;
    const { rows: groupRows, mantissaBits, exponents: lutSize, rowSum } = vlp;
    const functions = { ...DEFAULT_SETTINGS.functions, ...vlp.functions };
    const settings = { ...DEFAULT_SETTINGS, groupRows, mantissaBits, lutSize, rowSum, functions };
    if (windows === 'default') return settings;
    return { ...settings, windows: await this.#windows(settings) };
  }

  /** As `mugi accuracy` chooses them, once for each size of table and group of rows. */
  #windows(settings: NonlinearSettings): Promise<WindowEntry[]> {
    const { groupRows, mantissaBits, lutSize } = settings;
    const key = `${groupRows} ${mantissaBits} ${lutSize}`;
    let windows = this.#calibrations.get(key);
    if (windows === undefined)
      this.#calibrations.set(
        key,
        (windows = chosenWindows({
          opened: this.opened,
          model: this.#loaded(),
          calibration: this.#calibration,
          settings,
          ...(this.#fresh === undefined ? {} : { fresh: this.#fresh }),
        }).then((chosen) => chosen.windows)),
      );
    return windows;
  }
}

const REFERENCE = arithmeticFor(FULL_PRECISION, exactNonlinear);

/** The numbers from 0 to count − 1 in an order of the seed (Fisher and Yates). */
function shuffled(count: number, seed: number): number[] {
  const next = random(seed);
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

function refuseNonFinite(
  { path }: OpenedModel,
  one: Arithmetic | undefined,
  losses: readonly number[],
): void {
  if (losses.every(Number.isFinite)) return;
  throw new MugiError({
    code: 'invalid-file',
    message: `the loss of ${one === undefined ? 'the stored model' : `${one.functions} designs`} is not finite`,
    path,
    expected: 'weights whose sums stay in the range of FP32',
  });
}
