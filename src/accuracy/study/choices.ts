import { setImmediate } from 'node:timers/promises';
import { MugiError } from '../../errors.ts';
import { keyOf, type OnProgress, WorkState } from '../../files/state.ts';
import { isDecoder } from '../../model/config/config.ts';
import type { TextTokenizer } from '../../model/format/tokenizer.ts';
import type { Row } from '../../present/csv.ts';
import type { OpenedModel } from '../../model/load.ts';
import type { LoadedModel } from '../../model/model.ts';
import type { ChoiceItem } from '../data/choice-file.ts';
import { fingerprint } from '../score/fingerprint.ts';
import { isTie, shareDifference, shareEstimate } from '../score/statistics.ts';
import type { Writer } from './transcription.ts';

/** How a method chooses. JSON names. */
export interface ChoiceRow extends Row {
  model: string;
  method: string;
  questions: number;
  /** Share of questions whose most likely choice is right. */
  accuracy: number;
  accuracy_ci95: number;
  /** Above the stored model's, on the same questions. */
  accuracy_over_stored: number;
  accuracy_over_stored_ci95: number;
  accuracy_tie: boolean | null;
  /** The same where the likelihood of a choice is taken by its bytes of UTF-8. */
  normalised: number;
  normalised_ci95: number;
  normalised_over_stored: number;
  normalised_over_stored_ci95: number;
  normalised_tie: boolean | null;
}

/** Log-likelihoods of the choices of a question. */
type Likelihoods = number[];

/** A question as the tokens that a model is fed, one sequence a choice. */
export interface AskedItem extends ChoiceItem {
  sequences: readonly Sequence[];
}

/**
 * Questions in the tokens of a model.
 * @throws MugiError for a model that does not write text, and a choice that leaves no room for its question
 */
export function askedItems(opened: OpenedModel, items: readonly ChoiceItem[]): AskedItem[] {
  const { config } = opened;
  if (!isDecoder(config))
    throw new MugiError({
      code: 'unsupported',
      message: `a ${config.modelType} model writes no text, whose likelihood could choose`,
      path: 'choices',
      expected: 'a decoder',
    });
  const tokenizer = opened.tokenizer();
  return items.map((item) => ({ ...item, sequences: sequencesOf(item, tokenizer, config) }));
}

/**
 * Multiple choice: the log-likelihood of each choice behind its question, by each writer, of which the first is the stored
 * model. Finished questions are kept, so that interrupted work goes on.
 */
export async function chooseAnswers(options: {
  opened: OpenedModel;
  model: LoadedModel;
  items: readonly AskedItem[];
  writers: readonly Writer[];
  fresh?: boolean | undefined;
  onProgress?: OnProgress;
  /** Told how many questions an interrupted run has answered, each writer's by itself. */
  onResume?: (questions: number) => void;
}): Promise<ChoiceRow[]> {
  const { opened, model, items, writers } = options;
  const state = new WorkState<Likelihoods>(
    keyOf([
      'choices',
      fingerprint(opened),
      items.map(({ at, context, choices, answer }) => ({ at, context, choices, answer })),
      writers.map(({ settings }) => settings),
    ]),
    options.fresh,
  );
  if (state.resumed > 0) options.onResume?.(state.resumed);
  let [done, kept] = [0, 0];
  const all: Likelihoods[][] = [];
  for (const [w, { arithmetic }] of writers.entries()) {
    const own: Likelihoods[] = [];
    for (const [i, { sequences }] of items.entries()) {
      const unit = `${w} ${i}`;
      if (state.get(unit) !== undefined) kept += 1;
      own.push(
        await state.once(unit, () =>
          Promise.resolve(sequences.map((one) => likelihood(model, one, arithmetic))),
        ),
      );
      options.onProgress?.(++done, writers.length * items.length, kept);
      await setImmediate();
    }
    all.push(own);
  }
  state.finish();
  return all.slice(1).map((own, w) => rowOf(opened.name, writers[w + 1].name, items, own, all[0]));
}

interface Sequence {
  ids: Int32Array;
  /** Tokens at the end that are the choice's. */
  scored: number;
}

/** A choice behind its question; of a question that does not fit, the end. Tokens are those of the whole text. */
function sequencesOf(
  { at, context, choices }: ChoiceItem,
  tokenizer: TextTokenizer,
  { bos, context: most }: { bos?: number | undefined; context: number },
): Sequence[] {
  const before = tokenizer.encode(context);
  return choices.map((choice) => {
    const whole = tokenizer.encode(`${context} ${choice}`);
    // Where the seam melts into one token, the choice begins with it.
    let seam = 0;
    while (seam < before.length && seam < whole.length - 1 && before[seam] === whole[seam]) seam++;
    const first = bos === undefined ? [] : [bos];
    const scored = whole.length - Math.max(seam, 1 - first.length);
    const room = most - first.length;
    if (scored >= room)
      throw new MugiError({
        code: 'invalid-value',
        message: `a choice of ${scored} tokens leaves no room for its question`,
        path: at,
        expected: `fewer than ${room} tokens`,
        received: String(scored),
      });
    return { ids: Int32Array.from([...first, ...whole.slice(-room)]), scored };
  });
}

/** Σ log p of the tokens of a choice, nats. */
function likelihood(model: LoadedModel, { ids, scored }: Sequence, arithmetic: Writer['arithmetic']): number {
  const rows = ids.length - 1;
  const hidden = model.forward(
    { kind: 'tokens', ids: ids.subarray(0, rows), sequences: [{ rows }] },
    arithmetic,
  );
  const logits = model.logits(hidden, rows - scored, rows);
  let sum = 0;
  for (let r = 0; r < scored; r++) {
    const row = logits.subarray(r * model.outputs, (r + 1) * model.outputs);
    const top = row.reduce((a, b) => Math.max(a, b), -Infinity);
    const total = row.reduce((powers, x) => powers + Math.exp(x - top), 0);
    sum += row[ids[ids.length - scored + r]] - top - Math.log(total);
  }
  return sum;
}

const BYTES = new TextEncoder();

function rowOf(
  model: string,
  method: string,
  items: readonly AskedItem[],
  own: readonly Likelihoods[],
  stored: readonly Likelihoods[],
): ChoiceRow {
  const lengths = items.map(({ choices }) => choices.map((choice) => BYTES.encode(choice).length));
  const right = (all: readonly Likelihoods[], normalised: boolean): number[] =>
    all.map((values, i) => {
      const by = normalised ? values.map((value, c) => value / lengths[i][c]) : values;
      return Number(by.indexOf(Math.max(...by)) === items[i].answer);
    });
  const plain = shareEstimate(right(own, false));
  const even = shareEstimate(right(own, true));
  const over = shareDifference(right(own, false), right(stored, false));
  const evenOver = shareDifference(right(own, true), right(stored, true));
  return {
    model,
    method,
    questions: items.length,
    accuracy: plain.mean,
    accuracy_ci95: plain.ci95,
    accuracy_over_stored: over.mean,
    accuracy_over_stored_ci95: over.ci95,
    accuracy_tie: isTie(over),
    normalised: even.mean,
    normalised_ci95: even.ci95,
    normalised_over_stored: evenOver.mean,
    normalised_over_stored_ci95: evenOver.ci95,
    normalised_tie: isTie(evenOver),
  };
}
