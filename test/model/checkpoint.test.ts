import { copyFileSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MugiError } from '../../src/errors.ts';
import { openModel } from '../../src/model/load.ts';
import { expand } from '../../src/model/format/stored-type.ts';
import { exact } from './arithmetic.ts';
import {
  encodeTensor,
  randomTensor,
  SMALL_LLAMA,
  smallLlama,
  writeFolder,
  writeSafetensors,
} from './write-checkpoint.ts';

async function logitsOf(path: string): Promise<Float32Array> {
  const model = (await openModel(path)).load();
  const ids = Int32Array.from([3, 1, 4, 1, 5, 9, 2, 6]);
  return model.logits(model.forward({ kind: 'tokens', ids, sequences: [{ rows: 8 }] }, exact), 0, 8);
}

async function refusal(open: () => Promise<unknown>): Promise<string> {
  try {
    await open();
  } catch (error) {
    if (!(error instanceof MugiError)) throw error;
    const { message, path, expected, nearest } = error.details;
    return [path, message, expected, nearest].join(' | ');
  }
  throw new Error('was not refused');
}

const load = (folder: string) => async () => (await openModel(folder)).load();

describe('stored types', () => {
  it('expand to the nearest representable values', () => {
    const { values } = randomTensor([4, 64], 7, 2);
    const out = new Float32Array(values.length);
    const relative = { F32: 0, BF16: 2 ** -8, F16: 2 ** -11 } as const;
    for (const type of ['F32', 'BF16', 'F16'] as const) {
      expand(type, encodeTensor(values, type), 0, values.length, out);
      for (let i = 0; i < out.length; i++) {
        expect(Math.abs(out[i] - values[i])).toBeLessThanOrEqual(relative[type] * Math.abs(values[i]));
      }
    }
    for (const [type, steps] of [
      ['Q8_0', 127],
      ['Q4_0', 8],
    ] as const) {
      expand(type, encodeTensor(values, type), 0, values.length, out);
      for (let b = 0; b < values.length; b += 32) {
        const peak = Math.max(...values.subarray(b, b + 32).map(Math.abs));
        // Half a step, one whole step at the side of Q4_0 that has no −(−8); rounding of the scale to F16 adds up to 127 · 2⁻¹¹.
        const limit = (peak / steps) * (type === 'Q4_0' ? 1.01 : 0.57);
        for (let i = b; i < b + 32; i++) expect(Math.abs(out[i] - values[i])).toBeLessThanOrEqual(limit);
      }
    }
  });

  it('expand half-precision corner values exactly', () => {
    const out = new Float32Array(4);
    expand('F16', new Uint8Array(Uint16Array.of(0x0001, 0x7bff, 0x8400, 0x3c01).buffer), 0, 4, out);
    expect([...out]).toEqual([2 ** -24, 65504, -(2 ** -14), 1 + 2 ** -10]);
  });
});

describe('a Hugging Face folder', () => {
  it('gives the same logits from one file, from shards, and nearly so from 16-bit weights', async () => {
    const whole = writeFolder(SMALL_LLAMA, smallLlama());
    const expected = await logitsOf(whole);
    const sharded = writeFolder(SMALL_LLAMA, {});
    rmSync(join(sharded, 'model.safetensors'));
    const entries = Object.entries(smallLlama());
    const halves = [entries.slice(0, 9), entries.slice(9)];
    const map = halves.flatMap((half, i) => half.map(([name]) => [name, `part-${i}.safetensors`]));
    for (const [i, half] of halves.entries()) {
      writeSafetensors(join(sharded, `part-${i}.safetensors`), Object.fromEntries(half));
    }
    writeFileSync(
      join(sharded, 'model.safetensors.index.json'),
      JSON.stringify({ weight_map: Object.fromEntries(map) }),
    );
    expect(await logitsOf(sharded)).toEqual(expected);
    for (const [type, limit] of [
      ['F16', 0.02],
      ['BF16', 0.15],
    ] as const) {
      const logits = await logitsOf(writeFolder(SMALL_LLAMA, smallLlama(), type));
      const worst = logits.reduce((max, x, i) => Math.max(max, Math.abs(x - expected[i])), 0);
      expect(worst).toBeGreaterThan(0);
      expect(worst).toBeLessThan(limit);
    }
  });

  it('computes what Qwen2 and Llama 3.1 add: q, k, v biases and rescaled rotary waves', async () => {
    const base = await logitsOf(writeFolder(SMALL_LLAMA, smallLlama()));
    const tensors = smallLlama();
    for (const layer of [0, 1]) {
      for (const [name, size] of [
        ['q', 32],
        ['k', 16],
        ['v', 16],
      ] as const) {
        tensors[`model.layers.${layer}.self_attn.${name}_proj.bias`] = {
          shape: [size],
          values: new Float32Array(size),
        };
      }
    }
    const qwen = { ...SMALL_LLAMA, model_type: 'qwen2', use_sliding_window: false, sliding_window: 4 };
    expect(await logitsOf(writeFolder(qwen, tensors))).toEqual(base);
    tensors['model.layers.1.self_attn.v_proj.bias'].values.fill(0.5);
    expect(await logitsOf(writeFolder(qwen, tensors))).not.toEqual(base);
    const scaling = {
      rope_type: 'llama3',
      factor: 8,
      low_freq_factor: 1,
      high_freq_factor: 4,
      original_max_position_embeddings: 16,
    };
    expect(await logitsOf(writeFolder({ ...SMALL_LLAMA, rope_scaling: scaling }, smallLlama()))).not.toEqual(
      base,
    );
  });

  it('reads rope_parameters of transformers 5 as rope_theta and rope_scaling before it', async () => {
    const logits = (config: object) => logitsOf(writeFolder({ ...SMALL_LLAMA, ...config }, smallLlama()));
    const theta = await logits({ rope_theta: 500 });
    expect(theta).not.toEqual(await logits({}));
    expect(await logits({ rope_parameters: { rope_type: 'default', rope_theta: 500 } })).toEqual(theta);
    expect(await logits({ rope_parameters: { rope_theta: 500 }, rope_scaling: null })).toEqual(theta);
    expect(await logits({ rope_theta: 500, rope_parameters: { rope_type: 'default' } })).toEqual(theta);
    expect(await logits({ rope_theta: 500, rope_interleaved: false, partial_rotary_factor: 1 })).toEqual(
      theta,
    );
    const scaling = { rope_type: 'linear', factor: 4 };
    expect(await logits({ rope_parameters: { ...scaling, rope_theta: 500 } })).toEqual(
      await logits({ rope_theta: 500, rope_scaling: scaling }),
    );
  });

  it.each(['F8_E4M3', 'F64', 'I8'])('with a tensor in %s says so', async (dtype) => {
    const folder = writeFolder(SMALL_LLAMA, smallLlama());
    const path = join(folder, 'model.safetensors');
    const whole = readFileSync(path);
    const length = Number(whole.readBigUInt64LE(0));
    const header = JSON.parse(whole.toString('utf8', 8, 8 + length)) as Record<string, object>;
    header['model.layers.1.mlp.up_proj.weight'] = {
      ...header['model.layers.1.mlp.up_proj.weight'],
      dtype,
      shape: dtype === 'F64' ? [32, 32] : [256, 32],
    };
    const text = Buffer.from(JSON.stringify(header));
    const size = Buffer.alloc(8);
    size.writeBigUInt64LE(BigInt(text.length));
    writeFileSync(path, Buffer.concat([size, text, whole.subarray(8 + length)]));
    expect(await refusal(load(folder))).toMatch(
      dtype === 'F64'
        ? /tensor model.layers.1.mlp.up_proj.weight is stored as F64, which is not supported \| F32, F16 or BF16/
        : /tensor model.layers.1.mlp.up_proj.weight is stored in a way that is not supported: \[256, 32\]/,
    );
  });

  it('tells of every byte of its weights once as it comes out of the files, held as stored or in INT4', async () => {
    const tensors = smallLlama();
    const all = Object.values(tensors).reduce((sum, { values }) => sum + values.byteLength, 0);
    const int4 = { type: 'int4', group: 32 } as const;
    for (const holding of [undefined, { layers: () => int4, head: int4 }]) {
      const opened = await openModel(writeFolder(SMALL_LLAMA, tensors));
      let read = 0;
      opened.load(holding, (bytes) => (read += bytes));
      expect(read).toBe(all);
    }
  });

  it('in shards takes each tensor from the shard that the index names', async () => {
    const folder = writeFolder(SMALL_LLAMA, {});
    rmSync(join(folder, 'model.safetensors'));
    const index = (map: Record<string, string>) => {
      writeFileSync(join(folder, 'model.safetensors.index.json'), JSON.stringify({ weight_map: map }));
    };
    index({});
    expect(await refusal(load(folder))).toMatch(/index\.json \| weight_map is empty/);
    const { 'lm_head.weight': head, ...rest } = smallLlama();
    const stale = { 'lm_head.weight': randomTensor([50, 32], 99) };
    writeSafetensors(join(folder, 'a.safetensors'), { 'lm_head.weight': head! });
    writeSafetensors(join(folder, 'b.safetensors'), { ...rest, ...stale });
    const map = Object.fromEntries(Object.keys(rest).map((name) => [name, 'b.safetensors']));
    index({ ...map, 'lm_head.weight': 'a.safetensors' });
    expect(await logitsOf(folder)).toEqual(await logitsOf(writeFolder(SMALL_LLAMA, smallLlama())));
    index({ ...map, 'lm_head.weight': 'a.safetensors', 'model.norm.weight': 'a.safetensors' });
    expect(await refusal(load(folder))).toMatch(
      /a\.safetensors \| tensor model\.norm\.weight is not in a\.safetensors/,
    );
  });

  it('is refused by name when it is broken', async () => {
    const missing = smallLlama();
    delete missing['model.layers.1.mlp.up_proj.weight'];
    expect(await refusal(load(writeFolder(SMALL_LLAMA, missing)))).toMatch(
      /model\.safetensors \| tensor model\.layers\.1\.mlp\.up_proj\.weight is missing/,
    );
    const shape = { ...SMALL_LLAMA, intermediate_size: 65 };
    expect(await refusal(load(writeFolder(shape, smallLlama())))).toMatch(
      /gate_proj.*wrong shape.*\[65, 32\]/,
    );
    const nan = smallLlama();
    nan['model.layers.0.self_attn.q_proj.weight'].values[17] = Number.NaN;
    expect(await refusal(load(writeFolder(SMALL_LLAMA, nan)))).toMatch(
      /q_proj.*NaN or infinity \(first at element 17\)/,
    );
    for (const type of ['F16', 'BF16'] as const) {
      expect(await refusal(load(writeFolder(SMALL_LLAMA, nan, type)))).toMatch(/element 17/);
    }
    const cut = writeFolder(SMALL_LLAMA, smallLlama());
    for (const size of [5, 100, 20_000]) {
      copyFileSync(join(cut, 'model.safetensors'), join(cut, 'whole'));
      truncateSync(join(cut, 'model.safetensors'), size);
      expect(await refusal(load(cut))).toMatch(/truncated.*at least \d+ bytes/);
      copyFileSync(join(cut, 'whole'), join(cut, 'model.safetensors'));
    }
    writeFileSync(join(cut, 'model.safetensors'), 'this is no checkpoint, only a sentence');
    expect(await refusal(load(cut))).toMatch(/not a safetensors header/);
    rmSync(join(cut, 'model.safetensors'));
    expect(await refusal(load(cut))).toMatch(/no weights/);
  });

  it.each([
    [{ ...SMALL_LLAMA, model_type: 'lama' }, /model_type \| models of type "lama" are not read.*llama$/],
    [{ ...SMALL_LLAMA, hidden_act: 'sillu' }, /hidden_act \| "hidden_act" has an impossible value.*silu$/],
    [{ ...SMALL_LLAMA, num_key_value_heads: 3 }, /num_key_value_heads.*a divisor of num_attention_heads = 4/],
    // Transformers' default of the family, which the tensor contradicts.
    [{ ...SMALL_LLAMA, vocab_size: undefined }, /embed_tokens\.weight has the wrong shape.*32000/],
    [{ ...SMALL_LLAMA, vocab_size: null }, /config\.json: vocab_size/],
    [{ ...SMALL_LLAMA, model_type: 'constructor' }, /models of type "constructor" are not read/],
    [{ ...SMALL_LLAMA, rope_scaling: { type: 'dynamic', factor: 2 } }, /rope_type = "dynamic"/],
    [
      { ...SMALL_LLAMA, rope_parameters: { rope_type: 'yarn', rope_theta: 500, factor: -2 } },
      /rope_parameters of type "yarn" needs a positive factor/,
    ],
    [
      { ...SMALL_LLAMA, rope_scaling: { type: 'longrope', short_factor: [1, 2, 3], long_factor: [1] } },
      /"longrope" needs 4 positive numbers in short_factor/,
    ],
    [{ ...SMALL_LLAMA, rope_parameters: { rope_theta: -1 } }, /json: rope_parameters\.rope_theta/],
    [{ ...SMALL_LLAMA, rope_parameters: 7 }, /json: rope_parameters.*an object/],
    [{ ...SMALL_LLAMA, rope_local_base_freq: 1e4 }, /json: rope_local_base_freq.*= 10000/],
    [{ ...SMALL_LLAMA, rope_interleaved: true }, /rope_interleaved = true/],
    [{ ...SMALL_LLAMA, partial_rotary_factor: 0.375 }, /partial_rotary_factor = 3 elements/],
    [{ ...SMALL_LLAMA, model_type: 'falcon', alibi: true }, /"falcon" is read for workloads.*not run/],
    [{ ...SMALL_LLAMA, architectures: ['LlamaForSequenceClassification'] }, /architectures = LlamaForSeq/],
    [{ ...SMALL_LLAMA, use_bidirectional_attention: true }, /both ways|use_bidirectional_attention = true/],
    [{ ...SMALL_LLAMA, model_type: 'minicpm' }, /"minicpm" is read for workloads.*not run/],
    [{ ...SMALL_LLAMA, bos_token_id: 50 }, /json: bos_token_id.*outside the vocabulary.*0 to 49/],
    [{ ...SMALL_LLAMA, eos_token_id: [2, -1] }, /json: eos_token_id.*-1 is outside/],
    [{ ...SMALL_LLAMA, quantization_config: { quant_method: 'hqq' } }, /quantization_config = hqq/],
    [{ hidden_size: 32 }, /model_type is missing/],
  ])('refuses a configuration that the engine does not support: %#', async (config, message) => {
    expect(await refusal(load(writeFolder(config, smallLlama())))).toMatch(message);
  });

  it('that does not exist is refused, with the embedded models as advice', async () => {
    expect(await refusal(load('mugi-tny'))).toMatch(/no such model.*\| mugi-tiny$/);
  });
});

it('embedded weights are the files their README names', async () => {
  const { createHash } = await import('node:crypto');
  for (const name of ['mugi-tiny', 'mugi-tiny-gelu', 'vit-mnist-gelu']) {
    const { path } = await openModel(name);
    const sum = createHash('sha256')
      .update(readFileSync(join(path, 'model.safetensors')))
      .digest('hex');
    expect(readFileSync(join(path, 'README.md'), 'utf8')).toContain(sum);
  }
});
