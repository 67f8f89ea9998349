import type { Config } from '../config.ts';
import type { Rules, StoredFormat } from './rules.ts';

/**
 * Quantisation configs of the libraries, one function a dialect. What a dialect leaves to its library's habits (a
 * router or a head that is never converted) is stated at the function.
 */

/** Layers of the model: what nearly every library converts. Routers and the head keep their training width. */
const LAYERS = ['linear', 'expert'] as const;

const HALF = 16;

/** A scale (and zero point) a group of inputs; one a whole row or matrix is next to nothing. */
const grouped = (bits: number, group: number | undefined, each: number): StoredFormat => ({
  bits,
  scaleBits: group === undefined ? 0 : each / group,
});

/** Group size; −1 and null stand for a whole row. */
function groupOf(config: Config, ...keys: string[]): number | undefined {
  const key = keys.find((one) => config.has(one));
  if (key === undefined || config.value(key) === -1) return undefined;
  return config.size(key);
}

/** Bits of a weight: whole, or the average of a mixture, up to 16. */
function bitsOf(config: Config, ...keys: string[]): number {
  const key = keys.find((one) => config.has(one));
  if (key === undefined) throw config.missing(keys);
  return config.number(key, 16, 16);
}

const skipped = (config: Config): string[] =>
  ['modules_to_not_convert', 'llm_int8_skip_modules', 'skip_modules', 'ignored_layers'].flatMap(
    (key) => config.texts(key) ?? [],
  );

/** GPTQ and its successors: a scale of 16 bits and a zero point as wide as a weight a group. */
export function gptq(config: Config): Rules {
  const bits = bitsOf(config, 'bits', 'w_bit');
  const format = grouped(bits, groupOf(config, 'group_size', 'q_group_size'), HALF + bits);
  return {
    method: config.text('quant_method') ?? 'GPTQ',
    format,
    covers: config.flag('lm_head', false) ? [...LAYERS, 'head'] : LAYERS,
    excluded: skipped(config),
    notes: [],
  };
}

/** bitsandbytes: blocks of 64 with a scale of 32 bits, or of 8 with double quantisation; INT8 by the row. */
export function bitsandbytes(config: Config): Rules {
  const four = config.flag('load_in_4bit', false) || config.flag('_load_in_4bit', false);
  const eight = config.flag('load_in_8bit', false) || config.flag('_load_in_8bit', false);
  if (!four && !eight) throw config.missing(['load_in_4bit', 'load_in_8bit']);
  const double = config.flag('bnb_4bit_use_double_quant', false);
  return {
    method: 'bitsandbytes',
    format: four
      ? { bits: 4, scaleBits: double ? 8 / 64 + 32 / (64 * 256) : 32 / 64 }
      : { bits: 8, scaleBits: 0 },
    covers: LAYERS,
    excluded: skipped(config),
    notes: [],
  };
}

/** FP8: one scale a block of `weight_block_size`, or a row, or the matrix. */
export function fp8(config: Config): Rules {
  const block = config.has('weight_block_size') ? config.sizes('weight_block_size') : undefined;
  const scale = config.text('scale_fmt') === 'ue8m0' ? 8 : 32;
  const scaleBits = block === undefined ? 0 : scale / block.reduce((product, side) => product * side, 1);
  return {
    method: config.text('quant_method') ?? 'FP8',
    format: { bits: 8, scaleBits },
    covers: LAYERS,
    excluded: skipped(config),
    notes: [],
  };
}

/** A matrix's format in compressed-tensors and in ModelOpt's config groups. */
function weightsOf(weights: Config, format: string): StoredFormat {
  const bits = bitsOf(weights, 'num_bits');
  const strategy = weights.text('strategy');
  const group = groupOf(weights, 'group_size');
  const block = weights.has('block_structure') ? weights.value('block_structure') : undefined;
  if (strategy === 'block' && Array.isArray(block)) {
    return {
      bits,
      scaleBits: HALF / weights.sizes('block_structure').reduce((product, side) => product * side, 1),
    };
  }
  const float = weights.text('type') === 'float';
  // NVFP4 has an FP8 scale for 16 weights, MXFP4 an exponent of 8 bits for 32.
  const eight = float && (bits === 4 || /mxfp8|mxfp4|nvfp4/.test(format));
  const zero = weights.flag('symmetric', true) ? 0 : bits;
  return grouped(bits, group, (eight ? 8 : HALF) + zero);
}

/** Bits of the cache: a scheme with `num_bits`, or an algorithm's name. */
function cacheBits(config: Config, ...keys: string[]): number | undefined {
  for (const key of keys) {
    if (!config.has(key)) continue;
    if (typeof config.value(key) === 'string') return algorithm(config, key).bits;
    const scheme = config.object(key);
    return scheme?.has('num_bits') ? scheme.size('num_bits') : undefined;
  }
  return undefined;
}

/** compressed-tensors (vLLM): groups of targets, each with its weights; `ignore` goes before. */
export function compressedTensors(config: Config): Rules {
  const groups = config.object('config_groups');
  if (groups === undefined) throw config.missing(['config_groups']);
  const format = config.text('format') ?? '';
  const named: { patterns: string[]; format: StoredFormat | null }[] = [];
  let every: StoredFormat | undefined;
  for (const key of Object.keys(groups.values)) {
    const group = groups.object(key)!;
    const weights = group.object('weights');
    if (weights === undefined) continue;
    const own = weightsOf(weights, group.text('format') ?? format);
    const targets = group.texts('targets') ?? ['Linear'];
    // "Linear" is the class of every matrix; all else are names.
    if (targets.includes('Linear')) every ??= own;
    const patterns = targets.filter((target) => target !== 'Linear');
    if (patterns.length > 0) named.push({ patterns, format: own });
  }
  const excluded = [...(config.texts('ignore') ?? []), ...skipped(config)];
  const kvBits = cacheBits(config, 'kv_cache_scheme', 'kv_cache_quant_algo');
  return {
    method: config.text('quant_method') ?? 'compressed-tensors',
    ...(every === undefined ? {} : { format: every }),
    // The head is a "Linear" like the others: files that leave it out ignore it by name.
    covers: [...LAYERS, 'head'],
    excluded,
    // What is ignored is so even where a group's pattern would take it.
    named: [...(excluded.length === 0 ? [] : [{ patterns: excluded, format: null }]), ...named],
    ...(kvBits === undefined ? {} : { kvBits }),
    notes: [],
  };
}

/** ModelOpt's algorithms: bits of a weight and of its scales. */
const ALGORITHMS: Readonly<Record<string, StoredFormat>> = {
  FP8: { bits: 8, scaleBits: 0 },
  FP8_PER_CHANNEL_PER_TOKEN: { bits: 8, scaleBits: 0 },
  FP8_PB_WO: { bits: 8, scaleBits: 32 / (128 * 128) },
  FP8_BLOCK_SCALES: { bits: 8, scaleBits: 32 / (128 * 128) },
  MXFP8: { bits: 8, scaleBits: 8 / 32 },
  W8A8_SQ_PER_CHANNEL: { bits: 8, scaleBits: 0 },
  INT8_SQ: { bits: 8, scaleBits: 0 },
  INT8: { bits: 8, scaleBits: 0 },
  W8A16: { bits: 8, scaleBits: 0 },
  NVFP4: { bits: 4, scaleBits: 8 / 16 },
  W4A16_NVFP4: { bits: 4, scaleBits: 8 / 16 },
  NVFP4_AWQ: { bits: 4, scaleBits: 8 / 16 },
  W4A8_NVFP4_FP8: { bits: 4, scaleBits: 8 / 32 },
  MXFP4: { bits: 4, scaleBits: 8 / 32 },
  W4A8_MXFP4_FP8: { bits: 4, scaleBits: 8 / 32 },
  INT4_AWQ: { bits: 4, scaleBits: HALF / 128 },
  W4A16_AWQ: { bits: 4, scaleBits: HALF / 128 },
  W4A8_AWQ: { bits: 4, scaleBits: HALF / 128 },
};

function algorithm(config: Config, key: string): StoredFormat {
  const name = config.text(key) ?? '';
  const upper = name.toUpperCase();
  if (Object.hasOwn(ALGORITHMS, upper)) return ALGORITHMS[upper];
  throw config.invalid(key, `one of ${Object.keys(ALGORITHMS).join(', ')}`, name);
}

/** ModelOpt (NVIDIA): one algorithm with exclusions, or one a listed module. It leaves the head out by default. */
export function modelOpt(config: Config): Rules {
  const name = config.text('quant_algo');
  const excluded = ['exclude_modules', 'ignore'].flatMap((key) => config.texts(key) ?? []);
  const kvBits = cacheBits(config, 'kv_cache_quant_algo', 'kv_cache_scheme');
  const rest = {
    method: 'ModelOpt',
    excluded,
    ...(kvBits === undefined ? {} : { kvBits }),
    notes: [],
  };
  if (name === 'MIXED_PRECISION' || (name === undefined && config.has('quantized_layers'))) {
    return { ...rest, covers: [], named: listed(config) };
  }
  if (name === undefined) return { ...compressedTensors(config), ...rest };
  const known = algorithm(config, 'quant_algo');
  const group = groupOf(config, 'group_size');
  // The scale of a group is as wide as the algorithm's own; a stated group size replaces the usual one.
  const scaled =
    group === undefined || known.scaleBits === 0
      ? known
      : { ...known, scaleBits: (/FP/.test(name) ? 8 : HALF) / group };
  return { ...rest, format: scaled, covers: LAYERS };
}

/** Listed modules by their algorithm: all of one algorithm together. */
function listed(config: Config): { patterns: string[]; format: StoredFormat }[] {
  const layers = config.object('quantized_layers');
  if (layers === undefined) throw config.missing(['quantized_layers']);
  const byAlgorithm = new Map<string, { patterns: string[]; format: StoredFormat }>();
  for (const key of Object.keys(layers.values)) {
    const one = layers.object(key)!;
    const name = one.text('quant_algo') ?? '';
    const known = byAlgorithm.get(name);
    if (known === undefined) byAlgorithm.set(name, { patterns: [key], format: algorithm(one, 'quant_algo') });
    else known.patterns.push(key);
  }
  return [...byAlgorithm.values()];
}

/** MLX: every matrix, head, router and embedding included; 16 bits of scale and 16 of bias a group. */
export function mlx(config: Config): Rules {
  const format = (own: Config): StoredFormat =>
    own.text('mode')?.startsWith('mx') === true || own.text('mode') === 'nvfp4'
      ? grouped(bitsOf(own, 'bits'), groupOf(own, 'group_size') ?? 32, 8)
      : grouped(bitsOf(own, 'bits'), groupOf(own, 'group_size') ?? 64, 2 * HALF);
  // Modules of their own stand beside the common keys: an object, or false for none.
  const named = Object.keys(config.values)
    .filter((key) => key.includes('.') || key.includes('head'))
    .map((key) => ({
      patterns: [key],
      format: config.value(key) === false ? null : format(config.object(key)!),
    }));
  return {
    method: 'MLX',
    format: format(config),
    covers: ['linear', 'expert', 'router', 'head'],
    excluded: [],
    named,
    notes: [],
  };
}

/** MXFP4 (GPT-OSS): the experts alone, an exponent of 8 bits for 32 weights. */
export const mxfp4 = (config: Config): Rules => ({
  method: 'MXFP4',
  format: { bits: 4, scaleBits: 8 / 32 },
  covers: ['expert'],
  excluded: skipped(config),
  notes: [],
});

/** BitNet: ternary weights, four to a byte, and one scale a matrix. */
export const bitnet = (config: Config): Rules => ({
  method: 'BitNet',
  format: { bits: 2, scaleBits: 0 },
  covers: LAYERS,
  excluded: skipped(config),
  notes: ['ternary weights take 2 bits each'],
});

/** HQQ: a scale and a zero point of 16 bits a group. */
export function hqq(config: Config): Rules {
  const own = config.object('quant_config');
  const format = (holder: Config): StoredFormat => {
    const weights = holder.object('weight_quant_params') ?? holder;
    return grouped(bitsOf(weights, 'nbits', 'bits'), groupOf(weights, 'group_size'), 2 * HALF);
  };
  const parts = own === undefined ? [] : Object.keys(own.values).filter((key) => key.includes('proj'));
  if (own !== undefined && parts.length > 0) {
    const named = parts.map((key) => ({ patterns: [key], format: format(own.object(key)!) }));
    return { method: 'HQQ', covers: [], excluded: skipped(config), named, notes: [] };
  }
  return {
    method: 'HQQ',
    format: format(own ?? config),
    covers: LAYERS,
    excluded: skipped(config),
    notes: [],
  };
}

/** EXL2 and EXL3: an average over matrices of 2 to 8 bits, scales included, and a head of its own. */
export function exl(config: Config): Rules {
  const head = config.has('head_bits') ? { bits: bitsOf(config, 'head_bits'), scaleBits: 0 } : undefined;
  return {
    method: config.text('quant_method') ?? 'EXL2',
    format: { bits: bitsOf(config, 'bits'), scaleBits: 0 },
    covers: LAYERS,
    excluded: [],
    ...(head === undefined ? {} : { head }),
    notes: ['its bits are an average over matrices of different widths, scales included'],
  };
}

/** Codebooks of AQLM: `num_codebooks` indices of `nbits_per_codebook` for a group of inputs. */
export const aqlm = (config: Config): Rules => ({
  method: 'AQLM',
  format: {
    bits:
      (config.size('num_codebooks') * config.size('nbits_per_codebook')) /
      (config.sizeOr(8, 'in_group_size') * config.sizeOr(1, 'out_group_size')),
    scaleBits: 0,
  },
  covers: LAYERS,
  excluded: config.texts('linear_weights_not_to_quantize') ?? [],
  notes: ['its codebooks are not counted'],
});

/** Libraries that name their type in words: int8, int4, float8. */
export function worded(config: Config): Rules {
  const key = ['weights', 'quant_type', 'weight_dtype', 'data_type'].find((one) => config.has(one));
  const text = key === undefined ? 'int8' : JSON.stringify(config.value(key)).toLowerCase();
  const bits = /(?:u?int|float|fp|w)(\d+)/.exec(text)?.[1];
  if (bits === undefined || Number(bits) < 1 || Number(bits) > 16) {
    throw config.invalid(key ?? 'quant_method', 'a type with its bits: int8, int4, float8', text);
  }
  const width = Number(bits);
  return {
    method: config.text('quant_method') ?? 'a library',
    format: grouped(width, width < 8 ? (groupOf(config, 'group_size') ?? 128) : undefined, HALF),
    covers: LAYERS,
    excluded: skipped(config),
    notes: [],
  };
}
