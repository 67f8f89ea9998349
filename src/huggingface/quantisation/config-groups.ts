import { line } from '../../shown.ts';
import type { Config } from '../config.ts';
import { bitsOf, cached, grouped, groupOf, HALF, LAYERS, skipped } from './common.ts';
import type { Rules, StoredFormat } from './rules.ts';

/* The dialects that give a format to each of several groups of matrices. */

/** A matrix's format in compressed-tensors and in ModelOpt's config groups. */
function weightsOf(weights: Config, format: string): StoredFormat {
  const bits = bitsOf(weights, 'num_bits');
  const strategy = weights.text('strategy');
  const group = groupOf(weights, 'group_size');
  if (strategy === 'block' && weights.has('block_structure')) {
    return { bits, scaleBits: HALF / sidesOf(weights).reduce((product, side) => product * side, 1) };
  }
  const float = weights.text('type') === 'float';
  // NVFP4 has an FP8 scale for 16 weights, MXFP4 an exponent of 8 bits for 32.
  const eight = float && (bits === 4 || /mxfp8|mxfp4|nvfp4/.test(format));
  const zero = weights.flag('symmetric', true) ? 0 : bits;
  return grouped(bits, group, (eight ? 8 : HALF) + zero);
}

/** Sides of a block: a list, or written as 128x128. */
function sidesOf(weights: Config): number[] {
  const value = weights.value('block_structure');
  if (typeof value !== 'string') return weights.sizes('block_structure');
  if (/^[1-9]\d{0,5}x[1-9]\d{0,5}$/.test(value)) return value.split('x').map(Number);
  throw weights.invalid('block_structure', 'two sizes: 128x128', value);
}

/** What a file leaves out of its matrices is not left out here. */
function sparsity(config: Config): string[] {
  const found = config.object('sparsity_config');
  const structure = found?.text('sparsity_structure') ?? 'unstructured';
  return found === undefined || found.text('format') === undefined
    ? []
    : [`the zeros of the file (sparsity ${line(structure, 20)}) are stored and computed here as all else`];
}

/** compressed-tensors (vLLM): groups of targets, each with its weights; `ignore` goes before. */
export function compressedTensors(config: Config): Rules {
  const notes = sparsity(config);
  const groups = config.object('config_groups');
  if (groups === undefined && notes.length > 0) {
    return { method: 'compressed-tensors', covers: [], excluded: [], ...cached(config), notes };
  }
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
  return {
    method: config.text('quant_method') ?? 'compressed-tensors',
    ...(every === undefined ? {} : { format: every }),
    // The head is a "Linear" like the others: files that leave it out ignore it by name.
    covers: [...LAYERS, 'head'],
    excluded,
    // What is ignored is so even where a group's pattern would take it.
    named: [...(excluded.length === 0 ? [] : [{ patterns: excluded, format: null }]), ...named],
    ...cached(config),
    notes,
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

/**
 * ModelOpt (NVIDIA): one algorithm with exclusions, or one a listed module; null for the cache alone. It leaves the
 * head out by default.
 */
export function modelOpt(config: Config): Rules {
  const name = config.text('quant_algo');
  const excluded = ['exclude_modules', 'ignore'].flatMap((key) => config.texts(key) ?? []);
  const rest = { method: 'ModelOpt', excluded, ...cached(config), notes: [] };
  if (name === 'MIXED_PRECISION' || (name === undefined && config.has('quantized_layers'))) {
    return { ...rest, covers: [], named: listed(config) };
  }
  if (name === undefined) {
    if (config.has('config_groups')) return { ...compressedTensors(config), ...rest };
    if (config.mentions('quant_algo')) return { ...rest, covers: [] };
    throw config.missing(['quant_algo']);
  }
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
