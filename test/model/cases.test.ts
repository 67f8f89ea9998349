import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { describe, expect, it } from 'vitest';
import { isDecoder } from '../../src/model/config/config.ts';
import { readTokenizer } from '../../src/model/format/tokenizer.ts';
import { openModel } from '../../src/model/load.ts';
import { exact } from './arithmetic.ts';
import { randomTensor, SMALL_LLAMA, smallLlama, temporaryFolder, writeFolder } from './write-checkpoint.ts';
import { METADATA, type Value, writeGguf } from './write-gguf.ts';

async function logitsOf(path: string): Promise<Float32Array> {
  const model = (await openModel(path)).load();
  const ids = Int32Array.from([3, 1, 4, 1, 5, 9, 2, 6]);
  return model.logits(model.forward({ kind: 'tokens', ids, sequences: [{ rows: 8 }] }, exact), 0, 8);
}

async function tokensOf(path: string) {
  const { config } = await openModel(path);
  if (!isDecoder(config)) throw new Error('no decoder');
  return { bos: config.bos, eos: config.eos };
}

const added = (id: number, content: string, special = true) => ({
  id,
  content,
  special,
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: false,
});

const PLAIN = {
  version: '1.0',
  added_tokens: [added(0, '<s>')],
  normalizer: null,
  pre_tokenizer: null,
  post_processor: null,
  decoder: null,
  model: { type: 'BPE', vocab: { '<s>': 0, a: 1, ' ': 2, '.': 3 }, merges: [] },
};
const BYTE_LEVEL = { type: 'ByteLevel', add_prefix_space: true, trim_offsets: false, use_regex: true };
const TEMPLATE = {
  type: 'TemplateProcessing',
  single: [{ SpecialToken: { id: '<s>', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
  pair: [],
  special_tokens: { '<s>': { id: '<s>', ids: [0], tokens: ['<s>'] } },
};

function folder(files: Record<string, object>, config = {}): string {
  const path = writeFolder({ ...SMALL_LLAMA, bos_token_id: 0, eos_token_id: 5, ...config }, smallLlama());
  for (const [name, json] of Object.entries(files)) writeFileSync(join(path, name), JSON.stringify(json));
  return path;
}

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

const BYTES = Array.from({ length: 256 }, (_, i) => `<0x${i.toString(16).toUpperCase().padStart(2, '0')}>`);

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

describe('tokenizer.model', () => {
  function model(
    kind: number,
    pieces: [string, number, number][],
    normalizer?: (w: BinaryWriter) => void,
    removesSpaces: boolean | 'unsaid' = false,
  ): Uint8Array {
    const w = new BinaryWriter();
    for (const [piece, score, type] of pieces) {
      w.tag(1, WireType.LengthDelimited).fork();
      w.tag(1, WireType.LengthDelimited).string(piece);
      w.tag(2, WireType.Bit32).float(score);
      w.tag(3, WireType.Varint).int32(type);
      w.join();
    }
    w.tag(2, WireType.LengthDelimited).fork().tag(3, WireType.Varint).int32(kind).join();
    w.tag(3, WireType.LengthDelimited).fork();
    normalizer?.(w);
    if (removesSpaces !== 'unsaid') w.tag(4, WireType.Varint).bool(removesSpaces);
    w.join();
    return w.finish();
  }
  const reader = (bytes: Uint8Array) => {
    const path = temporaryFolder();
    writeFileSync(join(path, 'tokenizer.model'), bytes);
    return readTokenizer(path);
  };
  const PIECES: [string, number, number][] = [
    ['<unk>', 0, 2],
    ['<s>', 0, 3],
    ...BYTES.map((byte): [string, number, number] => [byte, 0, 6]),
    ['▁', -7, 1],
    ['a', -6, 1],
    ['b', -5, 1],
    ['ab', -2, 1],
    ['ba', -1, 1],
    ['▁ab', -3, 1],
  ];
  const id = (piece: string) => PIECES.findIndex(([name]) => name === piece);

  it('of BPE merges by the scores of its pieces', () => {
    const bpe = reader(model(2, PIECES));
    expect(bpe.encode('aba abü')).toEqual([
      id('▁'),
      id('a'),
      id('ba'),
      id('▁ab'),
      id('<0xC3>'),
      id('<0xBC>'),
    ]);
    expect(bpe.decode(bpe.encode('aba abü'))).toBe('aba abü');
  });

  it('of unigrams takes the most likely pieces, and bytes', () => {
    const unigram = reader(model(1, PIECES, (w) => w.tag(3, WireType.Varint).bool(false)));
    expect(unigram.encode('ab abü')).toEqual([id('ab'), id('▁ab'), id('<0xC3>'), id('<0xBC>')]);
  });

  it('with rules of its own, of words, or broken, is refused for what it is', () => {
    const rules = (w: BinaryWriter) => void w.tag(2, WireType.LengthDelimited).bytes(new Uint8Array(8));
    expect(() => reader(model(1, PIECES, rules))).toThrow(/normalises texts by rules/);
    for (const removed of [true, 'unsaid'] as const)
      expect(() => reader(model(2, PIECES, undefined, removed))).toThrow(/removes spaces beside spaces/);
    expect(() => reader(model(3, PIECES))).toThrow(/words or characters/);
    expect(() => reader(new Uint8Array(0))).toThrow(/holds no pieces/);
    expect(() => reader(Uint8Array.of(0x0a, 0xff, 0xff))).toThrow(/not a readable SentencePiece model/);
    expect(() => reader(model(2, PIECES).subarray(0, 50))).toThrow(/not a readable SentencePiece model/);
  });
});

describe('weights', () => {
  it('that are tied and stored once as lm_head.weight are read', async () => {
    const tied = { ...SMALL_LLAMA, tie_word_embeddings: true };
    const { 'lm_head.weight': _, ...rest } = smallLlama();
    const { 'model.embed_tokens.weight': table, ...body } = rest;
    expect(await logitsOf(writeFolder(tied, { ...body, 'lm_head.weight': table }))).toEqual(
      await logitsOf(writeFolder(tied, rest)),
    );
  });

  it('that no part of the model reads are refused by name', async () => {
    const more = { 'model.layers.1.self_attn.q_norm.weight': randomTensor([8], 1) };
    await expect(logitsOf(writeFolder(SMALL_LLAMA, { ...smallLlama(), ...more }))).rejects.toThrow(
      /no place for tensor model\.layers\.1\.self_attn\.q_norm\.weight/,
    );
    const bias = {
      'mlp.up_proj.bias': randomTensor([64], 1),
      'blk.0.attn_q_norm.weight': randomTensor([8], 2),
    };
    await expect(logitsOf(writeGguf('F32', METADATA, bias))).rejects.toThrow(/no place for tensor/);
    const derived = { 'model.layers.0.self_attn.rotary_emb.inv_freq': randomTensor([4], 1) };
    await expect(logitsOf(writeFolder(SMALL_LLAMA, { ...smallLlama(), ...derived }))).resolves.toBeDefined();
  });

  it('of a GGUF file with biases of its networks count them', async () => {
    const biases = Object.fromEntries(
      [0, 1].flatMap((n) =>
        [
          ['gate', 64],
          ['up', 64],
          ['down', 32],
        ].map(([name, size]) => [
          `model.layers.${n}.mlp.${name}_proj.bias`,
          randomTensor([Number(size)], 40 + n, 0.5),
        ]),
      ),
    );
    const hub = await logitsOf(
      writeFolder({ ...SMALL_LLAMA, mlp_bias: true }, { ...smallLlama(), ...biases }),
    );
    const own = await logitsOf(writeGguf('F32', METADATA, biases));
    expect(own.reduce((max, x, i) => Math.max(max, Math.abs(x - hub[i])), 0)).toBeLessThan(1e-5);
  });

  it('of a split GGUF file are read from all its parts', async () => {
    const path = temporaryFolder();
    const part = (n: number) => join(path, `small-0000${n}-of-00002.gguf`);
    const split = { ...METADATA, 'split.count': 2 };
    const first = (name: string) => /layers\.0|norm/.test(name);
    writeGguf('F32', { ...split, 'split.no': 0 }, {}, { path: part(1), keep: first });
    await expect(openModel(part(1))).rejects.toThrow(/part 2 of 2 is missing/);
    writeGguf('F32', { ...split, 'split.no': 1 }, {}, { path: part(2), keep: (name) => !first(name) });
    expect(await logitsOf(part(1))).toEqual(await logitsOf(writeGguf('F32')));
    await expect(openModel(writeGguf('F32', split))).rejects.toThrow(/one of 2 parts/);
  });

  it('of another byte order are refused for what they are', async () => {
    const path = join(temporaryFolder(), 'big.gguf');
    writeFileSync(path, Buffer.concat([Buffer.from('GGUF'), Buffer.from([0, 0, 0, 3]), Buffer.alloc(64)]));
    await expect(openModel(path)).rejects.toThrow(/version 3 \(big endian\)/);
  });

  it('under other names are named', async () => {
    const path = temporaryFolder();
    writeFileSync(join(path, 'config.json'), JSON.stringify(SMALL_LLAMA));
    writeFileSync(join(path, 'pytorch_model.bin'), '');
    await expect(openModel(path)).rejects.toMatchObject({
      details: { received: expect.stringContaining('pytorch_model.bin') },
    });
  });
});
