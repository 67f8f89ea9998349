import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openModel } from '../../src/model/load.ts';
import { SMALL_LLAMA, smallLlama, writeFolder } from './write-checkpoint.ts';
import { METADATA, writeGguf } from './write-gguf.ts';

const CHATML =
  "{{ bos_token }}{% for m in messages %}{{ '<|' + m['role'] + '|>' + m['content'] | trim + eos_token }}{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}";
const MESSAGES = [
  { role: 'system', content: 'Be brief.' },
  { role: 'user', content: ' Hello ' },
] as const;
const EXPECTED = '<s><|system|>Be brief.</s><|user|>Hello</s><|assistant|>';

function folder(files: Record<string, unknown>): string {
  const path = writeFolder({ ...SMALL_LLAMA, bos_token_id: 0, eos_token_id: 5 }, smallLlama());
  for (const [name, content] of Object.entries(files))
    writeFileSync(join(path, name), typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}
const TOKENS = { bos_token: { content: '<s>' }, eos_token: '</s>' };
const rendered = async (files: Record<string, unknown>) =>
  (await openModel(folder(files))).template()?.(MESSAGES);

describe('a chat template', () => {
  it('is that of tokenizer_config.json, one of several, or a file of its own', async () => {
    expect(await rendered({ 'tokenizer_config.json': { ...TOKENS, chat_template: CHATML } })).toBe(EXPECTED);
    const several = [
      { name: 'tool_use', template: 'no' },
      { name: 'default', template: CHATML },
    ];
    expect(await rendered({ 'tokenizer_config.json': { ...TOKENS, chat_template: several } })).toBe(EXPECTED);
    expect(
      await rendered({
        'tokenizer_config.json': { ...TOKENS, chat_template: 'other' },
        'chat_template.jinja': CHATML,
      }),
    ).toBe(EXPECTED);
    expect(await rendered({ 'tokenizer_config.json': TOKENS })).toBeUndefined();
    expect(await rendered({})).toBeUndefined();
  });

  it('may be that of a GGUF file, with the tokens by their ids', async () => {
    const path = writeGguf('F32', {
      ...METADATA,
      'tokenizer.ggml.model': 'llama',
      'tokenizer.ggml.tokens': ['<s>', '</s>', 'a'],
      'tokenizer.ggml.bos_token_id': 0,
      'tokenizer.ggml.eos_token_id': 1,
      'tokenizer.chat_template': CHATML,
    });
    expect((await openModel(path)).template()!(MESSAGES)).toBe(EXPECTED);
  });

  it.each([
    ["{{ raise_exception('roles must alternate') }}", 'roles must alternate'],
    ['{% for m in messages %}', 'cannot be used'],
    [
      "{% for i in range(100000) %}{% for j in range(100000) %}{{ 'a' }}{% endfor %}{% endfor %}",
      'does not come to an end',
    ],
  ])('that refuses, is broken or never ends is an error of the file: %s', async (template, because) => {
    const opened = await openModel(folder({ 'chat_template.jinja': template }));
    expect(() => opened.template()!(MESSAGES)).toThrow(because);
  });

  it('puts a prompt into it, with the first token once', () => {
    const vocab = Object.fromEntries(
      ['<s>', '</s>', '<|user|>', '<|assistant|>', '<|system|>', 'h', 'i'].map((token, id) => [token, id]),
    );
    const added = Object.entries(vocab)
      .slice(0, 5)
      .map(([content, id]) => ({
        id,
        content,
        special: true,
        single_word: false,
        lstrip: false,
        rstrip: false,
        normalized: false,
      }));
    const tokenizer = {
      version: '1.0',
      added_tokens: added,
      normalizer: null,
      pre_tokenizer: null,
      post_processor: null,
      decoder: null,
      model: { type: 'BPE', vocab, merges: [] },
    };
    const path = folder({
      'tokenizer.json': tokenizer,
      'tokenizer_config.json': { ...TOKENS, add_bos_token: true, chat_template: CHATML },
    });
    const bin = fileURLToPath(new URL('../../bin/mugi.js', import.meta.url));
    const mugi = (...more: string[]) =>
      spawnSync(
        process.execPath,
        [
          bin,
          ...'generate --method exact --arithmetic stored --max-tokens 2 --json --model'.split(' '),
          path,
          ...more,
        ],
        { encoding: 'utf8' },
      );
    const chat = JSON.parse(mugi('--prompt', 'hi', '--chat').stdout) as { ids: number[] };
    const plain = JSON.parse(mugi('--prompt', '<|user|>hi</s><|assistant|>').stdout) as { ids: number[] };
    expect(chat.ids).toEqual(plain.ids);
    expect(mugi('--prompt', 'hi', '--system', 'x').status).toBe(1);
  });
});
