import { join } from 'node:path';
import { Template } from '@huggingface/jinja';
import { z } from 'zod';
import { MugiError } from '../../errors.ts';
import { kindAt, readJson, readText } from '../../files/read.ts';
import { within } from './tokenizer.ts';

/** A message of a conversation. */
export interface Message {
  role: 'system' | 'user' | 'assistant';
  content: string;
}

/** Turns a conversation into the text that a chat model was trained on, up to where its answer begins. */
export type ChatTemplate = (messages: readonly Message[]) => string;

const KIND = { what: 'chat template', limit: 2 ** 20 };
/** A template is a page of text; one that runs longer has a loop without end. */
const LONGEST_MS = 1000;

const Token = z.union([z.string(), z.object({ content: z.string() }).transform(({ content }) => content)]);
const Config = z.object({
  chat_template: z
    .union([
      z.string(),
      // Several by name; the one called default answers without tools.
      z
        .array(z.object({ name: z.string(), template: z.string() }))
        .transform((all) => (all.find(({ name }) => name === 'default') ?? all.at(0))?.template),
    ])
    .nullish(),
  bos_token: Token.nullish(),
  eos_token: Token.nullish(),
});

/** The chat template of a Hugging Face folder: `chat_template.jinja`, or that of `tokenizer_config.json`. */
export function folderTemplate(folder: string): ChatTemplate | undefined {
  const own = join(folder, 'chat_template.jinja');
  const file = join(folder, 'tokenizer_config.json');
  const raw =
    kindAt(file) === 'nothing'
      ? {}
      : readJson(file, { what: 'tokenizer configuration', limit: 256 * 2 ** 20 });
  const { chat_template: stated, bos_token: bos, eos_token: eos } = Config.safeParse(raw).data ?? {};
  const tokens = { bos_token: bos ?? '', eos_token: eos ?? '' };
  if (kindAt(own) !== 'nothing') return chatTemplate(readText(own, KIND), tokens, own);
  return typeof stated === 'string' ? chatTemplate(stated, tokens, file) : undefined;
}

/** The chat template that a GGUF file carries. */
export function ggufTemplate(metadata: ReadonlyMap<string, unknown>, path: string): ChatTemplate | undefined {
  const text = metadata.get('tokenizer.chat_template');
  if (typeof text !== 'string') return undefined;
  const tokens = metadata.get('tokenizer.ggml.tokens');
  const named = (key: string): string => {
    const id = metadata.get(key);
    const found: unknown = Array.isArray(tokens) && typeof id === 'number' ? tokens[id] : undefined;
    return typeof found === 'string' ? found : '';
  };
  const own = {
    bos_token: named('tokenizer.ggml.bos_token_id'),
    eos_token: named('tokenizer.ggml.eos_token_id'),
  };
  return chatTemplate(text, own, `${path}: tokenizer.chat_template`);
}

/** @throws MugiError, when it is used, for a template that cannot be read or refuses the messages */
function chatTemplate(
  text: string,
  tokens: { bos_token: string; eos_token: string },
  path: string,
): ChatTemplate {
  return (messages) => {
    try {
      return within(LONGEST_MS, () =>
        new Template(text).render({ messages: [...messages], add_generation_prompt: true, ...tokens }),
      );
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      throw new MugiError({
        code: 'invalid-file',
        message:
          code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
            ? 'the chat template does not come to an end'
            : `the chat template cannot be used (${message})`,
        path,
      });
    }
  };
}
