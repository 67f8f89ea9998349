import type { Config } from '../config.ts';
import type { StoredFormat } from './rules.ts';

/* What the dialects of quantisation configs have in common. */

/** Layers of the model: what nearly every library converts. Routers and the head keep their training width. */
export const LAYERS = ['linear', 'expert'] as const;

export const HALF = 16;

/** A scale (and zero point) a group of inputs; one a whole row or matrix is next to nothing. */
export const grouped = (bits: number, group: number | undefined, each: number): StoredFormat => ({
  bits,
  scaleBits: group === undefined ? 0 : each / group,
});

/** Group size; −1 and null stand for a whole row. */
export function groupOf(config: Config, ...keys: string[]): number | undefined {
  const key = keys.find((one) => config.has(one));
  if (key === undefined || config.value(key) === -1) return undefined;
  return config.size(key);
}

/** Bits of a weight: whole, or the average of a mixture, up to 16. */
export function bitsOf(config: Config, ...keys: string[]): number {
  const key = keys.find((one) => config.has(one));
  if (key === undefined) throw config.missing(keys);
  return config.number(key, 16, 16);
}

export const skipped = (config: Config): string[] =>
  ['modules_to_not_convert', 'llm_int8_skip_modules', 'skip_modules', 'ignored_layers'].flatMap(
    (key) => config.texts(key) ?? [],
  );
