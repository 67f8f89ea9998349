import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Tokenizer } from '@huggingface/tokenizers';
import { MugiError } from '../../errors.ts';

/** Text to token ids and back. */
export interface TextTokenizer {
  /** Ids of a text, without special tokens. */
  encode(text: string): number[];
  decode(ids: readonly number[]): string;
  /** The id of a special token such as `[MASK]`, where there is one. */
  id(token: string): number | undefined;
}

/** Wraps the parsed `tokenizer.json` and `tokenizer_config.json`. */
export function tokenizerFrom(json: object, config: object, path: string): TextTokenizer {
  let tokenizer: Tokenizer;
  try {
    tokenizer = new Tokenizer(json, config);
  } catch (error) {
    throw new MugiError({
      code: 'invalid-file',
      message: `the tokenizer cannot be used (${(error as Error).message})`,
      path,
    });
  }
  return {
    encode: (text) => tokenizer.encode(text, { add_special_tokens: false }).ids,
    decode: (ids) => (ids.length === 0 ? '' : tokenizer.decode([...ids], { skip_special_tokens: true })),
    id: (token) => tokenizer.token_to_id(token),
  };
}

/** Reads `tokenizer.json` (and `tokenizer_config.json`, where there is one) of a Hugging Face folder. */
export function readTokenizer(folder: string): TextTokenizer {
  const path = join(folder, 'tokenizer.json');
  if (!existsSync(path)) {
    throw new MugiError({
      code: 'missing-file',
      message: 'no tokenizer.json: text cannot be turned into tokens',
      path: folder,
      expected: path,
    });
  }
  const config = join(folder, 'tokenizer_config.json');
  return tokenizerFrom(parse(path), existsSync(config) ? parse(config) : {}, path);
}

function parse(path: string): object {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof value === 'object' && value !== null) return value;
    throw new Error('no object');
  } catch (error) {
    throw new MugiError({
      code: 'invalid-file',
      message: `not valid JSON (${(error as Error).message})`,
      path,
    });
  }
}
