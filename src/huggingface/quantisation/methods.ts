import type { Config } from '../config.ts';
import { bitsOf, cached, grouped, groupOf, HALF, LAYERS, skipped } from './common.ts';
import type { Rules, StoredFormat } from './rules.ts';

/**
 * Quantisation configs of the libraries, one function a dialect. What a dialect leaves to its library's habits (a
 * router or a head that is never converted) is stated at the function.
 */

/**
 * GPTQ and its successors: a scale of 16 bits and a zero point as wide as a weight a group. AWQ may do without zero
 * points (`zero_point`), AutoRound may take the formats of MXFP4 and NVFP4 (`data_type`), whose scales have 8 bits.
 */
export function gptq(config: Config): Rules {
  const bits = bitsOf(config, 'bits', 'w_bit');
  const group = groupOf(config, 'group_size', 'q_group_size');
  const short = /^(?:mx|nv)_fp/.test(config.text('data_type') ?? '');
  const zero = !short && config.flag('zero_point', true);
  const each = (width: number): number => (short ? 8 : HALF) + (zero ? width : 0);
  const named = ownFormats(config, bits, group, each);
  const only = onlyIn(config);
  const format = grouped(bits, group, each(bits));
  return {
    method: config.text('quant_method') ?? (config.has('w_bit') ? 'AWQ' : 'GPTQ'),
    ...(only === undefined ? { format } : {}),
    covers: config.flag('lm_head', false) ? [...LAYERS, 'head'] : LAYERS,
    excluded: skipped(config),
    named: only === undefined ? named : [...named, { patterns: only, format }],
    notes: [],
  };
}

/** The modules of a block that are quantised, where the file lists them: its others keep their width. */
function onlyIn(config: Config): string[] | undefined {
  const key = 'modules_in_block_to_quantize';
  if (!config.has(key)) return undefined;
  const value = config.value(key);
  const flat: unknown[] = Array.isArray(value) ? value.flat() : [value];
  if (flat.every((item) => typeof item === 'string')) return flat;
  throw config.invalid(key, 'a list of lists of module names', value);
}

/**
 * Modules with settings of their own. GPTQModel's `dynamic` has expressions that hold from a name's beginning, behind `+:`, or
 * behind `-:` for modules that stay as they are; AutoRound's `extra_config` has names, or expressions for a part of one.
 */
function ownFormats(
  config: Config,
  bits: number,
  group: number | undefined,
  each: (width: number) => number,
): { patterns: string[]; format: StoredFormat | null }[] {
  const formatOf = (own: Config): StoredFormat | null => {
    const width = own.has('bits') ? bitsOf(own, 'bits') : bits;
    const size = own.has('group_size') ? groupOf(own, 'group_size') : group;
    return width === HALF ? null : grouped(width, size, each(width));
  };
  const dynamic = config.object('dynamic');
  const extra = config.object('extra_config');
  return [
    ...Object.keys(dynamic?.values ?? {}).map((key) => ({
      patterns: [`re:${key.replace(/^[-+]:/, '')}`],
      format: key.startsWith('-:') ? null : formatOf(dynamic!.inner(key)),
    })),
    ...Object.keys(extra?.values ?? {}).map((key) => ({
      patterns: [/[\\*+?^$|()[\]]/.test(key) ? `re:.*${key}` : key],
      format: formatOf(extra!.inner(key)),
    })),
  ];
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
    ...cached(config),
    notes: [],
  };
}

/** MLX: every matrix, head, router and embedding included; 16 bits of scale and 16 of bias a group. */
export function mlx(config: Config): Rules {
  const common = config.text('mode') ?? 'affine';
  const format = (own: Config): StoredFormat => {
    const mode = own.text('mode') ?? common;
    const [usual, each] = mode === 'nvfp4' ? [16, 8] : mode.startsWith('mx') ? [32, 8] : [64, 2 * HALF];
    return grouped(bitsOf(own, 'bits'), groupOf(own, 'group_size') ?? usual, each);
  };
  // Modules of their own stand beside the common keys: an object, or false for none.
  const named = Object.keys(config.values)
    .filter((key) => key.includes('.') || key.includes('head'))
    // True is the common format.
    .filter((key) => config.value(key) !== true)
    .map((key) => ({
      patterns: [key],
      format: config.value(key) === false ? null : format(config.inner(key)),
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
  notes: [
    'ternary weights take 2 bits each',
    ...(config.text('quantization_mode') === 'online'
      ? ['the file keeps the weights that it was trained with, to be rounded as it is loaded']
      : []),
  ],
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
    const named = parts.map((key) => ({ patterns: [key], format: format(own.inner(key)) }));
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
