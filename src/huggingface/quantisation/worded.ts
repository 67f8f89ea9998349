import type { Config } from '../config.ts';
import { grouped, HALF, LAYERS, skipped } from './common.ts';
import type { Rules, StoredFormat } from './rules.ts';

/* Libraries that name their formats in words: int8, "Int8DynamicActivationInt4WeightConfig". */

const TYPE = /(?:u?int|float|fp|qint|qfloat)(\d+)/;

/** Nests of torchao's types are this deep; a file's may be deeper than any stack. */
const DEEPEST = 12;

/** A value's keys and words in lower case, as JSON would have them. */
function written(value: unknown, depth = 0): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)?.toLowerCase() ?? '';
  if (depth === DEEPEST) return '';
  return Object.keys(value)
    .map((key) => `"${key.toLowerCase()}":${written(Reflect.get(value, key), depth + 1)}`)
    .join(',');
}

/**
 * Format of a type in words, lower case. Types of weights stand before those of activations: behind `weight_dtype`,
 * or in front of "weight".
 */
function formatOf(config: Config, key: string, words: string): StoredFormat {
  const own = words.split('weight_dtype')[1];
  const bits = (own === undefined ? /(?:int|float|fp)(\d+)_?weight/.exec(words) : TYPE.exec(own))?.[1];
  const width = Number(bits ?? TYPE.exec(words)?.[1] ?? /w(\d+)a/.exec(words)?.[1]);
  if (!(width >= 1 && width <= 16)) {
    throw config.invalid(key, 'a type with its bits: int8, int4, float8', config.value(key));
  }
  if (words.includes('nvfp4')) return { bits: 4, scaleBits: 8 / 16 };
  if (/mxfp|"mx/.test(words)) return { bits: width, scaleBits: 8 / 32 };
  if (width >= 8 || /peraxis|perrow/.test(words)) return { bits: width, scaleBits: 0 };
  const stated = Number(/"group_size":(\d{1,9})/.exec(words)?.[1]);
  // torchao's own groups: 32 beside activations of 8 bits, 128 with a zero point each otherwise.
  const alone = !words.includes('activation');
  return grouped(width, stated > 0 ? stated : alone ? 128 : 32, alone ? 2 * HALF : HALF);
}

/** EETQ and Quanto: one type for every matrix. */
export function worded(config: Config): Rules {
  const key = ['weights', 'quant_type', 'weight_dtype', 'data_type'].find((one) => config.has(one));
  const method = config.text('quant_method') ?? 'a library';
  const words = key === undefined ? method : written(config.value(key));
  const { bits } =
    key === undefined && !/\d/.test(words) ? { bits: 8 } : formatOf(config, key ?? 'quant_method', words);
  return {
    method,
    format: bits < 8 ? grouped(bits, 128, HALF) : { bits, scaleBits: 0 },
    covers: LAYERS,
    excluded: skipped(config),
    notes: [],
  };
}

/** torchao: a type for all matrices, or one for modules by name (`module_fqn_to_config`) beside the common one. */
export function torchao(config: Config): Rules {
  const key = 'quant_type';
  if (!config.has(key)) throw config.missing([key]);
  const more = config.has('quant_type_kwargs') ? written(config.value('quant_type_kwargs')) : '';
  const all = typeof config.value(key) === 'string' ? undefined : byName(config.inner(key));
  const rest = { method: 'torchao', covers: LAYERS, excluded: skipped(config), notes: [] };
  if (all === undefined) {
    return { ...rest, format: formatOf(config, key, written(config.value(key)) + more) };
  }
  const named = Object.keys(all.values).filter((name) => name !== '_default');
  return {
    ...rest,
    ...(all.has('_default') ? { format: formatOf(config, key, written(all.value('_default'))) } : {}),
    named: named.map((name) => ({
      patterns: [name],
      format: all.has(name) ? formatOf(config, key, written(all.value(name))) : null,
    })),
  };
}

/** The formats of modules by name, inside the types of torchao. */
function byName(type: Config): Config | undefined {
  const data = (type.object('default') ?? type).object('_data');
  return data?.object('module_fqn_to_config') ?? data?.object('fqn_to_config');
}
