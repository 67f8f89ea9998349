import { copyFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gguf } from '@huggingface/gguf';
import { describe, expect, it } from 'vitest';
import { openModel } from '../../src/model/load.ts';
import { readGgufHeader } from '../../src/model/format/gguf-header.ts';
import { expand } from '../../src/model/format/stored-type.ts';
import { exact } from './arithmetic.ts';
import { encodeTensor, SMALL_LLAMA, smallLlama, temporaryFolder, writeFolder } from './write-checkpoint.ts';
import { METADATA, type Value, Writer, writeGguf } from './write-gguf.ts';

async function logitsOf(path: string): Promise<Float32Array> {
  const model = (await openModel(path)).load();
  const ids = Int32Array.from([3, 1, 4, 1, 5, 9, 2, 6]);
  return model.logits(model.forward({ kind: 'tokens', ids, sequences: [{ rows: 8 }] }, exact), 0, 8);
}

const worst = (a: Float32Array, b: Float32Array) =>
  a.reduce((max, x, i) => Math.max(max, Math.abs(x - b[i])), 0);

const refused = (path: string) => expect(openModel(path).then((m) => m.load())).rejects;

describe('a GGUF file', () => {
  it('of F32 weights gives the logits of the Hugging Face folder', async () => {
    expect(
      worst(await logitsOf(writeGguf('F32')), await logitsOf(writeFolder(SMALL_LLAMA, smallLlama()))),
    ).toBeLessThan(1e-5);
  });

  it.each(['F16', 'BF16', 'Q8_0', 'Q4_0'] as const)(
    'of %s weights gives the logits of the same values in F32',
    async (type) => {
      const rounded = smallLlama();
      for (const [name, tensor] of Object.entries(rounded)) {
        if (tensor.shape.length === 1) continue;
        const rope = /q_proj|k_proj/.test(name);
        const bytes = encodeTensor(tensor.values, type);
        // Blocks of 32 lie within a row, so reordering rows does not change what they hold.
        expect(rope ? tensor.shape[1] % 32 : 0).toBe(0);
        expand(type, bytes, 0, tensor.values.length, tensor.values);
      }
      expect(
        worst(await logitsOf(writeGguf(type)), await logitsOf(writeFolder(SMALL_LLAMA, rounded))),
      ).toBeLessThan(1e-5);
    },
  );

  it("has the header that Hugging Face's reader finds in it", async () => {
    const tokens = ['<s>', 'ü', '', 'Ġab'];
    const path = writeGguf('Q8_0', {
      ...METADATA,
      'tokenizer.ggml.tokens': tokens,
      'tokenizer.ggml.scores': { floats: [0, -1.5, 3, 1e-30] },
      'tokenizer.ggml.token_type': { ints: [3, 1, 1, 1] },
    });
    const ours = readGgufHeader(path);
    const theirs = await gguf(path, { allowLocalFile: true });
    const { version, tensor_count, kv_count, ...metadata } = theirs.metadata as Record<string, unknown>;
    expect(version).toBe(3);
    expect(Number(kv_count)).toBe(ours.metadata.size);
    expect(Number(tensor_count)).toBe(ours.tensors.length);
    expect(Object.fromEntries(ours.metadata)).toEqual(metadata);
    expect(ours.tensors).toEqual(
      theirs.tensorInfos.map(({ name, shape, dtype, offset }) => ({
        name,
        shape: shape.map(Number),
        type: dtype,
        offset: Number(theirs.tensorDataOffset) + Number(offset),
      })),
    );
  });

  it('that announces more than it holds is refused before anything is made of it', async () => {
    const w = new Writer();
    w.parts.push(Buffer.from('GGUF'));
    w.u32(3);
    w.u64(0);
    w.u64(1);
    w.text('tokenizer.ggml.tokens');
    w.u32(9);
    w.u32(8);
    w.u64(1_000_000);
    const path = join(temporaryFolder(), 'announces.gguf');
    writeFileSync(path, Buffer.concat(w.parts));
    await refused(path).toThrow(/truncated: it ends inside 1000000 elements of an array/);
  });

  it('that is truncated, foreign, of another family or another type is refused by name', async () => {
    const whole = writeGguf('Q8_0');
    const cut = `${whole}.cut.gguf`;
    copyFileSync(whole, cut);
    truncateSync(cut, 9_000);
    await refused(cut).toThrow(/truncated/);
    truncateSync(cut, 300);
    await refused(cut).toThrow(/truncated|GGUF/);
    writeFileSync(cut, 'no model');
    await refused(cut).toThrow(/not a readable GGUF file/);
    await refused(writeGguf('F32', { ...METADATA, 'general.architecture': 'mamba' })).toThrow(
      /architecture mamba/,
    );
    await refused(writeGguf('F32', { ...METADATA, 'llama.expert_count': 8 })).toThrow(/expert_count = 8/);
  });

  it('with rope_freqs has the rescaled rotary waves of Llama 3', async () => {
    const scaling = {
      rope_type: 'llama3',
      factor: 8,
      low_freq_factor: 1,
      high_freq_factor: 4,
      original_max_position_embeddings: 128,
    };
    // Waves of 2π, 20π, 200π and 2000π positions against 128/4 = 32 and 128/1 = 128: kept, between, divided, divided.
    const smooth = (128 / (20 * Math.PI) - 1) / (4 - 1);
    const values = Float32Array.of(1, 1 / ((1 - smooth) / 8 + smooth), 8, 8);
    const factors = (values: Float32Array) => ({ 'rope_freqs.weight': { shape: [values.length], values } });
    const hub = await logitsOf(writeFolder({ ...SMALL_LLAMA, rope_scaling: scaling }, smallLlama()));
    expect(worst(hub, await logitsOf(writeGguf('F32')))).toBeGreaterThan(1e-2);
    expect(worst(hub, await logitsOf(writeGguf('F32', METADATA, factors(values))))).toBeLessThan(1e-5);
    await refused(writeGguf('F32', METADATA, factors(new Float32Array(4)))).toThrow(
      /rope_freqs.weight must hold positive divisors \(element 0 is 0\)/,
    );
    await refused(writeGguf('F32', METADATA, factors(values.subarray(1)))).toThrow(
      /rope_freqs.weight has the wrong shape/,
    );
    const long = { 'rope_factors_long.weight': { shape: [4], values } };
    await refused(writeGguf('F32', METADATA, long)).toThrow(/rope_factors_long.weight/);
  });

  it('has the window, linear positions and turned part that its metadata name', async () => {
    const gguf = (more: Record<string, Value>) => logitsOf(writeGguf('F32', { ...METADATA, ...more }));
    const hub = (more: object) => logitsOf(writeFolder({ ...SMALL_LLAMA, ...more }, smallLlama()));
    const plain = await hub({});
    for (const [metadata, config] of [
      [{ 'llama.attention.sliding_window': 3 }, { model_type: 'mistral', sliding_window: 3 }],
      [{ 'llama.rope.scaling.factor': { float: 4 } }, { rope_scaling: { type: 'linear', factor: 4 } }],
      [
        { 'llama.rope.scaling.type': 'yarn', 'llama.rope.scaling.factor': { float: 4 } },
        { rope_scaling: { type: 'yarn', factor: 4 } },
      ],
      [{ 'llama.attention.head_count_kv': { ints: [2, 2] } }, undefined],
    ] as [Record<string, Value>, object | undefined][]) {
      const expected = config === undefined ? plain : await hub(config);
      if (config !== undefined) expect(worst(expected, plain)).toBeGreaterThan(1e-2);
      expect(worst(await gguf(metadata), expected)).toBeLessThan(1e-5);
    }
  });

  it('turns pairs of neighbours where it turns a part of each head', async () => {
    // Rows of queries and keys lie in a GGUF file as pairs: of the 8 of a head the first 4 are 0, 4, 1 and 5, two pairs.
    const order = [0, 1, 4, 5, 2, 6, 3, 7];
    const tensors = smallLlama();
    for (const [name, { shape, values }] of Object.entries(tensors)) {
      if (!/q_proj|k_proj/.test(name)) continue;
      const [rows, width] = shape;
      const old = values.slice();
      for (let row = 0; row < rows; row++) {
        const from = row - (row % 8) + order[row % 8];
        values.set(old.subarray(from * width, (from + 1) * width), row * width);
      }
    }
    const part = await logitsOf(writeGguf('F32', { ...METADATA, 'llama.rope.dimension_count': 4 }));
    const hub = await logitsOf(writeFolder({ ...SMALL_LLAMA, partial_rotary_factor: 0.5 }, tensors));
    expect(worst(part, hub)).toBeLessThan(1e-5);
    expect(worst(part, await logitsOf(writeGguf('F32')))).toBeGreaterThan(1e-2);
  });

  it.each<[Record<string, Value>, RegExp]>([
    [{ 'llama.block_count': 0 }, /llama\.block_count must be a positive whole number/],
    [{ 'llama.attention.head_count_kv': 3 }, /head_count must be a multiple of .*head_count_kv/],
    [{ 'llama.attention.head_count_kv': { ints: [2, 1] } }, /head_count_kv is not a number/],
    [
      { 'llama.attention.head_count': 5, 'llama.attention.head_count_kv': 5 },
      /embedding_length must be a multiple of .*head_count/,
    ],
    [{ 'llama.attention.value_length': 16 }, /value_length = 16/],
    [{ 'llama.rope.scaling.type': 'longrope' }, /rope\.scaling\.type = longrope/],
    [{ 'llama.rope.scaling.attn_factor': { float: 2 } }, /rope\.scaling\.attn_factor = 2/],
    [{ 'llama.rope.scaling.yarn_ext_factor': { float: 0 } }, /yarn_ext_factor = 0$/],
    [{ 'llama.rope.scaling.yarn_attn_factor': { float: 0.5 } }, /yarn_attn_factor = 0\.5/],
    [{ 'llama.rope.scaling.yarn_beta_fast': { float: 16 } }, /yarn_beta_fast = 16/],
    [{ 'llama.rope.scaling.yarn_beta_slow': { float: 2 } }, /yarn_beta_slow = 2/],
    [{ 'llama.rope.scaling.yarn_log_multiplier': { float: 0.125 } }, /yarn_log_multiplier = 0\.125/],
    [{ 'tokenizer.ggml.eos_token_id': 50 }, /eos_token_id 50 is outside the vocabulary of 50 tokens/],
  ])('with metadata the engine would get wrong is refused: %#', async (more, message) => {
    await refused(writeGguf('F32', { ...METADATA, ...more })).toThrow(message);
  });

  it('brings its tokenizer: byte-level merges, or SentencePiece scores', async () => {
    const bytes = { 'tokenizer.ggml.model': 'gpt2', 'tokenizer.ggml.pre': 'default' };
    const gpt2 = await openModel(
      writeGguf('F32', {
        ...METADATA,
        ...bytes,
        'tokenizer.ggml.tokens': ['<s>', 'a', 'b', 'Ġ', 'ab', 'Ġab'],
        'tokenizer.ggml.token_type': { ints: [3, 1, 1, 1, 1, 1] },
        'tokenizer.ggml.merges': ['a b', 'Ġ ab'],
      }),
    );
    expect(gpt2.tokenizer().encode('ab ab ba')).toEqual([4, 5, 3, 2, 1]);
    const spm = await openModel(
      writeGguf('F32', {
        ...METADATA,
        'tokenizer.ggml.model': 'llama',
        'tokenizer.ggml.tokens': ['<unk>', '<s>', '</s>', '<0x63>', '▁', 'a', 'b', 'ab', 'ba', '▁ab'],
        'tokenizer.ggml.scores': { floats: [0, 0, 0, 0, -7, -6, -5, -2, -1, -3] },
        'tokenizer.ggml.token_type': { ints: [2, 3, 3, 6, 1, 1, 1, 1, 1, 1] },
      }),
    );
    // "ba" scores above "ab": aba is a|ba; "c" is unknown and falls back to its byte.
    expect(spm.tokenizer().encode('aba abc')).toEqual([4, 5, 8, 9, 3]);
    expect(spm.tokenizer().decode([4, 5, 8, 9, 3])).toBe('aba abc');
    const other = await openModel(
      writeGguf('F32', {
        ...METADATA,
        ...bytes,
        'tokenizer.ggml.pre': 'viking',
        'tokenizer.ggml.tokens': ['a'],
      }),
    );
    expect(() => other.tokenizer()).toThrow(/viking/);
  });
});
