import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openModel } from '../../src/model/load.ts';
import { exact } from './arithmetic.ts';
import { gatedFfn, plainAngles, referenceLogits, silu } from './reference-decoder.ts';
import { LLAMA_NAMES } from './family-shapes.ts';
import { SMALL_LLAMA, smallLlama, temporaryFolder } from './write-checkpoint.ts';
import { llama2cFile, llama2cTokenizer } from './write-llama2c.ts';

const { hidden_size: H, num_hidden_layers: L, vocab_size: V } = SMALL_LLAMA;
const IDS = [3, 1, 4, 1, 5, 9, 2, 6];

/** A folder with nothing but the model. */
function write(...model: Parameters<typeof llama2cFile>): string {
  const path = join(temporaryFolder(), 'model.bin');
  writeFileSync(path, llama2cFile(...model));
  return path;
}

async function logitsOf(path: string): Promise<Float32Array> {
  const model = (await openModel(path)).load();
  const ids = Int32Array.from(IDS);
  return model.logits(model.forward({ kind: 'tokens', ids, sequences: [{ rows: 8 }] }, exact), 0, 8);
}

describe('a model of llama2.c', () => {
  const tensors = smallLlama();
  const reference = (shared: boolean): number[] =>
    referenceLogits(
      tensors,
      {
        heads: 4,
        kvHeads: 2,
        headDim: H / 4,
        layers: L,
        epsilon: 1e-5,
        vocab: V,
        angles: () => ({ size: 1, angles: plainAngles(10_000, H / 4) }),
        interleaved: true,
        act: silu,
        embedding: 'model.embed_tokens.weight',
        finalNorm: 'model.norm',
        head: shared ? 'model.embed_tokens.weight' : 'lm_head.weight',
        layer: (n) => `model.layers.${n}`,
        names: LLAMA_NAMES,
        ffn: gatedFfn(tensors, silu),
      },
      IDS,
    ).flat();

  it.each([
    { version: 0, shared: false },
    { version: 0, shared: true },
    { version: 1, shared: false },
    { version: 1, shared: true },
  ] as const)(
    'of version $version computes what its definition does, shared output: $shared',
    async (how) => {
      const expected = reference(how.shared);
      const actual = await logitsOf(write(tensors, how));
      const size = expected.reduce((max, x) => Math.max(max, Math.abs(x)), 0);
      expect(actual.reduce((max, x, i) => Math.max(max, Math.abs(x - expected[i])), 0) / size).toBeLessThan(
        1e-4,
      );
    },
  );

  it('reads the tokenizer.bin beside it', async () => {
    const path = write(tensors, { version: 0 });
    const pieces = ['<unk>', '\n<s>\n', '\n</s>\n', ' ', 'a', 'b', ' a', 'ab', ' ab'];
    const all = Array.from(
      { length: V },
      (_, i) => pieces[i] ?? `<0x${(i + 32).toString(16).toUpperCase()}>`,
    );
    const file = join(path, '..', 'tokenizer.bin');
    writeFileSync(
      file,
      llama2cTokenizer(all, (id) => (id < 6 ? -1e6 : -id)),
    );
    const opened = await openModel(path);
    const tokenizer = opened.tokenizer();
    // Pieces by their scores: " a" before "ab" and " ab".
    expect(tokenizer.encode('ab a')).toEqual([8, 6]);
    expect(tokenizer.decode([8, 6])).toBe('ab a');
    expect(opened.config).toMatchObject({ bos: 1, eos: [2] });
    writeFileSync(file, readFileSync(file).subarray(0, 60));
    expect(() => opened.tokenizer()).toThrow('cut off or broken');
  });

  it('that is none, is cut off or quantised is refused for what it is', async () => {
    const path = write(tensors, { version: 0 });
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.subarray(0, bytes.length - 4));
    await expect(openModel(path)).rejects.toThrow('of these sizes');
    writeFileSync(
      path,
      Buffer.from('PK\u0003\u0004 a pickle of some framework that is no such model at all'),
    );
    await expect(openModel(path)).rejects.toThrow('not a model of llama2.c');
    await expect(openModel(write(tensors, { version: 2 }))).rejects.toThrow('version 2 is quantised');
  });
});
