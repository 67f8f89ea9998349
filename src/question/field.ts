import { z } from 'zod';
import { MugiError, unknownName, wholeNumber } from '../errors.ts';
import { countOf, listOf, listText, numberOf, sourceOf, sourceText } from './text.ts';

/** How one key of a question stands on a command line, and what is wrong with a value that the schema refuses. */
export interface Form {
  /** What the help shows behind the flag: `<n>`. */
  argument: string;
  /** The value that a text means; not yet checked against the schema. */
  read(key: string, text: string): unknown;
  write(value: never): string;
  /** Throws MugiError for a value that the schema has refused. */
  refuse(key: string, value: unknown): never;
}

/** Form of each schema of a key. */
export const FORMS = z.registry<Form>();

const refuse = (key: string, expected: string, value: unknown): never => {
  throw new MugiError({
    code: 'invalid-value',
    message: `${key} has no value of the right kind`,
    path: key,
    expected,
    received: typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value)),
  });
};

/** A whole number in [min, max]. */
export const whole = (argument: string, help: string, min: number, max: number) =>
  z
    .int()
    .min(min)
    .max(max)
    .describe(help)
    .register(FORMS, {
      argument,
      read: countOf,
      write: (value: number) => String(value),
      refuse(key, value) {
        wholeNumber(key, typeof value === 'number' ? value : Number.NaN, min, max);
        return refuse(key, `whole number in [${min}, ${max}]`, value);
      },
    });

/** Beyond any machine and any tariff. */
const HUGE = 1e9;

/** A positive number. */
export const positive = (argument: string, help: string) =>
  z
    .number()
    .positive()
    .lt(HUGE)
    .describe(help)
    .register(FORMS, {
      argument,
      read: numberOf,
      write: (value: number) => String(value),
      refuse(key, value) {
        throw new MugiError({
          code: 'invalid-value',
          message: `${key} must be positive and below 1e9`,
          path: key,
          expected: 'a number in (0, 1e9)',
          received: String(value),
        });
      },
    });

/** One of some words. */
export const choice = <const T extends string>(
  argument: string,
  help: string,
  what: string,
  words: readonly T[],
) =>
  z
    .enum(words)
    .describe(help)
    .register(FORMS, {
      argument,
      read: (_, text) => text,
      write: (value: string) => value,
      refuse: (key, value) => {
        throw unknownName(what, String(value), words, key);
      },
    });

/** Some of some words. */
export const choices = <const T extends string>(
  argument: string,
  help: string,
  what: string,
  words: readonly T[],
) =>
  z
    .array(z.enum(words))
    .describe(help)
    .register(FORMS, {
      argument,
      read: listOf,
      write: (value: string[]) => listText(value),
      refuse(key, value) {
        if (!Array.isArray(value)) return refuse(key, `a list of ${what}s`, value);
        const odd: unknown = value.find((word) => !(words as readonly unknown[]).includes(word));
        throw unknownName(what, String(odd), words, key);
      },
    });

const SOURCE = 'a name, a path or an object';
const source = z.union([z.string().min(1), z.record(z.string(), z.unknown())]) as z.ZodType<string | object>;

/** Something that is named, stands in a file, or is written out. */
export const named = (argument: string, help: string) =>
  source
    .clone()
    .describe(help)
    .register(FORMS, {
      argument,
      read: sourceOf,
      write: sourceText,
      refuse: (key, value) => refuse(key, SOURCE, value),
    });

/** A list of such things, of at most so many. */
export const namedList = (argument: string, help: string, most: number) =>
  z
    .array(source)
    .min(1)
    .max(most)
    .describe(help)
    .register(FORMS, {
      argument,
      read: (key, text) => listOf(key, text).map((item) => sourceOf(key, item)),
      write: (value: (string | object)[]) => listText(value.map(sourceText)),
      refuse(key, value) {
        if (!Array.isArray(value) || value.length <= most)
          return refuse(key, `a list, each ${SOURCE}`, value);
        throw new MugiError({
          code: 'invalid-value',
          message: `${key} has too many items`,
          path: key,
          expected: `at most ${most}`,
          received: String(value.length),
        });
      },
    });

/** A word that whoever uses it checks. */
export const word = (argument: string, help: string) =>
  z
    .string()
    .min(1)
    .describe(help)
    .register(FORMS, {
      argument,
      read: (_, text) => text,
      write: (value: string) => value,
      refuse: (key, value) => refuse(key, 'a name', value),
    });

/** Whole numbers by name: `batch=1,sequence=128`. */
export const sizes = (argument: string, help: string) =>
  z
    .record(
      z.string().min(1),
      z
        .int()
        .min(0)
        .max(2 ** 31 - 1),
    )
    .describe(help)
    .register(FORMS, {
      argument,
      read: sizesOf,
      write: (value: Record<string, number>) =>
        Object.entries(value)
          .map(([name, size]) => `${name}=${size}`)
          .join(','),
      refuse: (key, value) => refuse(key, 'whole numbers by name, from 0 to 2147483647', value),
    });

function sizesOf(key: string, text: string): Record<string, number> {
  const pairs = text.split(',').map((pair): [string, number] => {
    const at = pair.lastIndexOf('=');
    if (at < 1) {
      throw new MugiError({
        code: 'invalid-value',
        message: `"${pair}" is no size`,
        path: key,
        expected: 'name=number, several with commas between: batch=1,sequence=128',
        received: text,
      });
    }
    return [pair.slice(0, at).trim(), countOf(key, pair.slice(at + 1).trim())];
  });
  const names = pairs.map(([name]) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) {
    throw new MugiError({
      code: 'invalid-value',
      message: `${twice} is given twice`,
      path: key,
      received: text,
    });
  }
  return Object.fromEntries(pairs);
}
