import { SMALL_LLAMA, type TestTensors } from './write-checkpoint.ts';

const {
  hidden_size: H,
  intermediate_size: FF,
  num_hidden_layers: L,
  num_attention_heads: HEADS,
  num_key_value_heads: KV,
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

const bytesOf = (values: Float32Array): Buffer =>
  Buffer.from(values.buffer, values.byteOffset, values.byteLength);

/** The small Llama as llama2.c's export.py writes it, in version 0, 1 or the header of 2. */
export function llama2cFile(
  t: TestTensors,
  { version, shared = false }: { version: 0 | 1 | 2; shared?: boolean },
): Buffer {
  const all = (name: string) =>
    Array.from({ length: L }, (_, n) => bytesOf(t[`model.layers.${n}.${name}.weight`].values));
  const one = (name: string) => bytesOf(t[`${name}.weight`].values);
  const sizes = Buffer.alloc(28);
  for (const [i, size] of [H, FF, L, HEADS, KV, version === 0 && !shared ? -V : V, C].entries())
    sizes.writeInt32LE(size, 4 * i);
  const matrices = LAYER.map(all);
  const head = shared ? [] : [one('lm_head')];
  if (version === 0) {
    const [q, k, v, o, ...ffn] = matrices;
    const angles = Buffer.alloc(4 * C * (H / HEADS));
    return Buffer.concat([
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
    ]);
  }
  const header = Buffer.alloc(256);
  header.writeUInt32LE(0x616b3432, 0);
  header.writeInt32LE(version, 4);
  sizes.copy(header, 8);
  header[36] = Number(shared);
  return Buffer.concat([
    header,
    ...all('input_layernorm'),
    ...all('post_attention_layernorm'),
    one('model.norm'),
    one('model.embed_tokens'),
    ...matrices.flat(),
    ...head,
  ]);
}

/** A tokenizer.bin: pieces in the order of their numbers, and the score of each. */
export function llama2cTokenizer(pieces: readonly string[], score: (id: number) => number): Buffer {
  const parts = pieces.map((piece, id) => {
    const text = Buffer.from(piece);
    const head = Buffer.alloc(8);
    head.writeFloatLE(score(id), 0);
    head.writeInt32LE(text.length, 4);
    return Buffer.concat([head, text]);
  });
  return Buffer.concat([Buffer.alloc(4), ...parts]);
}
