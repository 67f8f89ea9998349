import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  encodeTensor,
  smallLlama,
  type TestTensors,
  type TestType,
  temporaryFolder,
} from './write-checkpoint.ts';

const TYPE_NUMBER = { F32: 0, F16: 1, Q4_0: 2, Q8_0: 8, BF16: 30 } as const;
const NAMES: [string, string][] = [
  ['model.embed_tokens', 'token_embd'],
  ['model.norm', 'output_norm'],
  ['lm_head', 'output'],
  ['input_layernorm', 'attn_norm'],
  ['self_attn.q_proj', 'attn_q'],
  ['self_attn.k_proj', 'attn_k'],
  ['self_attn.v_proj', 'attn_v'],
  ['self_attn.o_proj', 'attn_output'],
  ['post_attention_layernorm', 'ffn_norm'],
  ['mlp.gate_proj', 'ffn_gate'],
  ['mlp.up_proj', 'ffn_up'],
  ['mlp.down_proj', 'ffn_down'],
  ['model.layers', 'blk'],
];

export type Value =
  | string
  | number
  | { float: number }
  | { bool: boolean }
  | string[]
  | { floats: number[] }
  | { ints: number[] };

const padded = (x: number) => Math.ceil(x / 32) * 32;

export class Writer {
  parts: Buffer[] = [];
  u32 = (x: number) => this.raw(4, (b) => b.writeUInt32LE(x));
  u64 = (x: number) => this.raw(8, (b) => b.writeBigUInt64LE(BigInt(x)));
  f32 = (x: number) => this.raw(4, (b) => b.writeFloatLE(x));
  text(x: string) {
    this.u64(Buffer.byteLength(x));
    this.parts.push(Buffer.from(x));
  }
  raw(size: number, fill: (b: Buffer) => void) {
    const b = Buffer.alloc(size);
    fill(b);
    this.parts.push(b);
  }
  value(x: Value) {
    if (typeof x === 'string') {
      this.u32(8);
      this.text(x);
    } else if (typeof x === 'number') {
      this.u32(4);
      this.u32(x);
    } else if (Array.isArray(x)) {
      this.u32(9);
      this.u32(8);
      this.u64(x.length);
      for (const item of x) this.text(item);
    } else if ('bool' in x) {
      this.u32(7);
      this.raw(1, (b) => b.writeUInt8(Number(x.bool)));
    } else if ('float' in x) {
      this.u32(6);
      this.f32(x.float);
    } else {
      const items = 'floats' in x ? x.floats : x.ints;
      this.u32(9);
      this.u32('floats' in x ? 6 : 5);
      this.u64(items.length);
      for (const item of items) ('floats' in x ? this.f32 : this.u32)(item);
    }
  }
}

export const METADATA: Record<string, Value> = {
  'general.architecture': 'llama',
  'llama.block_count': 2,
  'llama.embedding_length': 32,
  'llama.feed_forward_length': 64,
  'llama.attention.head_count': 4,
  'llama.attention.head_count_kv': 2,
  'llama.attention.layer_norm_rms_epsilon': { float: 1e-5 },
  'llama.context_length': 64,
  'llama.rope.freq_base': { float: 10_000 },
};

/** llama.cpp's order of q and k rows: dimensions i and i + size/2 of a head become neighbours. */
function interleave(values: Float32Array, rows: number, columns: number): Float32Array {
  const out = new Float32Array(values.length);
  for (let r = 0; r < rows; r++) {
    const [head, i] = [Math.floor(r / 8), r % 8];
    const to = head * 8 + (i < 4 ? 2 * i : 2 * (i - 4) + 1);
    out.set(values.subarray(r * columns, (r + 1) * columns), to * columns);
  }
  return out;
}

interface WriteOptions {
  path?: string;
  /** Whether a tensor, by its Hugging Face name, goes into this file. */
  keep?: (name: string) => boolean;
}

/** A GGUF file of the small Llama, with `more` tensors. */
export function writeGguf(
  type: TestType,
  metadata: Record<string, Value> = METADATA,
  more: TestTensors = {},
  { path = join(temporaryFolder(), 'small.gguf'), keep = () => true }: WriteOptions = {},
): string {
  const w = new Writer();
  const all = Object.entries({ ...smallLlama(), ...more }).filter(([name]) => keep(name));
  const tensors = all.map(([name, { shape, values }]) => {
    const rope = /q_proj|k_proj/.test(name);
    const stored = rope ? interleave(values, shape[0], shape[1]) : values;
    const kind = shape.length === 1 ? 'F32' : type;
    const gguf = NAMES.reduce((n, [from, to]) => n.replace(from, to), name);
    return { name: gguf, shape, kind, bytes: encodeTensor(stored, kind) };
  });
  w.parts.push(Buffer.from('GGUF'));
  w.u32(3);
  w.u64(tensors.length);
  w.u64(Object.keys(metadata).length);
  for (const [key, value] of Object.entries(metadata)) {
    w.text(key);
    w.value(value);
  }
  let offset = 0;
  for (const { name, shape, kind, bytes } of tensors) {
    w.text(name);
    w.u32(shape.length);
    for (const size of shape.toReversed()) w.u64(size);
    w.u32(TYPE_NUMBER[kind]);
    w.u64(offset);
    offset += padded(bytes.length);
  }
  const header = Buffer.concat(w.parts);
  const data = tensors.map(({ bytes }) =>
    Buffer.concat([bytes, Buffer.alloc(padded(bytes.length) - bytes.length)]),
  );
  writeFileSync(path, Buffer.concat([header, Buffer.alloc(padded(header.length) - header.length), ...data]));
  return path;
}
