import { MugiError } from '../../errors.ts';
import type { Config } from '../../huggingface/config.ts';
import { positionsOf, rotaryOf } from '../../huggingface/heads.ts';
import { shown } from '../../shown.ts';
import { unsupported } from './config-checks.ts';
import type { DecoderConfig, Rope, RopeScaling } from './config.ts';

/** Rotary embeddings of layers with full attention, and of those with a window. */
export interface Ropes {
  full: Rope;
  local: Rope;
}

/** Keys of `rope_parameters` that say nothing about a scaling. */
const UNSCALED = new Set(['rope_theta', 'partial_rotary_factor']);

const KNOWN = new Set([
  'rope_theta',
  'rope_scaling',
  'rope_parameters',
  'rope_interleaved',
  'rope_local_base_freq',
]);

export interface RopeOptions {
  theta: number;
  /** What layers with a window have of their own. */
  local?: { theta: number } | 'unscaled' | undefined;
  headDim: number;
  interleaved?: boolean | undefined;
}

/**
 * Reads the rotary embedding of a Hugging Face configuration. Before transformers 5 it is `rope_theta` and
 * `rope_scaling`; since then `rope_parameters` holds both, for each type of layer where they differ. What the engine does
 * not support is refused by name: a key passed over here would give other angles without a word.
 */
export function readRopes(
  config: Config,
  { theta: fallback, local, headDim, interleaved = false }: RopeOptions,
): Ropes {
  const { path } = config;
  for (const [key, value] of Object.entries(config.values)) {
    if (!key.startsWith('rope') || KNOWN.has(key) || value === null) continue;
    throw unsupported(path, key, shown(value), [...KNOWN].join(', '));
  }
  if (config.has('rope_local_base_freq') && (local === undefined || local === 'unscaled')) {
    throw unsupported(
      path,
      'rope_local_base_freq',
      shown(config.value('rope_local_base_freq')),
      'no such key',
    );
  }
  // Configurations of SmolLM state it; transformers has only this one order of pairs.
  if (config.value('rope_interleaved') ?? false) {
    throw unsupported(path, 'rope_interleaved', shown(config.value('rope_interleaved')), 'false');
  }
  const { theta, scaling, byLayerType } = rotaryOf(config, fallback);
  const read = (values: Config, name: string) => ropeScaling(values, name, { config, headDim });
  const rope = { interleaved, dim: headDim };
  const full: Rope = { ...rope, theta, ...(scaling && read(scaling.values, scaling.name)) };
  if (byLayerType) {
    const outer = config.object(scaling!.name)!;
    const sliding = outer.object('sliding_attention');
    if (sliding === undefined) return { full, local: full };
    const base = local === undefined || local === 'unscaled' ? fallback : local.theta;
    const own = sliding.has('rope_theta') ? sliding.number('rope_theta', 1, 1e12) : base;
    return { full, local: { ...rope, theta: own, ...read(sliding, `${scaling!.name}.sliding_attention`) } };
  }
  if (local === undefined) return { full, local: full };
  return { full, local: { ...rope, theta: local === 'unscaled' ? theta : local.theta } };
}

function ropeScaling(
  values: Config,
  name: string,
  { config, headDim }: { config: Config; headDim: number },
): { scaling?: RopeScaling } {
  const raw = values.values;
  const { path } = config;
  const type = raw.rope_type ?? raw.type;
  const unscaled = name.startsWith('rope_parameters') && Object.keys(raw).every((key) => UNSCALED.has(key));
  if (type === 'default' || (type === undefined && unscaled)) return {};
  const value = (key: string, fallback?: number): number => {
    const found = raw[key] ?? fallback;
    if (typeof found === 'number' && found > 0 && found < Infinity) return found;
    throw new MugiError({
      code: 'invalid-file',
      message: `${name} of type ${shown(type)} needs a positive ${key}`,
      path: `${path}: ${name}.${key}`,
      received: shown(raw[key]),
    });
  };
  const given = (key: string): number | undefined =>
    raw[key] === undefined || raw[key] === null ? undefined : value(key);
  const positions = positionsOf(config);
  if (type === 'linear') return { scaling: { type: 'linear', factor: value('factor') } };
  if (type === 'llama3') {
    return {
      scaling: {
        type: 'llama3',
        factor: value('factor'),
        low: value('low_freq_factor'),
        high: value('high_freq_factor'),
        original: value('original_max_position_embeddings'),
      },
    };
  }
  if (type === 'yarn') {
    const original = given('original_max_position_embeddings') ?? positions;
    const factor = given('factor') ?? positions / original;
    return {
      scaling: {
        type: 'yarn',
        factor,
        original,
        fast: value('beta_fast', 32),
        slow: value('beta_slow', 1),
        truncate: raw.truncate !== false,
        size: given('attention_factor') ?? yarnSize(factor, given('mscale'), given('mscale_all_dim')),
      },
    };
  }
  // Phi 3's first files call it su.
  if (type === 'longrope' || type === 'su') {
    const original =
      given('original_max_position_embeddings') ??
      config.optionalSize('original_max_position_embeddings') ??
      positions;
    const factor = given('factor') ?? positions / original;
    const size = factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(original));
    const list = (key: string): number[] => {
      const found = raw[key];
      const turned = Math.floor(headDim * rotaryOf(config).partial) / 2;
      if (
        Array.isArray(found) &&
        found.length === turned &&
        found.every((x) => typeof x === 'number' && x > 0)
      )
        return found as number[];
      throw new MugiError({
        code: 'invalid-file',
        message: `${name} of type ${shown(type)} needs ${turned} positive numbers in ${key}`,
        path: `${path}: ${name}.${key}`,
        received: shown(found),
      });
    };
    return {
      scaling: {
        type: 'longrope',
        short: list('short_factor'),
        long: list('long_factor'),
        original,
        size: given('attention_factor') ?? size,
      },
    };
  }
  throw unsupported(path, `${name}.rope_type`, shown(type), 'default, linear, llama3, yarn or longrope');
}

/** What YaRN multiplies sine and cosine by (Peng et al., 2023, §3.4); with two `mscale` their ratio (DeepSeek). */
function yarnSize(factor: number, mscale?: number, mscaleAll?: number): number {
  const size = (scale: number): number => (factor <= 1 ? 1 : 0.1 * scale * Math.log(factor) + 1);
  return mscale !== undefined && mscaleAll !== undefined ? size(mscale) / size(mscaleAll) : size(1);
}

/** Ministral 3: queries far into the context grow, by keys that stand among those of the rotary embedding. */
export function queryGrowth(config: Config): DecoderConfig['queryGrowth'] {
  const values = rotaryOf(config).scaling?.values;
  if (values?.has('llama_4_scaling_beta') !== true) return undefined;
  return {
    beta: values.number('llama_4_scaling_beta', 1),
    original: values.size('original_max_position_embeddings'),
  };
}
