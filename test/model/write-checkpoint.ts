import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TestTensor {
  shape: number[];
  values: Float32Array;
}
export type TestTensors = Record<string, TestTensor>;
export type TestType = 'F32' | 'F16' | 'BF16' | 'Q8_0' | 'Q4_0';

export const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), 'mugi-test-'));

/** Deterministic values, roughly normal with the given spread (sum of uniforms of a linear congruential generator). */
export function randomTensor(shape: number[], seed: number, spread = 0.3, mean = 0): TestTensor {
  let state = seed * 2654435761 + 12345;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const values = new Float32Array(shape.reduce((a, b) => a * b, 1));
  for (let i = 0; i < values.length; i++) values[i] = mean + spread * (next() + next() + next() - 1.5) * 2;
  return { shape, values };
}

export function halfBits(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (Number.isNaN(value)) return 0x7e00;
  if (size >= 65520) return sign | 0x7c00;
  if (size < 2 ** -14) return sign | roundEven(size * 2 ** 24);
  const exponent = Math.floor(Math.log2(size));
  return sign | (((exponent + 15) << 10) + roundEven((size / 2 ** exponent - 1) * 1024));
}

function roundEven(x: number): number {
  const low = Math.floor(x);
  const rest = x - low;
  return rest > 0.5 || (rest === 0.5 && low % 2 === 1) ? low + 1 : low;
}

/** Bytes of values in a stored type; block types as ggml's reference quantisers do it. */
export function encodeTensor(values: Float32Array, type: TestType): Uint8Array {
  if (type === 'F32') return new Uint8Array(values.slice().buffer);
  if (type === 'F16') return new Uint8Array(Uint16Array.from(values, halfBits).buffer);
  if (type === 'BF16') {
    const words = new Uint32Array(values.slice().buffer);
    return new Uint8Array(Uint16Array.from(words, (w) => (w + 0x7fff + ((w >>> 16) & 1)) >>> 16).buffer);
  }
  const size = type === 'Q8_0' ? 34 : 18;
  const out = new Uint8Array((values.length / 32) * size);
  for (let b = 0; b * 32 < values.length; b++) {
    const block = values.subarray(b * 32, b * 32 + 32);
    const extreme = block.reduce((a, v) => (Math.abs(v) > Math.abs(a) ? v : a), 0);
    const d = type === 'Q8_0' ? Math.abs(extreme) / 127 : extreme / -8;
    out.set([halfBits(d) & 255, halfBits(d) >> 8], b * size);
    for (let j = 0; j < 32; j++) {
      const q = d === 0 ? 0 : block[j] / d;
      if (type === 'Q8_0') out[b * size + 2 + j] = Math.round(q) & 255;
      else out[b * size + 2 + (j % 16)] |= Math.min(15, Math.floor(q + 8.5)) << (j < 16 ? 0 : 4);
    }
  }
  return out;
}

export function writeSafetensors(
  path: string,
  tensors: TestTensors,
  type: 'F32' | 'F16' | 'BF16' = 'F32',
): void {
  const header: Record<string, unknown> = { __metadata__: { format: 'pt' } };
  const parts: Uint8Array[] = [];
  let offset = 0;
  for (const [name, { shape, values }] of Object.entries(tensors)) {
    const bytes = encodeTensor(values, type);
    header[name] = { dtype: type, shape, data_offsets: [offset, offset + bytes.length] };
    offset += bytes.length;
    parts.push(bytes);
  }
  const json = Buffer.from(JSON.stringify(header));
  const padded = Buffer.concat([json, Buffer.alloc((8 - (json.length % 8)) % 8, ' ')]);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  writeFileSync(path, Buffer.concat([length, padded, ...parts]));
}

/** A Hugging Face folder of `config` and `tensors`; returns its path. */
export function writeFolder(
  config: object,
  tensors: TestTensors,
  type: 'F32' | 'F16' | 'BF16' = 'F32',
): string {
  const folder = temporaryFolder();
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
  writeSafetensors(join(folder, 'model.safetensors'), tensors, type);
  return folder;
}

export const SMALL_LLAMA = {
  model_type: 'llama',
  hidden_size: 32,
  intermediate_size: 64,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  head_dim: 8,
  vocab_size: 50,
  max_position_embeddings: 64,
  rms_norm_eps: 1e-5,
  hidden_act: 'silu',
  tie_word_embeddings: false,
};

export function smallLlama(): TestTensors {
  const tensors: TestTensors = {
    'model.embed_tokens.weight': randomTensor([50, 32], 1, 0.5),
    'lm_head.weight': randomTensor([50, 32], 2),
    'model.norm.weight': randomTensor([32], 3, 0.1, 1),
  };
  for (const layer of [0, 1]) {
    const at = `model.layers.${layer}`;
    const add = (name: string, shape: number[], mean = 0) => {
      tensors[`${at}.${name}.weight`] = randomTensor(shape, 10 + Object.keys(tensors).length, 0.3, mean);
    };
    add('input_layernorm', [32], 1);
    add('post_attention_layernorm', [32], 1);
    add('self_attn.q_proj', [32, 32]);
    add('self_attn.k_proj', [16, 32]);
    add('self_attn.v_proj', [16, 32]);
    add('self_attn.o_proj', [32, 32]);
    add('mlp.gate_proj', [64, 32]);
    add('mlp.up_proj', [64, 32]);
    add('mlp.down_proj', [32, 64]);
  }
  return tensors;
}
