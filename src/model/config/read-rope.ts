import { MugiError } from '../../errors.ts';
import type { Config } from '../../huggingface/config.ts';
import { rotaryOf } from '../../huggingface/heads.ts';
import { shown } from '../../shown.ts';
import { unsupported } from './config-checks.ts';
import type { Rope } from './config.ts';

type Keys = Readonly<Record<string, unknown>>;

/** Keys of `rope_parameters` that say nothing about a scaling. */
const UNSCALED = new Set(['rope_theta', 'partial_rotary_factor']);

const KNOWN = new Set(['rope_theta', 'rope_scaling', 'rope_parameters', 'rope_interleaved']);

/**
 * Reads the rotary embedding of a Hugging Face configuration. Before transformers 5 it is `rope_theta` and
 * `rope_scaling`; since then `rope_parameters` holds both. What the engine does not support is refused by name: a key
 * passed over here would give other angles without a word.
 */
export function readRope(config: Config): Omit<Rope, 'interleaved'> {
  const { path } = config;
  for (const [key, value] of Object.entries(config.values)) {
    if (!key.startsWith('rope') || KNOWN.has(key) || value === null) continue;
    throw unsupported(path, key, shown(value), [...KNOWN].join(', '));
  }
  // Configurations of SmolLM state it; transformers has only this one order of pairs.
  if (config.value('rope_interleaved') ?? false) {
    throw unsupported(path, 'rope_interleaved', shown(config.value('rope_interleaved')), 'false');
  }
  const { theta, partial, scaling, byLayerType } = rotaryOf(config);
  if (byLayerType) {
    throw unsupported(
      path,
      `${scaling!.name}.full_attention`,
      shown(scaling!.values.values),
      'one for all layers',
    );
  }
  if (partial !== 1) {
    const inside = scaling?.values.has('partial_rotary_factor') === true;
    const key = `${inside ? `${scaling!.name}.` : ''}partial_rotary_factor`;
    throw unsupported(path, key, String(partial), '1');
  }
  return { theta, scaling: scaling && ropeScaling(scaling.values.values, scaling.name, path) };
}

function ropeScaling(raw: Keys, name: string, path: string): Rope['scaling'] {
  const type = raw.rope_type ?? raw.type;
  const unscaled = name === 'rope_parameters' && Object.keys(raw).every((key) => UNSCALED.has(key));
  if (type === 'default' || (type === undefined && unscaled)) return undefined;
  const value = (key: string): number => {
    const found = raw[key];
    if (typeof found === 'number' && found > 0) return found;
    throw new MugiError({
      code: 'invalid-file',
      message: `${name} of type ${String(type)} needs a positive ${key}`,
      path: `${path}: ${name}.${key}`,
      received: String(found),
    });
  };
  if (type === 'linear') return { type: 'linear', factor: value('factor') };
  if (type === 'llama3') {
    return {
      type: 'llama3',
      factor: value('factor'),
      low: value('low_freq_factor'),
      high: value('high_freq_factor'),
      original: value('original_max_position_embeddings'),
    };
  }
  throw unsupported(path, `${name}.rope_type`, String(type), 'default, linear or llama3');
}
