import { distance } from 'fastest-levenshtein';
import { MugiError, nearest } from '../../errors.ts';
import type { NonlinearName } from '../operator.ts';

/** Sizes beyond this are typing errors, not models. */
const MAX_SIZE = 1e9;
/** More layers than any model has; a bound, since layers are read one by one. */
export const MAX_LAYERS = 10_000;

/** Hugging Face names of activation functions (transformers ACT2FN) that this model of hardware has. */
const ACTIVATIONS: Readonly<Record<string, NonlinearName>> = {
  silu: 'silu',
  swish: 'silu',
  gelu: 'gelu',
  gelu_new: 'gelu',
  gelu_fast: 'gelu',
  gelu_pytorch_tanh: 'gelu',
  gelu_python: 'gelu',
  quick_gelu: 'gelu',
  relu: 'relu',
};

/**
 * Typed access to a parsed config.json. Every complaint names file, key, what was expected and what stands there;
 * null counts as absent. `notes` collects what a reader must know about how the file was understood.
 */
export class Config {
  readonly path: string;
  readonly values: Readonly<Record<string, unknown>>;
  readonly notes: string[] = [];
  readonly #asked = new Set<string>();

  constructor(values: Readonly<Record<string, unknown>>, path: string) {
    this.values = values;
    this.path = path;
  }

  has(key: string): boolean {
    this.#asked.add(key);
    return Object.hasOwn(this.values, key) && this.values[key] !== undefined && this.values[key] !== null;
  }

  /** The first of `keys` that has a value. All are asked for, so that a misspelt one is noticed. */
  #first(keys: readonly string[]): string | undefined {
    return keys.filter((key) => this.has(key))[0];
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
    const value = this.values[key];
    if (isSize(value)) return value;
    throw this.invalid(key, 'a positive whole number up to 1e9', value);
  }

  sizeOr(fallback: number, ...keys: string[]): number {
    return this.optionalSize(...keys) ?? fallback;
  }

  /** A size that published files of the family omit because it is the default of Transformers; noted. */
  sizeOrDefault(key: string, fallback: number): number {
    const value = this.optionalSize(key);
    if (value !== undefined) return value;
    this.notes.push(`"${key}" is absent: ${fallback}, the default of its family in Transformers`);
    return fallback;
  }

  layers(...keys: string[]): number {
    const count = this.size(...keys);
    if (count <= MAX_LAYERS) return count;
    throw this.invalid(this.#first(keys)!, `at most ${MAX_LAYERS} layers`, count);
  }

  sizes(key: string): number[] {
    if (!this.has(key)) throw this.missing([key]);
    const value = this.values[key];
    if (Array.isArray(value) && value.length > 0 && value.length <= MAX_LAYERS && value.every(isSize))
      return value;
    throw this.invalid(key, 'a list of positive whole numbers', value);
  }

  /** Indices of layers: whole numbers from 0. */
  indices(key: string): number[] {
    if (!this.has(key)) return [];
    const value = this.values[key];
    if (Array.isArray(value) && value.every((item) => item === 0 || isSize(item))) return value;
    throw this.invalid(key, 'a list of layer numbers', value);
  }

  flag(key: string, fallback: boolean): boolean {
    if (!this.has(key)) return fallback;
    const value = this.values[key];
    if (typeof value === 'boolean') return value;
    throw this.invalid(key, 'true or false', value);
  }

  /** A number in (0, max]. */
  number(key: string, fallback: number, max = 1e9): number {
    if (!this.has(key)) return fallback;
    const value = this.values[key];
    if (typeof value === 'number' && value > 0 && value <= max) return value;
    throw this.invalid(key, `a positive number up to ${max}`, value);
  }

  text(key: string): string | undefined {
    if (!this.has(key)) return undefined;
    const value = this.values[key];
    if (typeof value === 'string') return value;
    throw this.invalid(key, 'a string', value);
  }

  texts(key: string): string[] | undefined {
    if (!this.has(key)) return undefined;
    const value = this.values[key];
    if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
    throw this.invalid(key, 'a list of strings', value);
  }

  object(key: string): Config | undefined {
    if (!this.has(key)) return undefined;
    const value = this.values[key];
    if (isRecord(value)) return new Config(value, `${this.path}: ${key}`);
    throw this.invalid(key, 'an object', value);
  }

  /** The activation of the FFN by its Hugging Face name; all forms of GELU are one function of the hardware. */
  activation(keys: readonly string[], fallback?: NonlinearName): NonlinearName {
    const key = this.#first(keys);
    if (key === undefined) {
      if (fallback !== undefined) return fallback;
      throw this.missing(keys);
    }
    const name = this.text(key)!;
    const names = Object.keys(ACTIVATIONS);
    if (!Object.hasOwn(ACTIVATIONS, name)) {
      throw this.invalid(key, `one of ${names.join(', ')}`, name, nearest(name, names));
    }
    const known = ACTIVATIONS[name];
    if (known === 'gelu' && name !== 'gelu') this.notes.push(`activation "${name}" is counted as gelu`);
    return known;
  }

  missing(keys: readonly string[]): MugiError {
    const wanted = keys[0];
    const near = this.#misspelt(wanted);
    return new MugiError({
      code: 'invalid-file',
      message: `the key "${wanted}" is missing${near === undefined ? '' : `; there is a "${near}"`}`,
      path: `${this.path}: ${wanted}`,
      expected: keys.join(' or '),
      ...(near === undefined ? {} : { received: near, nearest: wanted }),
    });
  }

  invalid(key: string, expected: string, received: unknown, near?: string): MugiError {
    return new MugiError({
      code: 'invalid-file',
      message: `"${key}" has a value that cannot be`,
      path: `${this.path}: ${key}`,
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
      path: `${this.path}: ${key}`,
      received: shown(this.values[key]),
    });
  }

  /** Throws for a key that is nearly one the family reads and that is not there: a typing error, not an option. */
  refuseMisspelt(): void {
    for (const wanted of this.#asked) {
      if (Object.hasOwn(this.values, wanted)) continue;
      const near = this.#misspelt(wanted);
      if (near !== undefined) {
        throw new MugiError({
          code: 'invalid-file',
          message: `the key "${near}" is unknown`,
          path: `${this.path}: ${near}`,
          expected: wanted,
          received: near,
          nearest: wanted,
        });
      }
    }
  }

  /** A key of the file that nobody reads and that is `wanted` with up to two letters changed. */
  #misspelt(wanted: string): string | undefined {
    const limit = wanted.length >= 8 ? 2 : 1;
    return Object.keys(this.values).find((key) => !this.#asked.has(key) && distance(key, wanted) <= limit);
  }
}

const isSize = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= MAX_SIZE;

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function shown(value: unknown): string {
  // JSON has no word for these numbers and would say null.
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? 'nothing');
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
