import { join } from 'node:path';
import { createContext, Script } from 'node:vm';
import { Tokenizer } from '@huggingface/tokenizers';
import { MugiError } from '../../errors.ts';
import { type FileKind, kindAt, readJson } from '../../files/read.ts';
import { shown } from '../../shown.ts';

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
  return {
    encode: (text) =>
      guarded(text.length, () => [...tokenizer.encode(text, { add_special_tokens: false }).ids].map(id)),
    decode: (ids) =>
      ids.length === 0
        ? ''
        : guarded(ids.length, () => String(tokenizer.decode([...ids], { skip_special_tokens: true }))),
    id: (token) => {
      const found = guarded(0, () => tokenizer.token_to_id(token));
      return found === undefined ? undefined : id(found);
    },
  };
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
function within<T>(milliseconds: number, work: () => T): T {
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
 * Reads `tokenizer.json` (and `tokenizer_config.json`, where there is one) of a Hugging Face folder.
 * @throws MugiError when there is none, or it cannot be used
 */
export function readTokenizer(folder: string): TextTokenizer {
  const path = join(folder, 'tokenizer.json');
  if (kindAt(path) === 'nothing') {
    throw new MugiError({
      code: 'missing-file',
      message: 'no tokenizer.json: text cannot be turned into tokens',
      path: folder,
      expected: path,
    });
  }
  const config = join(folder, 'tokenizer_config.json');
  return tokenizerFrom(readObject(path), kindAt(config) === 'nothing' ? {} : readObject(config), path);
}

function readObject(path: string): object {
  const value = readJson(path, KIND);
  if (typeof value === 'object' && value !== null) return value;
  throw new MugiError({ code: 'invalid-file', message: 'the file does not hold a JSON object', path });
}
