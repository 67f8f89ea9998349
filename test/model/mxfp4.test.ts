import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openModel } from '../../src/model/load.ts';
import { random } from '../../src/number/random.ts';
import { exact } from './arithmetic.ts';
import { CASES } from './family-cases.ts';
import { D, L, V } from './family-shapes.ts';
import { randomTensor, type TestTensors, writeFolder } from './write-checkpoint.ts';

/** Sizes of whole blocks, unlike those of the other families' tests. */
const [WIDE, MIDDLE] = [64, 32];
const { type, config: own, shapes } = CASES.find((one) => one.type === 'gpt_oss')!;
const config = {
  hidden_size: WIDE,
  intermediate_size: MIDDLE,
  num_hidden_layers: L,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  head_dim: D,
  vocab_size: V,
  max_position_embeddings: 64,
  rms_norm_eps: 1e-5,
  tie_word_embeddings: false,
  model_type: type,
  ...own,
};
/** Sizes of the shared shapes, 32 and 40, in ours. */
const ours = (shape: readonly number[]): number[] =>
  shape.map((size) => ({ 32: WIDE, 40: MIDDLE, 80: 2 * MIDDLE })[size] ?? size);
/** Attention is as wide as its heads, whatever the hidden width. */
const heads = (name: string, shape: readonly number[]): number[] =>
  name.includes('q_proj')
    ? [4 * D, WIDE].slice(0, shape.length)
    : name.includes('o_proj')
      ? shape.length === 1
        ? [WIDE]
        : [WIDE, 4 * D]
      : ours(shape);

const E2M1 = [0, 0.5, 1, 1.5, 2, 3, 4, 6, 0, -0.5, -1, -1.5, -2, -3, -4, -6];

function checkpoint() {
  const uniform = random(9);
  const plain: TestTensors = {};
  const packed: Record<string, { dtype: string; shape: number[]; bytes: Uint8Array }> = {};
  for (const [i, [name, shape]] of Object.entries(shapes).entries()) {
    const size = heads(name, shape);
    if (!/experts\.(gate_up|down)_proj$/.test(name)) {
      plain[name] = randomTensor(size, 70 + i, 0.3, /norm/.test(name) ? 1 : 0);
      continue;
    }
    const [count, inputs, outputs] = size;
    const [groups, blocks] = [inputs / 32, new Uint8Array((count * outputs * inputs) / 2)];
    for (let b = 0; b < blocks.length; b++) blocks[b] = Math.floor(uniform() * 256);
    const scales = Uint8Array.from(
      { length: count * outputs * groups },
      () => 121 + Math.floor(uniform() * 5),
    );
    packed[`${name}_blocks`] = { dtype: 'U8', shape: [count, outputs, groups, 16], bytes: blocks };
    packed[`${name}_scales`] = { dtype: 'U8', shape: [count, outputs, groups], bytes: scales };
    // The same weights in FP32 and turned, as GPT-OSS has them unpacked.
    const values = new Float32Array(count * inputs * outputs);
    for (let e = 0; e < count; e++)
      for (let o = 0; o < outputs; o++)
        for (let k = 0; k < inputs; k++) {
          const at = (e * outputs + o) * inputs + k;
          const nibble = k % 2 === 0 ? blocks[at >> 1] % 16 : Math.floor(blocks[at >> 1] / 16);
          values[(e * inputs + k) * outputs + o] = E2M1[nibble] * 2 ** (scales[Math.floor(at / 32)] - 127);
        }
    plain[name] = { shape: size, values };
  }
  return { plain, packed };
}

/** A folder with some tensors replaced by those of other types. */
function withPacked(plain: TestTensors, packed: ReturnType<typeof checkpoint>['packed'], more = {}): string {
  const rest = Object.fromEntries(Object.entries(plain).filter(([name]) => !(`${name}_blocks` in packed)));
  const folder = writeFolder({ ...config, quantization_config: { quant_method: 'mxfp4' }, ...more }, rest);
  const path = join(folder, 'model.safetensors');
  const file = readFileSync(path);
  const end = 8 + Number(file.readBigUInt64LE(0));
  const header = JSON.parse(file.subarray(8, end).toString()) as Record<string, unknown>;
  let at = file.length - end;
  for (const [name, { dtype, shape, bytes }] of Object.entries(packed)) {
    header[name] = { dtype, shape, data_offsets: [at, at + bytes.length] };
    at += bytes.length;
  }
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  const parts = Object.values(packed).map(({ bytes }) => bytes);
  writeFileSync(path, Buffer.concat([length, json, file.subarray(end), ...parts]));
  return folder;
}

async function logits(folder: string): Promise<Float32Array> {
  const model = (await openModel(folder)).load();
  const ids = Int32Array.from([3, 1, 4, 1, 5, 9]);
  return model.logits(model.forward({ kind: 'tokens', ids, sequences: [{ rows: 6 }] }, exact), 0, 6);
}

describe('GPT-OSS in MXFP4', () => {
  it('computes what its unpacked weights do', async () => {
    const { plain, packed } = checkpoint();
    const [stored, unpacked] = [
      await logits(withPacked(plain, packed)),
      await logits(writeFolder(config, plain)),
    ];
    for (const [i, x] of unpacked.entries()) expect(stored[i]).toBeCloseTo(x, 4);
    expect(unpacked.some((x) => Math.abs(x) > 0.1)).toBe(true);
  });

  it('is refused for scales that are missing or misshapen, and for exponents that are NaN', async () => {
    const { plain, packed } = checkpoint();
    const name = Object.keys(packed).find((one) => one.endsWith('_scales'))!;
    const { [name]: scales, ...without } = packed;
    await expect(logits(withPacked(plain, without))).rejects.toThrow('blocks without scales');
    const [count, ...rest] = scales.shape;
    const flat = { ...scales, shape: [count * rest[0], ...rest.slice(1)] };
    await expect(logits(withPacked(plain, { ...packed, [name]: flat }))).rejects.toThrow('not supported');
    const bad = { ...scales, bytes: scales.bytes.map((x, i) => (i === 0 ? 255 : x)) };
    await expect(logits(withPacked(plain, { ...packed, [name]: bad }))).rejects.toThrow('NaN or infinity');
  });
});
