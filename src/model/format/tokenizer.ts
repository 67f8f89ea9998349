import { join } from 'node:path';
import { createContext, Script } from 'node:vm';
import { Tokenizer } from '@huggingface/tokenizers';
import { z } from 'zod';
import { MugiError } from '../../errors.ts';
import { type FileKind, kindAt, readBytes, readJson } from '../../files/read.ts';
import { shown } from '../../shown.ts';
import { sentencePieceTokenizer } from './sentencepiece.ts';

/** Text to token ids and back. */
export interface TextTokenizer {
  /** Ids of a text, without special tokens. */
  encode(text: string): number[];
  decode(ids: readonly number[]): string;
  /** The id of a special token such as `[MASK]`, where there is one. */
  id(token: string): number | undefined;
}

/** The largest known (of 262,144 tokens, in many scripts) has 33 MB. */
const KIND: FileKind = { what: 'tokenizer', limit: 256 * 2 ** 20 };

/**
 * Wraps the parsed `tokenizer.json` and `tokenizer_config.json`. What the library makes of a file that it does not
 * understand (an error of its own, ids that are not numbers, a pattern without end) becomes a MugiError.
 */
export function tokenizerFrom(json: object, config: object, path: string): TextTokenizer {
  const guarded = <T>(characters: number, work: () => T): T => {
    try {
      return within(LONGEST + characters / SLOWEST, work);
    } catch (error) {
      if (error instanceof MugiError) throw error;
      const { code, message } = error as NodeJS.ErrnoException;
      const endless = code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
      throw new MugiError({
        code: 'invalid-file',
        message: endless
          ? `the tokenizer does not come to an end on a text of ${characters} characters: one of its patterns may repeat without bound`
          : `the tokenizer cannot be used (${message})`,
        path,
      });
    }
  };
  const id = (value: unknown): number => {
    if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 2 ** 31) return value;
    throw new MugiError({
      code: 'invalid-file',
      message: 'the tokenizer gives a token an id that is no whole number',
      path,
      received: String(value),
    });
  };
  const tokenizer = guarded(0, () => new Tokenizer(json, config));
  guarded(0, () => addByteFallback(tokenizer, json));
  // transformers joins punctuation to words only where the configuration asks for it.
  const cleans = (config as { clean_up_tokenization_spaces?: unknown }).clean_up_tokenization_spaces === true;
  const decoding = { skip_special_tokens: true, clean_up_tokenization_spaces: cleans };
  return {
    encode: (text) =>
      guarded(text.length, () => [...tokenizer.encode(text, { add_special_tokens: false }).ids].map(id)),
    decode: (ids) =>
      ids.length === 0 ? '' : guarded(ids.length, () => String(tokenizer.decode([...ids], decoding))),
    id: (token) => {
      const found = guarded(0, () => tokenizer.token_to_id(token));
      return found === undefined ? undefined : id(found);
    },
  };
}

/** Unigram models with `byte_fallback` write unknown characters as bytes; the library does so for BPE alone. */
function addByteFallback(tokenizer: Tokenizer, json: object): void {
  const { model: described } = json as { model?: { type?: unknown; byte_fallback?: unknown } };
  const { model } = tokenizer;
  if (described?.byte_fallback !== true || described.type === 'BPE' || model === null) return;
  const encode = model.encode.bind(model);
  model.encode = (texts: string[]): string[] =>
    encode(texts).flatMap((piece: string) => {
      if (tokenizer.token_to_id(piece) !== undefined) return [piece];
      const bytes = [...new TextEncoder().encode(piece)].map(
        (byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`,
      );
      return bytes.every((byte) => tokenizer.token_to_id(byte) !== undefined) ? bytes : [piece];
    });
}

/**
 * Milliseconds for any work, and characters that are encoded in a further one at the least: a hundredth of what is usual,
 * because a busy machine is no endless pattern.
 */
const LONGEST = 3000;
const SLOWEST = 1;

const sandbox: { work?: () => unknown } = createContext({});
const call = new Script('work()');

/** Runs work that is ended after some milliseconds, a regular expression in it too: nothing else can stop one. */
export function within<T>(milliseconds: number, work: () => T): T {
  const outer = sandbox.work;
  const { warn } = console;
  sandbox.work = work;
  // The library tells the terminal what it does not understand, and goes on without it.
  console.warn = (what: string, ...rest: unknown[]) => {
    throw new Error(`${what} ${rest.map(shown).join(' ')}`);
  };
  try {
    return call.runInContext(sandbox, { timeout: Math.ceil(milliseconds) }) as T;
  } finally {
    console.warn = warn;
    sandbox.work = outer;
  }
}

/**
 * Reads the tokenizer of a Hugging Face folder: `tokenizer.json` (and `tokenizer_config.json`, where there is one), or
 * SentencePiece's `tokenizer.model`.
 * @throws MugiError when there is none, or it cannot be used
 */
export function readTokenizer(folder: string): TextTokenizer {
  const path = join(folder, 'tokenizer.json');
  const pieces = join(folder, 'tokenizer.model');
  const config = tokenizerConfig(folder) ?? {};
  if (kindAt(path) !== 'nothing') return tokenizerFrom(readObject(path), config, path);
  if (kindAt(pieces) !== 'nothing') {
    return tokenizerFrom(sentencePieceTokenizer(readBytes(pieces, KIND), pieces), config, pieces);
  }
  throw new MugiError({
    code: 'missing-file',
    message: 'no tokenizer.json and no tokenizer.model: text cannot be turned into tokens',
    path: folder,
    expected: path,
  });
}

/** `tokenizer_config.json` of a folder. */
function tokenizerConfig(folder: string): object | undefined {
  const path = join(folder, 'tokenizer_config.json');
  return kindAt(path) === 'nothing' ? undefined : readObject(path);
}

const First = z.object({
  add_bos_token: z.boolean().nullish(),
  tokenizer_class: z.string().nullish(),
});
const Template = z.object({
  single: z.array(z.object({ SpecialToken: z.object({ id: z.string() }).optional() })),
  special_tokens: z.record(z.string(), z.object({ ids: z.array(z.number().int().nonnegative()) })),
});
const Processed = z.object({ post_processor: z.object({ processors: z.array(z.unknown()).optional() }) });
/** Tokenizers that begin with their first token unless their configuration says otherwise. */
const BEGIN = /^(Code)?Llama|^Gemma/;

/**
 * The token that the tokenizer of a folder puts first: as its template says, or as its configuration does of the model's
 * own. `bos_token_id` of config.json only names the token; Qwen 2 and GPT-2 never put theirs first.
 * @param bos `bos_token_id` of config.json
 */
export function firstToken(folder: string, bos: number | undefined): number | undefined {
  const path = join(folder, 'tokenizer.json');
  const stated = tokenizerConfig(folder);
  const config = First.safeParse(stated ?? {}).data ?? {};
  if (config.add_bos_token === false) return undefined;
  // Where no file says anything, the model's own is taken.
  const begins =
    config.add_bos_token === true || stated === undefined || BEGIN.test(config.tokenizer_class ?? '');
  if (kindAt(path) === 'nothing')
    return begins || kindAt(join(folder, 'tokenizer.model')) !== 'nothing' ? bos : undefined;
  const template = templateOf(readObject(path));
  const special = template?.single.at(0)?.SpecialToken;
  if (special !== undefined) {
    const tokens = template!.special_tokens;
    return (Object.hasOwn(tokens, special.id) ? tokens[special.id].ids[0] : undefined) ?? bos;
  }
  return begins ? bos : undefined;
}

/** The template of a `tokenizer.json`: its post-processor, or one of those of a sequence (as Llama 3 has it). */
function templateOf(json: object): z.infer<typeof Template> | undefined {
  const processor = Processed.safeParse(json).data?.post_processor;
  if (processor === undefined) return undefined;
  const { post_processor: whole } = json as { post_processor?: unknown };
  return [whole, ...(processor.processors ?? [])]
    .map((one) => Template.safeParse(one).data)
    .find((one) => one !== undefined);
}

function readObject(path: string): object {
  const value = readJson(path, KIND);
  if (typeof value === 'object' && value !== null) return value;
  throw new MugiError({ code: 'invalid-file', message: 'the file does not hold a JSON object', path });
}
