import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readTokenizer } from '../../src/model/format/tokenizer.ts';
import { openModel } from '../../src/model/load.ts';
import { added, BYTE_LEVEL, BYTES, folder, PLAIN, TEMPLATE, tokensOf } from './tokenizer-folder.ts';
import { temporaryFolder } from './write-checkpoint.ts';
import { METADATA, type Value, writeGguf } from './write-gguf.ts';

describe('the first token', () => {
  it.each([
    ['the template begins with it', { ...PLAIN, post_processor: TEMPLATE }, {}, 0],
    [
      'the template stands in a sequence, as in Llama 3',
      { ...PLAIN, post_processor: { type: 'Sequence', processors: [BYTE_LEVEL, TEMPLATE] } },
      { tokenizer_class: 'PreTrainedTokenizerFast' },
      0,
    ],
    [
      'a sequence without a template',
      { ...PLAIN, post_processor: { type: 'Sequence', processors: [BYTE_LEVEL] } },
      {},
      undefined,
    ],
    [
      'a template whose token no file numbers, under the name of what every object has',
      { ...PLAIN, post_processor: { ...TEMPLATE, single: [{ SpecialToken: { id: 'constructor' } }] } },
      {},
      0,
    ],
    ['no template, no key', PLAIN, {}, undefined],
    ['add_bos_token without a template', PLAIN, { add_bos_token: true }, 0],
    [
      'add_bos_token false beside a template',
      { ...PLAIN, post_processor: TEMPLATE },
      { add_bos_token: false },
      undefined,
    ],
    [
      'Qwen 2 names one and puts none',
      PLAIN,
      { tokenizer_class: 'Qwen2Tokenizer', bos_token: null },
      undefined,
    ],
    ['Llama puts one by default', PLAIN, { tokenizer_class: 'LlamaTokenizer' }, 0],
  ])('of a folder: %s', async (_, tokenizer, config, bos) => {
    const path = folder({ 'tokenizer.json': tokenizer, 'tokenizer_config.json': config });
    expect((await tokensOf(path)).bos).toBe(bos);
  });

  it('of a folder without a word on it is that of config.json', async () => {
    expect((await tokensOf(folder({ 'tokenizer.json': PLAIN }))).bos).toBe(0);
    expect((await tokensOf(folder({}))).bos).toBe(0);
  });

  it('of a GGUF file is left away where it says so', async () => {
    const bos = async (more: Record<string, Value>) =>
      (await tokensOf(writeGguf('F32', { ...METADATA, 'tokenizer.ggml.bos_token_id': 1, ...more }))).bos;
    expect(await bos({})).toBe(1);
    expect(await bos({ 'tokenizer.ggml.add_bos_token': { bool: true } })).toBe(1);
    expect(await bos({ 'tokenizer.ggml.add_bos_token': { bool: false } })).toBe(undefined);
  });
});

describe('end tokens', () => {
  it('are those of generation_config.json, where it has any', async () => {
    expect((await tokensOf(folder({}))).eos).toEqual([5]);
    expect((await tokensOf(folder({ 'generation_config.json': { eos_token_id: [7, 9] } }))).eos).toEqual([
      7, 9,
    ]);
    expect((await tokensOf(folder({ 'generation_config.json': { temperature: 1 } }))).eos).toEqual([5]);
    await expect(tokensOf(folder({ 'generation_config.json': { eos_token_id: 50 } }))).rejects.toThrow(
      /eos_token_id 50 is outside the vocabulary/,
    );
  });

  it('of a GGUF file are those of the text, of a turn and of a message', async () => {
    const more = { 'tokenizer.ggml.eos_token_id': 2, 'tokenizer.ggml.eot_token_id': 7 };
    expect((await tokensOf(writeGguf('F32', { ...METADATA, ...more }))).eos).toEqual([2, 7]);
  });
});

describe('text that is written out', () => {
  it('is joined to its punctuation only where the configuration asks for it', () => {
    const path = temporaryFolder();
    writeFileSync(join(path, 'tokenizer.json'), JSON.stringify(PLAIN));
    expect(readTokenizer(path).decode([1, 3])).toBe('a .');
    writeFileSync(join(path, 'tokenizer_config.json'), '{"clean_up_tokenization_spaces": true}');
    expect(readTokenizer(path).decode([1, 3])).toBe('a.');
  });

  it('holds user-defined tokens of a GGUF file, and no control tokens', async () => {
    const { tokenizer } = await openModel(
      writeGguf('F32', {
        ...METADATA,
        'tokenizer.ggml.model': 'gpt2',
        'tokenizer.ggml.pre': 'gpt-2',
        'tokenizer.ggml.tokens': ['<s>', 'a', '<tool_call>'],
        'tokenizer.ggml.token_type': { ints: [3, 1, 4] },
        'tokenizer.ggml.merges': [],
      }),
    );
    expect(tokenizer().decode([0, 1, 2])).toBe('a<tool_call>');
    expect(tokenizer().encode('a<tool_call>a')).toEqual([1, 2, 1]);
  });

  it('of a GGUF file begins without a space where it says so', async () => {
    const spm = async (more: Record<string, Value>) =>
      (
        await openModel(
          writeGguf('F32', {
            ...METADATA,
            'tokenizer.ggml.model': 'llama',
            'tokenizer.ggml.tokens': ['<unk>', '▁', 'a'],
            'tokenizer.ggml.scores': { floats: [0, -1, -2] },
            'tokenizer.ggml.token_type': { ints: [2, 1, 1] },
            ...more,
          }),
        )
      )
        .tokenizer()
        .encode('a a');
    expect(await spm({})).toEqual([1, 2, 1, 2]);
    expect(await spm({ 'tokenizer.ggml.add_space_prefix': { bool: false } })).toEqual([2, 1, 2]);
  });
});

describe('unknown characters', () => {
  const unigram = (fallback: boolean) => ({
    ...PLAIN,
    added_tokens: [added(0, '<unk>')],
    decoder: { type: 'Sequence', decoders: [{ type: 'ByteFallback' }, { type: 'Fuse' }] },
    model: {
      type: 'Unigram',
      unk_id: 0,
      byte_fallback: fallback,
      vocab: [['<unk>', 0], ...BYTES.map((byte) => [byte, -9]), ['ab', -1], ['a', -2], ['b', -2.5]],
    },
  });
  const tokenizer = (json: object) => {
    const path = temporaryFolder();
    writeFileSync(join(path, 'tokenizer.json'), JSON.stringify(json));
    return readTokenizer(path);
  };

  it.each(['ü', '日本', 'ab😀b', '\u0000a', 'é́'])(
    'of a unigram model with byte fallback are bytes: %s',
    (text) => {
      const reader = tokenizer(unigram(true));
      const ids = reader.encode(text);
      expect(ids).not.toContain(0);
      expect(reader.decode(ids)).toBe(text);
      const known: Record<string, number> = { ab: 257, a: 258, b: 259 };
      const expected = [...text.matchAll(/ab|./gsu)].flatMap(([piece]) =>
        known[piece] === undefined ? [...Buffer.from(piece)].map((byte) => byte + 1) : [known[piece]],
      );
      expect(ids).toEqual(expected);
    },
  );

  it('stay unknown without it', () => {
    expect(tokenizer(unigram(false)).encode('aüb')).toEqual([258, 0, 259]);
  });
});
