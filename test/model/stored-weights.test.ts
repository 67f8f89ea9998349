import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openModel } from '../../src/model/load.ts';
import { exact } from './arithmetic.ts';
import { randomTensor, SMALL_LLAMA, smallLlama, temporaryFolder, writeFolder } from './write-checkpoint.ts';
import { METADATA, writeGguf } from './write-gguf.ts';

async function logitsOf(path: string): Promise<Float32Array> {
  const model = (await openModel(path)).load();
  const ids = Int32Array.from([3, 1, 4, 1, 5, 9, 2, 6]);
  return model.logits(model.forward({ kind: 'tokens', ids, sequences: [{ rows: 8 }] }, exact), 0, 8);
}

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
