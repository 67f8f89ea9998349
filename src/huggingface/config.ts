import { distance } from 'fastest-levenshtein';
import { MugiError, nearest } from '../errors.ts';
import { shown } from '../shown.ts';
import { ACTIVATIONS, type Activation } from './activations.ts';

/** Sizes beyond this are typing errors, not models. */
const MAX_SIZE = 1e9;
/** More layers than any model has; a bound, since layers are read one by one. */
const MAX_LAYERS = 10_000;

export type Values = Readonly<Record<string, unknown>>;

/**
 * Typed access to a parsed configuration of Hugging Face, for workloads and for execution alike. Every complaint
 * names file, key, what was expected and what stands there. Null counts as absent; a key that the file does not
 * mention takes the default that transformers has for the family (`withDefaults`), and a note says so. Look-ups
 * see own properties only. `notes` collects what a reader must know about how the file was understood.
 */
export class Config {
  readonly path: string;
  readonly values: Values;
  readonly notes: string[] = [];
  readonly #prefix: string;
  readonly #asked = new Set<string>();
  readonly #inner: Config[] = [];
  readonly #used = new Map<string, unknown>();
  #defaults: Values = {};
  #family = '';

  /** `prefix`: the keys that lead to this object from the file's top, each with a dot behind it. */
  constructor(values: Values, path: string, prefix = '') {
    this.values = values;
    this.path = path;
    this.#prefix = prefix;
  }

  /** Where a key stands, for errors: `config.json: text_config.hidden_size`. */
  at(key: string): string {
    return `${this.path}: ${this.#prefix}${key}`;
  }

  /** Defaults of transformers for this family, taken for keys that the file does not mention. */
  withDefaults(family: string, defaults: Values | undefined): this {
    this.#family = family;
    this.#defaults = defaults ?? {};
    return this;
  }

  /** True when the file itself gives the key a value. */
  has(key: string): boolean {
    this.#asked.add(key);
    return this.mentions(key) && this.values[key] !== undefined && this.values[key] !== null;
  }

  /** True when the key stands in the file, null included. */
  mentions(key: string): boolean {
    this.#asked.add(key);
    return Object.hasOwn(this.values, key);
  }

  /** The value of the file, or the family's default for a key that the file does not mention. */
  value(key: string): unknown {
    if (this.has(key)) return this.values[key];
    if (this.mentions(key) || !Object.hasOwn(this.#defaults, key)) return undefined;
    const value = this.#defaults[key];
    if (value !== false && value !== null) this.#used.set(key, value);
    return value ?? undefined;
  }

  /** The first of `keys` that has a value; all are asked for, so that a misspelt one is noticed. */
  #first(keys: readonly string[]): string | undefined {
    const given = keys.filter((key) => this.has(key));
    return given[0] ?? keys.find((key) => this.value(key) !== undefined);
  }

  /** A positive whole number under the first of `keys` that is there. */
  size(...keys: string[]): number {
    const value = this.optionalSize(...keys);
    if (value === undefined) throw this.missing(keys);
    return value;
  }

  optionalSize(...keys: string[]): number | undefined {
    const key = this.#first(keys);
    if (key === undefined) return undefined;
    const value = this.value(key);
    if (isSize(value)) return value;
    throw this.invalid(key, 'a positive whole number up to 1e9', value);
  }

  sizeOr(fallback: number, ...keys: string[]): number {
    return this.optionalSize(...keys) ?? fallback;
  }

  /** A whole number from 0, or the fallback. */
  count(fallback: number, ...keys: string[]): number {
    const key = this.#first(keys);
    if (key === undefined) return fallback;
    const value = this.value(key);
    if (value === 0 || isSize(value)) return value;
    throw this.invalid(key, 'a whole number from 0 to 1e9', value);
  }

  /** How many layers there are. */
  layers(...keys: string[]): number {
    const count = this.size(...keys);
    if (count <= MAX_LAYERS) return count;
    throw this.invalid(this.#first(keys)!, `at most ${MAX_LAYERS} layers`, count);
  }

  /** One size a layer: a number for all of them, or a list with an entry for each. */
  sizePerLayer(layers: number, ...keys: string[]): number[] {
    const key = this.#first(keys);
    if (key === undefined) throw this.missing(keys);
    const value = this.value(key);
    if (!Array.isArray(value)) return Array.from({ length: layers }, () => this.size(...keys));
    if (value.length !== layers) {
      throw this.invalid(key, `${layers} entries, one a layer`, `${value.length} entries`);
    }
    return this.sizes(key);
  }

  sizes(key: string): number[] {
    const value = this.value(key);
    if (value === undefined) throw this.missing([key]);
    if (Array.isArray(value) && value.length > 0 && value.length <= MAX_LAYERS && value.every(isSize)) {
      return value;
    }
    throw this.invalid(key, 'a list of positive whole numbers', value);
  }

  /** A list of whole numbers from 0, for instance of layers; empty when absent. */
  indices(key: string): number[] {
    const value = this.value(key) ?? [];
    if (Array.isArray(value) && value.every((item) => item === 0 || isSize(item))) return value;
    throw this.invalid(key, 'a list of whole numbers from 0', value);
  }

  flag(key: string, fallback: boolean): boolean {
    const value = this.value(key) ?? fallback;
    if (typeof value === 'boolean') return value;
    throw this.invalid(key, 'true or false', value);
  }

  /** A number in (0, max]. */
  number(key: string, fallback: number, max = 1e9): number {
    const value = this.value(key) ?? fallback;
    if (typeof value === 'number' && value > 0 && value <= max) return value;
    throw this.invalid(key, `a positive number up to ${max}`, value);
  }

  text(key: string): string | undefined {
    const value = this.value(key);
    if (value === undefined || typeof value === 'string') return value;
    throw this.invalid(key, 'a string', value);
  }

  texts(key: string): string[] | undefined {
    const value = this.value(key);
    if (value === undefined) return undefined;
    if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
    throw this.invalid(key, 'a list of strings', value);
  }

  /** A whole number, or a list of them: token ids. */
  integers(key: string): number[] {
    const value = this.value(key);
    if (value === undefined) return [];
    const list: unknown[] = Array.isArray(value) ? value : [value];
    if (list.every((item): item is number => Number.isInteger(item))) return list;
    throw this.invalid(key, 'a whole number or a list of them', value);
  }

  object(key: string): Config | undefined {
    const value = this.value(key);
    if (value === undefined) return undefined;
    if (!isRecord(value)) throw this.invalid(key, 'an object', value);
    const inner = new Config(value, this.path, `${this.#prefix}${key}.`);
    this.#inner.push(inner);
    return inner;
  }

  /** An object that has to be there. */
  inner(key: string): Config {
    const found = this.object(key);
    if (found === undefined) throw this.invalid(key, 'an object', this.values[key]);
    return found;
  }

  /** A list of objects. */
  items(key: string): Config[] {
    const value = this.value(key);
    if (!Array.isArray(value) || value.length > MAX_LAYERS || !value.every(isRecord)) {
      throw this.invalid(key, 'a list of objects', value);
    }
    return value.map((item, i) => {
      const inner = new Config(item, this.path, `${this.#prefix}${key}[${i}].`);
      this.#inner.push(inner);
      return inner;
    });
  }

  /** The activation under the first of `keys`, by its Hugging Face name. */
  activation(...keys: string[]): Activation {
    const key = this.#first(keys);
    if (key === undefined) throw this.missing(keys);
    const name = this.text(key)!;
    const names = Object.keys(ACTIVATIONS);
    if (Object.hasOwn(ACTIVATIONS, name)) return ACTIVATIONS[name];
    throw this.invalid(key, `one of ${names.join(', ')}`, name, nearest(name, names));
  }

  missing(keys: readonly string[]): MugiError {
    const wanted = keys[0];
    const near = this.#misspelt(wanted);
    return new MugiError({
      code: 'invalid-file',
      message: `the key "${wanted}" is missing${near === undefined ? '' : `; there is a "${near}"`}`,
      path: this.at(wanted),
      expected: keys.join(' or '),
      ...(near === undefined ? {} : { received: near, nearest: wanted }),
    });
  }

  invalid(key: string, expected: string, received: unknown, near?: string): MugiError {
    return new MugiError({
      code: 'invalid-file',
      message: `"${key}" has an impossible value`,
      path: this.at(key),
      expected,
      received: shown(received),
      ...(near === undefined ? {} : { nearest: near }),
    });
  }

  /** What cannot be modelled faithfully is refused by name. */
  refuse(what: string, key: string): MugiError {
    return new MugiError({
      code: 'unsupported',
      message: `${what} cannot be modelled faithfully, so the model is refused`,
      path: this.at(key),
      received: shown(Object.hasOwn(this.values, key) ? this.values[key] : undefined),
    });
  }

  /** Throws for a key that is nearly one the family reads and that is not there: a typing error, not an option. */
  refuseMisspelt(): void {
    for (const inner of this.#inner) inner.refuseMisspelt();
    for (const wanted of this.#asked) {
      if (Object.hasOwn(this.values, wanted)) continue;
      const near = this.#misspelt(wanted);
      if (near !== undefined) {
        throw new MugiError({
          code: 'invalid-file',
          message: `the key "${near}" is unknown`,
          path: this.at(near),
          expected: wanted,
          received: near,
          nearest: wanted,
        });
      }
    }
  }

  /** All notes, those of inner objects and on defaults included. */
  allNotes(): string[] {
    const used = [...this.#used].map(([key, value]) => `${key} ${shown(value)}`);
    const defaults =
      used.length === 0
        ? []
        : [`not in the file, so as transformers has it for ${this.#family}: ${used.join(', ')}`];
    return [...this.notes, ...defaults, ...this.#inner.flatMap((inner) => inner.allNotes())];
  }

  /** A key of the file that nobody reads and that is `wanted` with up to two letters changed. */
  #misspelt(wanted: string): string | undefined {
    const limit = wanted.length >= 8 ? 2 : 1;
    return Object.keys(this.values).find(
      (key) =>
        Math.abs(key.length - wanted.length) <= limit &&
        !this.#asked.has(key) &&
        distance(key, wanted) <= limit,
    );
  }
}

const isSize = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= MAX_SIZE;

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
