import { silentOnInterrupt } from '../../files/interrupt.ts';
import { keyOf, WorkState } from '../../files/state.ts';
import type { OpenedModel } from '../../model/load.ts';
import type { LoadedModel } from '../../model/model.ts';
import { MugiError } from '../../errors.ts';
import { random } from '../../number/random.ts';
import { type Block, keyOfBlocks } from '../data/blocks.ts';
import { type DataOptions, readData } from '../data/data.ts';
import { choose } from '../data/split.ts';
import { fingerprint } from '../score/fingerprint.ts';
import type { Precision } from '../score/precision.ts';
import { batches, type Run, scoreRuns } from '../score/score-runs.ts';
import { type Estimate, pairedDifference, ratioEstimate } from '../score/statistics.ts';
import { ArithmeticRuns, type CommonRuns, REFERENCE } from './arithmetic-runs.ts';
import type { Arithmetic } from './measured-arithmetic.ts';

export type { Arithmetic };

export interface ArithmeticLossOptions extends CommonRuns, Pick<DataOptions, 'text' | 'images'> {
  /** Targets of the whole measurement. */
  tokens: number;
  /** Order in which batches are measured; whole measurements do not depend on it. */
  seed?: number;
}

/** Of the blocks of a batch: losses, and divergences from the stored model, in nats. */
interface BatchLosses {
  loss: number[];
  kl: number[];
}

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
  /** Blocks of the whole measurement: one gives no interval. */
  readonly blocks: number;
  readonly #runs: ArithmeticRuns;
  readonly #batches: readonly Block[][];
  readonly #order: readonly number[];
  readonly #states = new Map<string, WorkState<BatchLosses>>();
  readonly #key: readonly unknown[];
  readonly #fresh: boolean | undefined;
  #model: LoadedModel | undefined;

  private constructor(
    opened: OpenedModel,
    options: ArithmeticLossOptions,
    data: Awaited<ReturnType<typeof readData>>,
  ) {
    const { tokens, seed = 1, plan, fresh } = options;
    this.opened = opened;
    this.data = data.name;
    this.#fresh = fresh;
    this.#runs = new ArithmeticRuns(opened, data.calibration, options);
    const blocks = choose(data.test, tokens);
    this.blocks = blocks.length;
    this.#batches = batches(blocks);
    this.#order = shuffled(this.#batches.length, seed);
    let [sum, held] = [0, 0];
    let least: number | undefined;
    this.targets = this.#order.map((batch, i) => {
      for (const { scored } of this.#batches[batch]) sum += scored;
      held += this.#batches[batch].length;
      if (held >= 2) least ??= i + 1;
      return sum;
    });
    this.least = least ?? this.#order.length;
    this.#key = [
      'arithmetic losses and divergences',
      this.#runs.head,
      fingerprint(opened),
      keyOfBlocks(blocks),
      keyOfBlocks(data.calibration),
      ...(plan === undefined ? [] : [plan.plan]),
    ];
  }

  /** @throws MugiError for data that cannot be read, and a plan of another model */
  static async open(opened: OpenedModel, options: ArithmeticLossOptions): Promise<ArithmeticLosses> {
    const { text, images } = options;
    const data = await readData(opened, {
      ...(text === undefined ? {} : { text }),
      ...(images === undefined ? {} : { images }),
      calibrates: true,
    });
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
    const missing = this.#missing(all, steps).flatMap(({ batch, left }) =>
      Array.from({ length: Math.ceil(left.length / TOGETHER) }, (_, i) => ({
        batch,
        all: left.slice(i * TOGETHER, (i + 1) * TOGETHER),
      })),
    );
    const total = missing.reduce((sum, one) => sum + one.all.length, 0);
    let done = 0;
    for (const { batch, all: left } of missing) {
      const runs: Run[] = [];
      for (const one of left) runs.push(await this.#runs.run(this.#loaded(), one));
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
        const scored = scores[i].blocks;
        const losses = { loss: scored.map(({ loss }) => loss), kl: scored.map(({ kl }) => kl) };
        refuseNonFinite(this.opened, one, losses);
        this.#state(one).set(String(batch), losses);
      }
      done += left.length;
      report(done, total);
    }
    silentOnInterrupt();
  }

  /** Batches of some arithmetics, and of the stored model, that are not known yet of the first `steps`. */
  missing(all: readonly Arithmetic[], steps: number): number {
    return this.#missing(all, steps).reduce((sum, { left }) => sum + left.length, 0);
  }

  #missing(all: readonly Arithmetic[], steps: number): { batch: number; left: (Arithmetic | undefined)[] }[] {
    return this.#order.slice(0, steps).map((batch) => ({
      batch,
      left: [undefined, ...all].filter((one) => this.#state(one).get(String(batch)) === undefined),
    }));
  }

  /** What becomes of the output matrix in all arithmetics. */
  get head(): Precision['head'] {
    return this.#runs.head;
  }

  /** Mean loss above the stored model over the first `steps` batches. */
  increase(one: Arithmetic, steps: number): Estimate {
    return this.#difference(one, undefined, steps);
  }

  /** Mean loss of an arithmetic over the first `steps` batches, and its mean divergence from the stored model. */
  means(one: Arithmetic, steps: number): { loss: number; kl: number } {
    const { counts, of } = this.#measured(steps);
    return {
      loss: ratioEstimate(of(one), counts).mean,
      kl: ratioEstimate(of(one, 'kl'), counts).mean,
    };
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
  #measured(steps: number): {
    counts: number[];
    of(one: Arithmetic | undefined, what?: keyof BatchLosses): number[];
  } {
    // In the order of the text, so that a whole measurement adds up as `mugi accuracy` does.
    const batches = this.#order.slice(0, steps).sort((a, b) => a - b);
    return {
      counts: batches.flatMap((batch) => this.#batches[batch].map(({ scored }) => scored)),
      of: (one, what = 'loss') => batches.flatMap((batch) => this.#state(one).get(String(batch))![what]),
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
}

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
  { loss, kl }: BatchLosses,
): void {
  if ([...loss, ...kl].every(Number.isFinite)) return;
  throw new MugiError({
    code: 'invalid-file',
    message: `the loss of ${one === undefined ? 'the stored model' : `${one.functions} designs`} is not finite`,
    path,
    expected: 'weights whose sums stay in the range of FP32',
  });
}
