import type { Config } from '../config.ts';
import type { Rules, StoredFormat } from './rules.ts';

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

/** Bits of the cache by the key that says it: a scheme with `num_bits`, a name, or null, by which it keeps its width. */
export function cached(config: Config): Pick<Rules, 'kvBits'> {
  for (const key of ['kv_cache_scheme', 'kv_cache_quant_algo']) {
    if (!config.mentions(key)) continue;
    if (!config.has(key)) return { kvBits: HALF };
    if (typeof config.value(key) === 'string') return namedCache(config, key);
    const scheme = config.object(key);
    return scheme?.has('num_bits') === true ? { kvBits: scheme.size('num_bits') } : {};
  }
  return {};
}

/** ModelOpt's names of a cache's format; AutoFP8 says only how its scales are found. */
function namedCache(config: Config, key: string): Pick<Rules, 'kvBits'> {
  const name = config.text(key)!;
  if (name === '') return {};
  if (/^(?:none|null|auto)$/i.test(name)) return { kvBits: HALF };
  if (/fp4|int4/i.test(name)) return { kvBits: 4 };
  if (/fp8|int8|^static$|^dynamic$/i.test(name)) return { kvBits: 8 };
  throw config.invalid(key, 'FP8, INT8, NVFP4, INT4 or none', name);
}
