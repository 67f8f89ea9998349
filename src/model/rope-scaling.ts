import { MugiError } from '../errors.ts';
import type { Rope } from './config.ts';

/** Reads `rope_scaling` of a Hugging Face configuration; kinds the engine has not are refused by name. */
export function ropeScaling(raw: Record<string, unknown> | undefined, path: string): Rope['scaling'] {
  if (raw === undefined) return undefined;
  const type = raw['rope_type'] ?? raw['type'];
  if (type === 'default') return undefined;
  const value = (key: string): number => {
    const found = raw[key];
    if (typeof found === 'number' && found > 0) return found;
    throw new MugiError({
      code: 'invalid-file',
      message: `rope_scaling of type ${String(type)} needs a positive ${key}`,
      path: `${path}: rope_scaling.${key}`,
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
  throw unsupported(path, 'rope_scaling.rope_type', String(type), 'default, linear or llama3');
}

export function unsupported(path: string, key: string, received: string, expected: string): MugiError {
  return new MugiError({
    code: 'unsupported',
    message: `the engine does not run ${key} = ${received}`,
    path: `${path}: ${key}`,
    expected,
    received,
  });
}
