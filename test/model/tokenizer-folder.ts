import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDecoder } from '../../src/model/config/config.ts';
import { openModel } from '../../src/model/load.ts';
import { SMALL_LLAMA, smallLlama, writeFolder } from './write-checkpoint.ts';

export async function tokensOf(path: string) {
  const { config } = await openModel(path);
  if (!isDecoder(config)) throw new Error('no decoder');
  return { bos: config.bos, eos: config.eos };
}

export const added = (id: number, content: string, special = true) => ({
  id,
  content,
  special,
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: false,
});

export const PLAIN = {
  version: '1.0',
  added_tokens: [added(0, '<s>')],
  normalizer: null,
  pre_tokenizer: null,
  post_processor: null,
  decoder: null,
  model: { type: 'BPE', vocab: { '<s>': 0, a: 1, ' ': 2, '.': 3 }, merges: [] },
};
export const BYTE_LEVEL = { type: 'ByteLevel', add_prefix_space: true, trim_offsets: false, use_regex: true };
export const TEMPLATE = {
  type: 'TemplateProcessing',
  single: [{ SpecialToken: { id: '<s>', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
  pair: [],
  special_tokens: { '<s>': { id: '<s>', ids: [0], tokens: ['<s>'] } },
};

/** Tokens of the bytes, by which SentencePiece writes what it does not know. */
export const BYTES = Array.from(
  { length: 256 },
  (_, i) => `<0x${i.toString(16).toUpperCase().padStart(2, '0')}>`,
);

export function folder(files: Record<string, object>, config = {}): string {
  const path = writeFolder({ ...SMALL_LLAMA, bos_token_id: 0, eos_token_id: 5, ...config }, smallLlama());
  for (const [name, json] of Object.entries(files)) writeFileSync(join(path, name), JSON.stringify(json));
  return path;
}
