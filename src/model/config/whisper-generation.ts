import { join } from 'node:path';
import { kindAt, readText } from '../../files/read.ts';
import { Config, isRecord } from '../../huggingface/config.ts';
import { parseJson } from '../../huggingface/json.ts';
import type { WhisperConfig } from './config.ts';
import { inVocabulary } from './config-checks.ts';

const KIND = { what: 'generation configuration', limit: 16 * 2 ** 20 };

/** What generation_config.json says of the texts of a Whisper folder, where there is one. */
export function withGeneration(config: WhisperConfig, folder: string): WhisperConfig {
  const file = join(folder, 'generation_config.json');
  if (kindAt(file) === 'nothing') return config;
  const raw = parseJson(readText(file, KIND), file);
  const own = new Config(isRecord(raw) ? raw : {}, file);
  const tokens = (key: string): number[] => {
    const ids = own.integers(key);
    inVocabulary(file, key, ids, config.vocab);
    return ids;
  };
  const eos = tokens('eos_token_id');
  return {
    ...config,
    eos: eos.length > 0 ? eos : config.eos,
    multilingual: own.flag('is_multilingual', config.multilingual),
    suppressed: { always: tokens('suppress_tokens'), first: tokens('begin_suppress_tokens') },
  };
}
