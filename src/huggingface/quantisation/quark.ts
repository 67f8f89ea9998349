import { isRecord, type Config } from '../config.ts';
import { grouped, groupOf, HALF, LAYERS } from './common.ts';
import type { Rules, StoredFormat } from './rules.ts';

/** Bits of AMD's types: fp8_e4m3, int4, uint4, fp4, bfloat16. */
function bitsOf(config: Config): number {
  const name = config.text('dtype') ?? '';
  const bits = Number(/^(?:bfloat|float|u?int|fp|mxfp|ocp_mxfp)(\d{1,2})/.exec(name)?.[1]);
  if (bits >= 1 && bits <= 16) return bits;
  throw config.invalid('dtype', 'a type with its bits: fp8_e4m3, int4, fp4', name);
}

/** Format of a layer's weights; of two stages, the first is what is stored. Null where they keep their width. */
function formatOf(holder: Config): StoredFormat | null {
  const value = holder.value('weight');
  const weights = Array.isArray(value) ? holder.items('weight')[0] : holder.object('weight');
  if (weights === undefined) return null;
  const bits = bitsOf(weights);
  if (bits === HALF) return null;
  const group = weights.text('qscheme') === 'per_group' ? groupOf(weights, 'group_size') : undefined;
  // Groups of FP4 share an exponent of 8 bits, as MXFP4 has it.
  const short = weights.text('scale_format') === 'e8m0' || weights.text('dtype')?.startsWith('fp4') === true;
  const zero = weights.flag('symmetric', true) ? 0 : bits;
  return grouped(bits, group, (short ? 8 : HALF) + zero);
}

/** Quark (AMD): one format, others by the names of layers, and a cache by what leaves the projections of K and V. */
export function quark(config: Config): Rules {
  const common = config.object('global_quant_config');
  if (common === undefined) throw config.missing(['global_quant_config']);
  const layers = config.object('layer_quant_config');
  const cache = config.object('kv_cache_quant_config');
  const format = formatOf(common) ?? undefined;
  const settings = (of: Config | undefined): [string, Config][] =>
    Object.keys(of?.values ?? {})
      .filter((key) => isRecord(of!.values[key]))
      .map((key) => [key, of!.inner(key)]);
  const outputs = [...settings(cache), ...settings(layers).filter(([key]) => /[kv]_proj|kv/.test(key))]
    .map(([, one]) => (isRecord(one.value('output_tensors')) ? one.object('output_tensors') : undefined))
    .find((one) => one !== undefined);
  return {
    method: 'Quark',
    ...(format === undefined ? {} : { format }),
    // The head is a layer like the others: files that leave it out exclude it by name.
    covers: [...LAYERS, 'head'],
    excluded: config.texts('exclude') ?? [],
    named: settings(layers).map(([key, one]) => ({ patterns: [key], format: formatOf(one) })),
    ...(outputs === undefined ? {} : { kvBits: bitsOf(outputs) }),
    notes: [],
  };
}
