import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openModel } from '../../src/model/load.ts';
import { exact } from './arithmetic.ts';
import { gatedFfn, plainAngles, referenceLogits, silu } from './reference-decoder.ts';
import { LLAMA_NAMES } from './family-shapes.ts';
import { SMALL_LLAMA, smallLlama, temporaryFolder, type TestTensors } from './write-checkpoint.ts';

const {
  hidden_size: H,
  intermediate_size: FF,
  num_hidden_layers: L,
  vocab_size: V,
  max_position_embeddings: C,
} = SMALL_LLAMA;
const LAYER = [
  'self_attn.q_proj',
  'self_attn.k_proj',
  'self_attn.v_proj',
  'self_attn.o_proj',
  'mlp.gate_proj',
  'mlp.down_proj',
  'mlp.up_proj',
];
const IDS = [3, 1, 4, 1, 5, 9, 2, 6];

const bytesOf = (values: Float32Array): Buffer =>
  Buffer.from(values.buffer, values.byteOffset, values.byteLength);

/** Both versions as llama2.c's export.py writes them. */
function write(
  t: TestTensors,
  { version, shared = false }: { version: 0 | 1 | 2; shared?: boolean },
): string {
  const all = (name: string) =>
    Array.from({ length: L }, (_, n) => bytesOf(t[`model.layers.${n}.${name}.weight`].values));
  const one = (name: string) => bytesOf(t[`${name}.weight`].values);
  const sizes = Buffer.alloc(28);
  for (const [i, size] of [H, FF, L, 4, 2, version === 0 && !shared ? -V : V, C].entries())
    sizes.writeInt32LE(size, 4 * i);
  const matrices = LAYER.map(all);
  const head = shared ? [] : [one('lm_head')];
  const path = join(temporaryFolder(), 'model.bin');
  if (version === 0) {
    const [q, k, v, o, ...ffn] = matrices;
    const angles = Buffer.alloc(4 * C * (H / 4));
    writeFileSync(
      path,
      Buffer.concat([
        sizes,
        one('model.embed_tokens'),
        ...all('input_layernorm'),
        ...q,
        ...k,
        ...v,
        ...o,
        ...all('post_attention_layernorm'),
        ...ffn.flat(),
        one('model.norm'),
        angles,
        ...head,
      ]),
    );
    return path;
  }
  const header = Buffer.alloc(256);
  header.writeUInt32LE(0x616b3432, 0);
  header.writeInt32LE(version, 4);
  sizes.copy(header, 8);
  header[36] = Number(shared);
  writeFileSync(
    path,
    Buffer.concat([
      header,
      ...all('input_layernorm'),
      ...all('post_attention_layernorm'),
      one('model.norm'),
      one('model.embed_tokens'),
      ...matrices.flat(),
      ...head,
    ]),
  );
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
    const parts = all.map((piece, i) => {
      const text = Buffer.from(piece);
      const head = Buffer.alloc(8);
      head.writeFloatLE(i < 6 ? -1e6 : -i, 0);
      head.writeInt32LE(text.length, 4);
      return Buffer.concat([head, text]);
    });
    const file = join(path, '..', 'tokenizer.bin');
    writeFileSync(file, Buffer.concat([Buffer.alloc(4), ...parts]));
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
