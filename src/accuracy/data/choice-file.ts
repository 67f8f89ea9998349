import { MugiError } from '../../errors.ts';
import { shown } from '../../shown.ts';
import type { JsonLine } from './json-lines.ts';
import { textUnder } from './json-lines.ts';
import { readRecords } from './records.ts';

/** A question with answers to choose from. */
export interface ChoiceItem {
  /** Place in the file. */
  at: string;
  context: string;
  choices: readonly string[];
  /** Place of the right one. */
  answer: number;
}

const CONTEXTS = ['context', 'ctx', 'question', 'query', 'prompt', 'goal', 'sentence'] as const;
const ANSWERS = ['answer', 'label', 'gold', 'answerKey', 'answer_idx'] as const;
/** Choices under keys of their own: PIQA, whose places count from 0, and Winogrande, whose numbers count from 1. */
const APART: readonly { keys: readonly string[]; labels?: string[] }[] = [
  { keys: ['sol1', 'sol2'] },
  { keys: ['option1', 'option2'], labels: ['1', '2'] },
];
/** Where a sentence of Winogrande leaves a word out. */
const BLANK = /_+/;

/**
 * Items of multiple choice from JSON lines or Parquet, in the keys that public sets have: a text under one of `CONTEXTS`; a
 * list under `choices`, `endings` or `options` (or `{text: […], label: […]}`, as in ARC), or texts under the keys of `APART`;
 * the right one under one of `ANSWERS`, as a label, a place from 0, a letter, or the text (`placesOf`). A sentence of Winogrande ends at its
 * blank, and each choice goes on with what stands behind it.
 * @throws MugiError for an item that lacks one of them
 */
export async function choiceItems(path: string): Promise<ChoiceItem[]> {
  const records = await readRecords(path, 'choice file');
  if (records.length > 0) return records.map(itemOf);
  throw new MugiError({ code: 'invalid-file', message: 'the file holds no questions', path });
}

function itemOf(line: JsonLine): ChoiceItem {
  const fail = (message: string, expected: string): never => {
    throw new MugiError({ code: 'invalid-file', message, path: line.at, expected });
  };
  const context =
    textUnder(line, CONTEXTS) ?? fail('the line holds no question', `a text under ${CONTEXTS.join(', ')}`);
  const { choices, labels } =
    choicesOf(line) ??
    fail('the line holds no choices', 'two texts or more under choices, endings or options');
  const answer = answerOf(line, choices, labels);
  const [before, behind] = filled(line, context);
  return { at: line.at, context: before, choices: choices.map((choice) => choice + behind), answer };
}

/** A sentence before and behind its blank, which options fill; all other questions come before their choices. */
function filled({ values }: JsonLine, context: string): [string, string] {
  const blank = typeof values['option1'] === 'string' ? BLANK.exec(context) : null;
  if (blank === null) return [context, ''];
  return [context.slice(0, blank.index).trimEnd(), context.slice(blank.index + blank[0].length)];
}

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.length >= 2 && value.every((one) => typeof one === 'string' && one !== '');

function choicesOf({ values }: JsonLine): { choices: string[]; labels?: string[] } | undefined {
  for (const key of ['choices', 'endings', 'options']) {
    const value = values[key];
    if (isTexts(value)) return { choices: value };
    if (typeof value !== 'object' || value === null) continue;
    const { text, label } = value as { text?: unknown; label?: unknown };
    if (isTexts(text))
      return { choices: text, ...(isTexts(label) && label.length === text.length ? { labels: label } : {}) };
  }
  for (const { keys, labels } of APART) {
    const apart = keys.map((key) => values[key]);
    if (isTexts(apart)) return { choices: apart, ...(labels && { labels }) };
  }
  return undefined;
}

/**
 * The place of the right choice, which every key of `ANSWERS` that can be read must agree on.
 * @throws MugiError, by line and key, for an answer that is none, or could be one choice or another
 */
function answerOf(line: JsonLine, choices: readonly string[], labels?: readonly string[]): number {
  const stated = ANSWERS.filter((key) => line.values[key] !== undefined && line.values[key] !== null);
  const readings = stated.map((key) => ({ key, places: placesOf(line.values[key], choices, labels) }));
  const refused = (message: string, key: string | undefined, received?: string): MugiError =>
    new MugiError({
      code: 'invalid-file',
      message,
      path: key === undefined ? line.at : `${line.at}: ${key}`,
      expected: `a label, or a place from 0 to ${choices.length - 1}, under ${ANSWERS.join(', ')}`,
      received,
    });
  const received = (key: string): string => shown(line.values[key]);
  const twofold = readings.find(({ places }) => places.length > 1);
  if (twofold !== undefined) {
    const { key, places } = twofold;
    const message = `the answer could be choice ${places.join(' or ')}, counted from 0`;
    throw refused(message, key, received(key));
  }
  const [first] = readings;
  if (first?.places[0] === undefined)
    throw refused('the line does not say which choice is right', first?.key, first && received(first.key));
  const other = readings.find(({ places: [place] }) => place !== undefined && place !== first.places[0]);
  if (other === undefined) return first.places[0];
  const message = `${first.key} says choice ${first.places[0]}, ${other.key} choice ${other.places[0]}, counted from 0`;
  throw refused(message, other.key, received(other.key));
}

/**
 * The places that an answer may stand for. A label comes first, and labels that are numbers leave no other meaning to a number.
 * Else a number is a place from 0, a letter its place in the alphabet, and a text a choice of the same words; digits or a
 * letter that is also a choice of its own may be either.
 */
function placesOf(given: unknown, choices: readonly string[], labels: readonly string[] = []): number[] {
  if (typeof given !== 'string' && typeof given !== 'number' && typeof given !== 'bigint') return [];
  const text = String(given);
  const named = placesIn(labels, text);
  if (named.length > 0) return named;
  const digits = /^\d+$/.test(text);
  if (digits && labels.length > 0 && labels.every((label) => /^\d+$/.test(label))) return [];
  const letter = /^[A-Z]$/.test(text) ? text.charCodeAt(0) - 65 : undefined;
  const place = letter ?? (digits ? Number(text) : undefined);
  const said = typeof given === 'string' ? placesIn(choices, text) : [];
  return [...new Set([...(place !== undefined && place < choices.length ? [place] : []), ...said])];
}

const placesIn = (texts: readonly string[], text: string): number[] =>
  texts.flatMap((one, place) => (one === text ? [place] : []));
