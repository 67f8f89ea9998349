/** Writes a generated checkpoint in the shape of Llama 2 7B: BF16 shards, one a layer, with a tokenizer of bytes. */
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { random } from '../src/number/random.ts';

const [HIDDEN, FFN, HEADS, VOCAB] = [4096, 11_008, 32, 32_000];

type Shapes = Record<string, readonly number[]>;

const layerShapes = (n: number): Shapes => {
  const at = `model.layers.${n}`;
  const square = ['q_proj', 'k_proj', 'v_proj', 'o_proj'].map(
    (name) => [`${at}.self_attn.${name}.weight`, [HIDDEN, HIDDEN]] as const,
  );
  return {
    [`${at}.input_layernorm.weight`]: [HIDDEN],
    [`${at}.post_attention_layernorm.weight`]: [HIDDEN],
    ...Object.fromEntries(square),
    [`${at}.mlp.gate_proj.weight`]: [FFN, HIDDEN],
    [`${at}.mlp.up_proj.weight`]: [FFN, HIDDEN],
    [`${at}.mlp.down_proj.weight`]: [HIDDEN, FFN],
  };
};

/** BF16 of about normal values with a spread of 0.02: as many as are drawn, then again from another place. */
function pool(): Uint16Array {
  const next = random(12);
  const values = Float32Array.from({ length: 1 << 20 }, () => 0.02 * 2 * (next() + next() + next() - 1.5));
  return Uint16Array.from(new Uint32Array(values.buffer), (word) => word >>> 16);
}

function writeShard(path: string, shapes: Shapes, values: Uint16Array, first: number): void {
  let end = 0;
  const header = Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => {
      const begin = end;
      end += 2 * shape.reduce((a, b) => a * b, 1);
      return [name, { dtype: 'BF16', shape, data_offsets: [begin, end] }];
    }),
  );
  const json = JSON.stringify(header);
  const text = Buffer.from(json.padEnd(8 * Math.ceil(json.length / 8)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const fd = openSync(path, 'w');
  writeSync(fd, length);
  writeSync(fd, text);
  let at = first;
  for (const shape of Object.values(shapes)) {
    const row = shape.at(-1)!;
    const ones = new Uint16Array(row).fill(0x3f80);
    for (let r = 0; r < (shape.length > 1 ? shape[0] : 1); r++) {
      at = (at * 31 + 17) % (values.length - row);
      writeSync(fd, shape.length > 1 ? values.subarray(at, at + row) : ones);
    }
  }
  closeSync(fd);
}

/** Writes the folder with so many of its 32 layers. */
export function writeShapedLlama(folder: string, layers: number): void {
  mkdirSync(folder, { recursive: true });
  const values = pool();
  const map: Record<string, string> = {};
  const shard = (name: string, shapes: Shapes, first: number): void => {
    writeShard(join(folder, name), shapes, values, first);
    for (const tensor of Object.keys(shapes)) map[tensor] = name;
  };
  for (let n = 0; n < layers; n++) shard(`layer-${n}.safetensors`, layerShapes(n), 1000 * n);
  const ends = {
    'model.embed_tokens.weight': [VOCAB, HIDDEN],
    'model.norm.weight': [HIDDEN],
    'lm_head.weight': [VOCAB, HIDDEN],
  };
  shard('ends.safetensors', ends, 77);
  const put = (name: string, content: object): void =>
    writeFileSync(join(folder, name), JSON.stringify(content));
  put('model.safetensors.index.json', { weight_map: map });
  put('config.json', {
    model_type: 'llama',
    hidden_size: HIDDEN,
    intermediate_size: FFN,
    num_hidden_layers: layers,
    num_attention_heads: HEADS,
    num_key_value_heads: HEADS,
    vocab_size: VOCAB,
    max_position_embeddings: 4096,
    rms_norm_eps: 1e-5,
    hidden_act: 'silu',
    tie_word_embeddings: false,
    bos_token_id: 1,
  });
  const bytes = Array.from({ length: 256 }, (_, byte) => [
    `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`,
    3 + byte,
  ]);
  put('tokenizer.json', {
    version: '1.0',
    added_tokens: [],
    normalizer: null,
    pre_tokenizer: null,
    post_processor: null,
    decoder: null,
    model: {
      type: 'BPE',
      byte_fallback: true,
      unk_token: '<unk>',
      vocab: { '<unk>': 0, '<s>': 1, '</s>': 2, ...Object.fromEntries(bytes) },
      merges: [],
    },
  });
}
