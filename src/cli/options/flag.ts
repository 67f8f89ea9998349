import { Option } from 'commander';
import { MugiError, unknownName, wholeNumber } from '../../errors.ts';
import { countOf, listOf, numberOf } from '../../question/text.ts';
import { type ExponentWindow, parseWindow } from '../../vlp/window.ts';

/** What a shell can complete a value with: words, paths where no word fits, or both. */
export interface Offer {
  words?: () => readonly string[];
  paths?: 'files' | 'folders';
  /** Several of the words, with commas between them. */
  list?: true;
}

/** What stands behind a flag: how the help shows it, and the value that a text means. */
export interface Reader<Value> {
  argument: string;
  offer?: Offer;
  /** The value names a file or a folder that the command writes. */
  writes?: true;
  /** `before` is the value of the words before, where one flag takes several. */
  read(key: string, text: string, before?: Value): Value;
  /** A default in the help. */
  show?(value: Value): string;
}

export interface More<Value> {
  default?: Value;
  /** The flag that must stand beside this one. */
  onlyWith?: `--${string}`;
  required?: boolean;
}

/** One flag of a command: parser, help and default; what its value may be is the reader's. */
export interface Flag<Name extends string = string, Value = unknown> extends More<unknown> {
  name: `--${Name}`;
  help: string;
  reader?: Reader<unknown>;
  /** Holds the type of the value. */
  readonly value?: Value;
}

type Camel<Name extends string> = Name extends `${infer A}-${infer B}` ? `${A}${Capitalize<Camel<B>>}` : Name;
type Key<Name extends string> = Name extends `no-${infer Rest}` ? Camel<Rest> : Camel<Name>;
type ValueOf<F extends Flag> = F extends Flag<string, infer Value> ? Value : never;
type KeyOf<F extends Flag> = F extends Flag<infer Name> ? Key<Name> : never;
/** The values of some flags by their keys: `--test-from` as `testFrom`; optional where there is no default. */
export type FlagsOf<Flags extends readonly Flag[]> = {
  [F in Flags[number] as undefined extends ValueOf<F> ? never : KeyOf<F>]: ValueOf<F>;
} & {
  [F in Flags[number] as undefined extends ValueOf<F> ? KeyOf<F> : never]?: ValueOf<F>;
};

/** A flag without a value. */
export const SWITCH = 'switch';

export function flag<const Name extends string>(
  name: `--${Name}`,
  reader: typeof SWITCH,
  help: string,
  more?: More<never>,
): Flag<Name, Name extends `no-${string}` ? boolean : true | undefined>;
export function flag<const Name extends string, Value>(
  name: `--${Name}`,
  reader: Reader<Value>,
  help: string,
  more: More<NoInfer<Value>> & ({ default: NoInfer<Value> } | { required: true }),
): Flag<Name, Value>;
export function flag<const Name extends string, Value>(
  name: `--${Name}`,
  reader: Reader<Value>,
  help: string,
  more?: More<NoInfer<Value>>,
): Flag<Name, Value | undefined>;
export function flag(
  name: `--${string}`,
  reader: Reader<unknown> | typeof SWITCH,
  help: string,
  more: More<unknown> = {},
): Flag {
  return { name, help, ...(reader === SWITCH ? {} : { reader }), ...more };
}

/** The key of a flag, as the library would name it: `--test-from` as `testFrom`. */
export const keyOf = (name: string): string =>
  name.replace(/^--(no-)?/, '').replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** The flag as commander takes it. */
export function optionOf({ name, help, reader, default: usual, onlyWith, required }: Flag): Option {
  const beside = onlyWith === undefined ? '' : `with ${onlyWith}: `;
  if (reader === undefined) return new Option(name, beside + help);
  const option = new Option(`${name} ${reader.argument}`, beside + help)
    .argParser((text, before) => reader.read(keyOf(name), text, before))
    .makeOptionMandatory(required === true);
  return usual === undefined ? option : option.default(usual, reader.show?.(usual) ?? String(usual));
}

/** A whole number in [min, max]; 4k is 4096. */
export const whole = (min: number, max: number): Reader<number> => ({
  argument: '<n>',
  read: (key, text) => wholeNumber(key, countOf(key, text), min, max),
});

/** A number in [min, max]. */
export const real = (min = -Infinity, max = Infinity, argument = '<x>'): Reader<number> => ({
  argument,
  read(key, text) {
    const value = numberOf(key, text);
    if (value >= min && value <= max) return value;
    throw new MugiError({
      code: 'invalid-value',
      message: `${key} must be a number from ${min} to ${max}`,
      path: key,
      expected: `a number in [${min}, ${max}]`,
      received: text,
      nearest: String(Math.min(max, Math.max(min, value))),
    });
  },
});

/** A text as it is: a path, a name that whoever uses it checks. */
export const text = (argument: string, offer?: Offer): Reader<string> => ({
  argument,
  offer,
  read: (_, value) => value,
});

/** Several words behind one flag, each a text as it is: `<file...>`. */
export const words = (argument: `<${string}...>`, offer?: Offer): Reader<string[]> => ({
  argument,
  offer,
  read: (_, value, before = []) => [...before, value],
});

/** A file to read. */
export const FILE = text('<file>', { paths: 'files' });

/** A file to write. */
export const OUT_FILE: Reader<string> = { ...FILE, writes: true };

/** A folder to write. */
export const outFolder = (argument: string): Reader<string> => ({
  ...text(argument, { paths: 'folders' }),
  writes: true,
});

export const oneOf = <const Word extends string>(argument: string, words: readonly Word[]): Reader<Word> => ({
  argument,
  offer: { words: () => words },
  read(key, value) {
    const found = words.find((word) => word === value);
    if (found === undefined) throw unknownName(`value of \`${key}\``, value, words, key);
    return found;
  },
});

/** `a,b,c`, each item read by itself. */
export const list = <Value = string>(
  argument: string,
  item: (key: string, value: string) => Value,
  words?: () => readonly string[],
): Reader<Value[]> => ({
  argument,
  offer: words && { words, list: true },
  read: (key, value) => listOf(key, value).map((one) => item(key, one)),
  show: (values) => values.join(', '),
});

/** `-4..3`. */
export const WINDOW: Reader<ExponentWindow> = {
  argument: '<lo..hi>',
  read: (key, value) => parseWindow(value, key),
  show: ({ lo, hi }) => `${lo}..${hi}`,
};

/** A number of targets, or all of them. */
export const TARGETS: Reader<number> = {
  argument: '<n|all>',
  read: (key, value) => (value === 'all' ? Infinity : wholeNumber(key, countOf(key, value), 1, 1e12)),
};
