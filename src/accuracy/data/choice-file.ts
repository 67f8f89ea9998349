import { MugiError } from '../../errors.ts';
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
 * the right one under one of `ANSWERS`, as a place from 0, a label, a letter, or the text. A sentence of Winogrande ends at its
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
  const given = ANSWERS.map((key) => line.values[key]).find((value) => value !== undefined && value !== null);
  const answer = placeOf(given, choices, labels);
  if (answer === undefined)
    return fail(
      'the line does not say which choice is right',
      `a place from 0 to ${choices.length - 1}, or a label, under ${ANSWERS.join(', ')}`,
    );
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

/** A number, a number as text, a label (`B`), or the text itself. */
function placeOf(given: unknown, choices: readonly string[], labels?: readonly string[]): number | undefined {
  const text = String(given);
  const named = labels?.indexOf(text) ?? -1;
  if (named >= 0) return named;
  // Labels that are numbers leave no other meaning to a number.
  if (labels?.every((label) => /^\d+$/.test(label)) === true && /^\d+$/.test(text)) return undefined;
  const said = choices.indexOf(text);
  if (typeof given === 'string' && said >= 0 && !/^\d+$/.test(text)) return said;
  const letter = /^[A-Z]$/.test(text) ? text.charCodeAt(0) - 65 : undefined;
  const place = letter ?? (/^\d+$/.test(text) ? Number(text) : undefined);
  return place !== undefined && place < choices.length ? place : undefined;
}
