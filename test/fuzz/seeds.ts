import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { encode } from 'fast-png';
import { open45Liberty } from '../../src/hardware/liberty/open-45.ts';
import { encoderGraph } from '../onnx/encoder.ts';
import { encodeTensor, SMALL_LLAMA, smallLlama, writeFolder } from '../model/write-checkpoint.ts';

const file = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

/** Configurations of several families, as their publishers write them. */
export const CONFIGS: readonly string[] = [
  file('examples/models/qwen3-30b-a3b.json'),
  file('assets/models/mugi-tiny/config.json'),
  file('assets/models/vit-mnist-gelu/config.json'),
  JSON.stringify({
    model_type: 'gpt2',
    n_embd: 64,
    n_layer: 2,
    n_head: 4,
    n_positions: 128,
    vocab_size: 300,
    activation_function: 'gelu_new',
  }),
  JSON.stringify({
    model_type: 'deepseek_v3',
    hidden_size: 512,
    num_hidden_layers: 4,
    num_attention_heads: 8,
    q_lora_rank: 64,
    kv_lora_rank: 32,
    qk_nope_head_dim: 32,
    qk_rope_head_dim: 16,
    v_head_dim: 32,
    n_routed_experts: 8,
    num_experts_per_tok: 2,
    n_shared_experts: 1,
    moe_intermediate_size: 128,
    intermediate_size: 1024,
    first_k_dense_replace: 1,
    vocab_size: 1000,
    max_position_embeddings: 4096,
    hidden_act: 'silu',
    rope_scaling: { type: 'yarn', factor: 4 },
    quantization_config: { quant_method: 'fp8', weight_block_size: [128, 128] },
  }),
];

/** An encoder of single steps, a fused attention and quantised products, as `test/onnx/write.ts` takes it. */
export const ONNX: readonly string[] = [
  JSON.stringify(encoderGraph({ layers: 1, hidden: 32, heads: 2, ffn: 64, words: 50 })),
  JSON.stringify({
    nodes: [
      {
        op: 'Conv',
        in: ['image', 'filter'],
        out: ['c'],
        attributes: { strides: [2, 2], pads: [1, 1, 1, 1], group: 2 },
      },
      { op: 'Flatten', in: ['c'], out: ['f'] },
      {
        op: 'MatMulNBits',
        in: ['f', 'packed', 'scales'],
        out: ['q'],
        attributes: { K: 128, N: 48, bits: 4, block_size: 32 },
      },
      { op: 'Reshape', in: ['q', 'shape'], out: ['h'] },
      {
        op: 'GroupQueryAttention',
        in: ['h', '', '', 'past', 'past'],
        out: ['a'],
        attributes: { num_heads: 4, kv_num_heads: 2 },
      },
      { op: 'DequantizeLinear', in: ['w8', 'one'], out: ['w'] },
      { op: 'MatMul', in: ['a', 'w'], out: ['m'] },
      { op: 'Split', in: ['m'], out: ['left', 'right'], attributes: { axis: -1 } },
      { op: 'Sigmoid', in: ['left'], out: ['s'] },
      { op: 'Mul', in: ['left', 's'], out: ['silu'] },
      { op: 'Einsum', in: ['silu', 'right'], out: ['e'], attributes: { equation: 'bij,bkj->bik' } },
      { op: 'Softmax', in: ['e'], out: ['y'], attributes: { axis: -1 } },
    ],
    inputs: [
      { name: 'image', dims: ['batch', 4, 16, 16] },
      { name: 'past', dims: ['batch', 2, 'past', 6] },
    ],
    outputs: [{ name: 'y', dims: ['batch', 'rows', 'rows'] }],
    initializers: [
      { name: 'filter', dims: [2, 2, 3, 3] },
      { name: 'packed', dims: [48, 4, 16], type: 2 },
      { name: 'scales', dims: [192], type: 10 },
      { name: 'shape', dims: [3], type: 7, data: [0, -1, 48], raw: true },
      { name: 'w8', dims: [24, 16], type: 3 },
      { name: 'one', dims: [], data: [1] },
    ],
  }),
];

export const DESIGNS: readonly string[] = [
  file('examples/designs/dot-product.yaml'),
  file('examples/designs/mugi-192.yaml'),
  file('examples/designs/sa-24-os.yaml'),
];

export const TOPOLOGY = `Layer name, IFMAP Height, IFMAP Width, Filter Height, Filter Width, Channels, Num Filter, Strides,
conv1, 28, 28, 3, 3, 3, 16, 1,
conv2, 14, 14, 3, 3, 16, 32, 2,
fc, 1, 1, 1, 1, 512, 10, 1,
`;

export const WINDOWS = JSON.stringify({
  format: 'mugi-windows/1',
  model: 'mugi-tiny',
  mantissa_bits: 3,
  group_rows: 128,
  calibration: { text: 'embedded', tokens: 256 },
  windows: [
    { function: 'softmax', layer: 0, lo: -3, hi: 4, anchor: 'max' },
    { function: 'silu', lo: -4, hi: 3 },
  ],
});

/** The first cells of our library: every construct of it, in a size that is read in milliseconds. */
export function liberty(): string {
  const whole = open45Liberty();
  const cells = [...whole.matchAll(/\n {2}cell\b/g)].map(({ index }) => index);
  return cells.length > 6 ? `${whole.slice(0, cells[6])}\n}\n` : whole;
}

/** A tokenizer of 300 entries and one of the Unigram kind. */
export const TOKENIZERS: readonly string[] = [
  (() => {
    const whole = JSON.parse(file('assets/models/mugi-tiny/tokenizer.json')) as {
      model: { vocab: Record<string, number>; merges: unknown[] };
    };
    whole.model.merges = whole.model.merges.slice(0, 40);
    whole.model.vocab = Object.fromEntries(Object.entries(whole.model.vocab).filter(([, id]) => id < 298));
    return JSON.stringify(whole);
  })(),
  JSON.stringify({
    version: '1.0',
    added_tokens: [{ id: 0, content: '<unk>', special: true }],
    normalizer: { type: 'Sequence', normalizers: [{ type: 'NFKC' }, { type: 'Prepend', prepend: '▁' }] },
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        { type: 'Split', pattern: { Regex: '\\s+|[a-z]+' }, behavior: 'Isolated', invert: false },
        { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always' },
      ],
    },
    post_processor: null,
    decoder: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always' },
    model: {
      type: 'Unigram',
      unk_id: 0,
      vocab: [
        ['<unk>', 0],
        ['▁', -1],
        ['a', -2],
        ['t', -2.5],
        ['▁at', -3],
      ],
    },
  }),
];

/** A tokenizer.model of SentencePiece: 1 is Unigram, 2 BPE. */
export function sentencePieces(kind: number): Uint8Array {
  const pieces: [string, number, number][] = [
    ['<unk>', 0, 2],
    ['<s>', 0, 3],
    ...Array.from({ length: 256 }, (_, i): [string, number, number] => [
      `<0x${i.toString(16).toUpperCase().padStart(2, '0')}>`,
      0,
      6,
    ]),
    ['▁', -7, 1],
    ['a', -6, 1],
    ['b', -5, 1],
    ['ab', -2, 1],
    ['▁ab', -3, 1],
  ];
  const w = new BinaryWriter();
  for (const [piece, score, type] of pieces) {
    w.tag(1, WireType.LengthDelimited).fork();
    w.tag(1, WireType.LengthDelimited).string(piece);
    w.tag(2, WireType.Bit32).float(score);
    w.tag(3, WireType.Varint).int32(type);
    w.join();
  }
  w.tag(2, WireType.LengthDelimited).fork().tag(3, WireType.Varint).int32(kind).join();
  w.tag(3, WireType.LengthDelimited).fork().tag(4, WireType.Varint).bool(false).join();
  return w.finish();
}

export const SPACES: readonly string[] = [
  file('examples/spaces/edge.yaml'),
  'designs: [mugi-256, sa-16-os]\nvary:\n  rows: [64, 128]\n  batch: 1..4\nwhere: [batch < 4]\nobjectives: [tokens_per_s]\n',
];

/** Questions from another program. */
export const LINES: readonly string[] = [
  JSON.stringify({ id: 1, designs: ['mugi-256'], model: 'llama-2-7b', batch: 8, context: 512 }),
  JSON.stringify({
    id: 'a',
    designs: ['mugi-128', 'sa-16'],
    baseline: 'sa-16',
    model: JSON.parse(CONFIGS[3]),
    context: 64,
    preset: 'as-published',
    without: ['bandwidth'],
  }),
];

export const INPUT = JSON.stringify({
  input: [
    [0.5, -1.25, 3, -0.01, 2, 1, -4, 0],
    [1, 2, 3, 4, -5, 6, -7, 8],
    [-0.5, 0.25, 0.125, 8, -8, 0, 1, 1],
  ],
});

export const TEXT = 'It was a bright cold day in April, and the clocks were striking thirteen. '.repeat(8);

/** A safetensors checkpoint in one file: its folder's files by name. */
export function checkpointFiles(): { config: string; weights: Uint8Array } {
  const folder = writeFolder(SMALL_LLAMA, smallLlama(), 'BF16');
  return {
    config: JSON.stringify(SMALL_LLAMA),
    weights: readFileSync(join(folder, 'model.safetensors')),
  };
}

/** The same in GGUF, version 3, with a tokenizer of six entries. */
export function gguf(): Uint8Array {
  const parts: Buffer[] = [Buffer.from('GGUF')];
  const u32 = (x: number) => parts.push(Buffer.from(Uint32Array.of(x).buffer));
  const u64 = (x: number) => parts.push(Buffer.from(BigUint64Array.of(BigInt(x)).buffer));
  const text = (x: string) => {
    u64(Buffer.byteLength(x));
    parts.push(Buffer.from(x));
  };
  const names: [RegExp, string][] = [
    [/model\.embed_tokens/, 'token_embd'],
    [/model\.norm/, 'output_norm'],
    [/lm_head/, 'output'],
    [/input_layernorm/, 'attn_norm'],
    [/self_attn\.([qkv])_proj/, 'attn_$1'],
    [/self_attn\.o_proj/, 'attn_output'],
    [/post_attention_layernorm/, 'ffn_norm'],
    [/mlp\.(gate|up|down)_proj/, 'ffn_$1'],
    [/model\.layers/, 'blk'],
  ];
  const metadata: [string, string | number | string[]][] = [
    ['general.architecture', 'llama'],
    ['llama.block_count', 2],
    ['llama.embedding_length', 32],
    ['llama.feed_forward_length', 64],
    ['llama.attention.head_count', 4],
    ['llama.attention.head_count_kv', 2],
    ['llama.context_length', 64],
    ['tokenizer.ggml.model', 'gpt2'],
    ['tokenizer.ggml.tokens', ['<s>', 'a', 'b', 'Ġ', 'ab', 'Ġab']],
    ['tokenizer.ggml.merges', ['a b', 'Ġ ab']],
  ];
  const tensors = Object.entries(smallLlama()).map(([name, { shape, values }]) => ({
    name: names.reduce((all, [from, to]) => all.replace(from, to), name),
    shape,
    bytes: encodeTensor(values, 'F32'),
  }));
  u32(3);
  u64(tensors.length);
  u64(metadata.length + 1);
  text('llama.attention.layer_norm_rms_epsilon');
  u32(6);
  parts.push(Buffer.from(Float32Array.of(1e-5).buffer));
  for (const [key, value] of metadata) {
    text(key);
    if (typeof value === 'string') {
      u32(8);
      text(value);
    } else if (typeof value === 'number') {
      u32(4);
      u32(value);
    } else {
      u32(9);
      u32(8);
      u64(value.length);
      for (const item of value) text(item);
    }
  }
  let offset = 0;
  for (const { name, shape, bytes } of tensors) {
    text(name);
    u32(shape.length);
    for (const size of shape.toReversed()) u64(size);
    u32(0);
    u64(offset);
    offset += Math.ceil(bytes.length / 32) * 32;
  }
  const padded = (bytes: Uint8Array): Buffer =>
    Buffer.concat([bytes, Buffer.alloc((32 - (bytes.length % 32)) % 32)]);
  return Buffer.concat([padded(Buffer.concat(parts)), ...tensors.map(({ bytes }) => padded(bytes))]);
}

/** Three images as IDX files, packed or not, and as PNG. */
export function images(): {
  idx: Uint8Array;
  packed: Uint8Array;
  labels: Uint8Array;
  png: Uint8Array;
  indexed: Uint8Array;
} {
  const header = Buffer.alloc(16);
  for (const [i, value] of [0x803, 3, 28, 28].entries()) header.writeUInt32BE(value, 4 * i);
  const idx = Buffer.concat([header, Buffer.alloc(3 * 784, 77)]);
  const labels = Buffer.from([0, 0, 8, 1, 0, 0, 0, 3, 1, 2, 3]);
  const data = Uint8Array.from({ length: 784 }, (_, i) => i & 255);
  const png = encode({ width: 28, height: 28, channels: 1, depth: 8, data });
  const indexed = encode({
    width: 28,
    height: 28,
    channels: 1,
    depth: 8,
    data: data.map((value) => value & 1),
    palette: [
      [0, 0, 0],
      [255, 255, 255],
    ],
  });
  return { idx, packed: gzipSync(idx), labels, png, indexed };
}

/** Writes files by name into a folder of their own; returns it. */
export function folderOf(path: string, files: Readonly<Record<string, string | Uint8Array>>): string {
  mkdirSync(path, { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(path, name), content);
  return path;
}

export const bytesOf = (path: string): Uint8Array => readFileSync(path);

/** A chat template as instruct models have it. */
export const CHAT =
  "{% for m in messages %}{% if m['role'] == 'user' %}{{ bos_token + '[INST] ' + m.content | trim + ' [/INST]' }}{% else %}{{ m['content'] + eos_token }}{% endif %}{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}";

/** Questions with choices, in the keys of several sets. */
export const CHOICES = [
  { ctx: 'a', endings: ['x', 'y', 'z'], label: '2' },
  { question: 'b', choices: { text: ['x', 'y'], label: ['A', 'B'] }, answerKey: 'B' },
  { goal: 'c', sol1: 'x', sol2: 'y', label: 0 },
]
  .map((item) => JSON.stringify(item))
  .join('\n');

/** A small model of llama2.c with its tokenizer. */
export function llama2c(): { model: Uint8Array; tokenizer: Uint8Array } {
  const sizes = [8, 8, 1, 2, 1, 12, 16];
  const [dim, hidden, , , , vocab, context] = sizes;
  const kv = dim / 2;
  const floats =
    vocab * dim + 3 * dim + 2 * dim * dim + 2 * dim * kv + 3 * dim * hidden + context * (dim / 2);
  const model = Buffer.alloc(4 * (sizes.length + floats));
  for (const [i, size] of sizes.entries()) model.writeInt32LE(size, 4 * i);
  for (let i = 0; i < floats; i++) model.writeFloatLE(Math.sin(i), 4 * (sizes.length + i));
  const pieces = ['<unk>', '<s>', '</s>', ' ', 'a', 'b', ' a', 'ab', ' ab', 'ba', '<0x41>', 't'];
  const tokenizer = Buffer.concat([
    Buffer.alloc(4),
    ...pieces.map((piece, i) => {
      const head = Buffer.alloc(8);
      head.writeFloatLE(-i, 0);
      head.writeInt32LE(piece.length, 4);
      return Buffer.concat([head, Buffer.from(piece)]);
    }),
  ]);
  return { model, tokenizer };
}
