import type { Config } from '../config.ts';
import { bitsOf, grouped, groupOf, HALF, LAYERS, skipped } from './common.ts';
import type { Rules, StoredFormat } from './rules.ts';

/* The dialects that give a format to each of several groups of matrices. */

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
    const group = groups.inner(key);
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
    const one = layers.inner(key);
    const name = one.text('quant_algo') ?? '';
    const known = byAlgorithm.get(name);
    if (known === undefined) byAlgorithm.set(name, { patterns: [key], format: algorithm(one, 'quant_algo') });
    else known.patterns.push(key);
  }
  return [...byAlgorithm.values()];
}
