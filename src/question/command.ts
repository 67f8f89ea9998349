import { MugiError, unknownName } from '../errors.ts';
import {
  defaultBaseline,
  formOf,
  type Question,
  question,
  QUESTION_KEYS,
  type QuestionInput,
  type QuestionKey,
} from './question.ts';
import { quoted, wordsOf } from './shell.ts';

/** Commands that ask a question: one design in depth, or several against a baseline. */
const ASKING = ['evaluate', 'compare'] as const;
export type Asking = (typeof ASKING)[number];

/** `weightBits` as a flag: `--weight-bits`. */
const flagName = (key: string): `--${string}` => `--${key.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`;

/** Keys that a command always names; others only where they differ from their default. */
const ALWAYS: readonly QuestionKey[] = [
  'model',
  'designs',
  'batch',
  'context',
  'prefill',
  'preset',
  'technology',
];

/** The flag that sets a key; `mugi evaluate` takes one design and calls it so. */
export const flagOf = (key: QuestionKey, command: Asking): `--${string}` =>
  command === 'evaluate' && key === 'designs' ? '--design' : flagName(key);

const takes = (key: QuestionKey, command: Asking): boolean => command === 'compare' || key !== 'baseline';

const commandOf = ({ designs, baseline }: Pick<Question, 'designs' | 'baseline'>): Asking =>
  designs.length === 1 && baseline === undefined ? 'evaluate' : 'compare';

/** The arguments that ask `asked` again, behind `mugi`. Paths stay as they were given, objects become JSON. */
export function toArguments(asked: Question): string[] {
  const command = commandOf(asked);
  const words: string[] = [command];
  for (const key of QUESTION_KEYS) {
    const value = asked[key];
    const { write, default: usual } = formOf(key);
    if (value === undefined || (!ALWAYS.includes(key) && JSON.stringify(value) === JSON.stringify(usual)))
      continue;
    if (!takes(key, command)) continue;
    const text =
      key === 'designs' && command === 'evaluate'
        ? formOf('baseline').write(asked.designs[0] as never)
        : write(value as never);
    // A value that begins with a dash would be taken for a flag.
    if (text.startsWith('-')) words.push(`${flagOf(key, command)}=${text}`);
    else words.push(flagOf(key, command), text);
  }
  return words;
}

/** The command line that asks `asked` again, for a shell; `more` are arguments of its output. */
export const toCommand = (asked: Question, more: readonly string[] = []): string =>
  ['mugi', ...toArguments(asked), ...more].map(quoted).join(' ');

/** The key that a flag sets in a command. */
const keyOf = (flag: string, command: Asking): QuestionKey | undefined =>
  QUESTION_KEYS.find((key) => takes(key, command) && flagOf(key, command) === flag);

/**
 * The question that a command line asks: `mugi evaluate …` or `mugi compare …`, as one text or as words. Flags of
 * output (`--json`, `--why`) are no part of a question and are refused.
 */
export function parse(line: string | readonly string[]): Question {
  const words = typeof line === 'string' ? wordsOf(line) : [...line];
  const [command, ...rest] = words[0] === 'mugi' ? words.slice(1) : words;
  const asking = ASKING.find((name) => name === command);
  if (asking === undefined) throw unknownName('command that asks a question', command ?? '', ASKING);
  const given: Record<string, unknown> = asking === 'evaluate' ? { designs: [EVALUATED] } : {};
  for (let at = 0; at < rest.length; at++) {
    const [, flag = rest[at], attached] = /^(--[^=]+)=([^]*)$/.exec(rest[at]) ?? [];
    const key = keyOf(flag, asking);
    if (key === undefined) {
      const known = QUESTION_KEYS.filter((name) => takes(name, asking)).map((name) => flagOf(name, asking));
      throw unknownName('flag of a question', flag, known);
    }
    const text = attached ?? rest[++at];
    if (text === undefined) {
      throw new MugiError({ code: 'invalid-value', message: `${flag} needs a value`, path: flag });
    }
    given[key] = readKey(key, text, asking);
  }
  const asked = question(given as QuestionInput);
  // A comparison has a baseline, also of one design.
  return asking === 'compare' ? { baseline: defaultBaseline(asked.preset), ...asked } : asked;
}

/** The value that a text gives a key in a command. */
export function readKey(key: QuestionKey, text: string, command: Asking): unknown {
  if (key === 'designs' && command === 'evaluate') return [formOf('baseline').read('design', text)];
  return formOf(key).read(key, text);
}

/** What `mugi evaluate` looks at unless told. */
export const EVALUATED = 'mugi-256';
