import { describe, expect, it } from 'vitest';
import { workloadFor } from '../../src/question/point.ts';
import { preset } from '../../src/published/preset.ts';
import type { DecoderStack } from '../../src/workload/model.ts';
import { macs } from '../../src/workload/operator.ts';
import { format, LLAMA_8B, MOE, read } from './stored.ts';
import { refusal } from '../refusal.ts';

/** Weights that one decode step of one sequence brings on chip, in Gbit, and what comes with them in scales. */
function step(model: ReturnType<typeof read>, weightBits?: number) {
  const use = { batch: 1, context: 2, prefill: 1, ...(weightBits === undefined ? {} : { weightBits }) };
  const { operators } = workloadFor(model, use, preset('corrected'));
  let [weights, scales] = [0, 0];
  for (const op of operators) {
    if (op.kind !== 'gemm' || op.operand !== 'weights' || op.phase !== 'decode') continue;
    const elements = macs(op) * op.layers;
    weights += elements * op.weightBits;
    scales += elements * (op.scaleBits ?? 0);
  }
  return { weights: weights / 1e9, scales: scales / 1e9 };
}

const fp8Dynamic = {
  quant_method: 'compressed-tensors',
  format: 'float-quantized',
  config_groups: {
    group_0: { targets: ['Linear'], weights: { num_bits: 8, type: 'float', strategy: 'channel' } },
  },
  ignore: ['lm_head'],
  kv_cache_scheme: null,
};

it('compressed-tensors: num_bits of the group, the ignored head at 16: 70.55 GB a step for 70 B', () => {
  const model = read(
    {
      ...LLAMA_8B,
      hidden_size: 8192,
      intermediate_size: 28_672,
      num_hidden_layers: 80,
      num_attention_heads: 64,
    },
    fp8Dynamic,
  );
  expect(model).toMatchObject({ weightBits: 8, kvBits: 16 });
  expect(format(model, 'logits')).toEqual({ bits: 16, scaleBits: 0 });
  expect(step(model).weights / 8).toBeCloseTo(70.55, 2);
  // Who asks for a width gets it everywhere.
  expect(step(model, 4).weights / 8).toBeCloseTo(34.75, 2);
});

it('GPTQ leaves the head at 16 bits unless lm_head is true: 36.3 Gbit a step, 8.4 of them in the head', () => {
  const gptq = { quant_method: 'gptq', bits: 4, group_size: 128, lm_head: false };
  expect(step(read(LLAMA_8B, gptq)).weights).toBeCloseTo(36.32, 2);
  expect(format(read(LLAMA_8B, gptq), 'q')).toEqual({ bits: 4, scaleBits: (16 + 4) / 128 });
  expect(step(read(LLAMA_8B, { ...gptq, lm_head: true })).weights).toBeCloseTo(30.02, 2);
  expect(format(read(LLAMA_8B, { ...gptq, group_size: -1 }), 'q')).toEqual({ bits: 4, scaleBits: 0 });
});

it('scales cross the chip’s edge: MLX at 8 bits with groups of 64 is 8.5, head included', () => {
  const model = read({ ...LLAMA_8B, quantization: { bits: 8, group_size: 64 } });
  expect(format(model, 'down')).toEqual({ bits: 8, scaleBits: 0.5 });
  expect(format(model, 'logits')).toEqual({ bits: 8, scaleBits: 0.5 });
  const { weights, scales } = step(model);
  expect(scales / weights).toBeCloseTo(0.5 / 8, 12);
});

it('MLX: modules of their own, and false for none', () => {
  const quantization = {
    bits: 4,
    group_size: 32,
    'model.layers.1.mlp.gate': { bits: 8, group_size: 64 },
    'model.layers.2.self_attn.q_proj': false,
    lm_head: { bits: 6, group_size: 64 },
  };
  const model = read({ ...MOE, quantization });
  expect(format(model, 'router')).toEqual({ bits: 4, scaleBits: 1 });
  expect(format(model, 'router', 1)).toEqual({ bits: 8, scaleBits: 0.5 });
  expect(format(model, 'q', 2)).toEqual({ bits: 16, scaleBits: 0 });
  expect(format(model, 'logits')).toEqual({ bits: 6, scaleBits: 0.5 });
});

it('AWQ, bitsandbytes, BitNet, HQQ, EXL2, torchao, AQLM', () => {
  const bits = (quantisation: object) => format(read(LLAMA_8B, quantisation), 'up');
  expect(bits({ quant_method: 'awq', w_bit: 3, q_group_size: 64 })).toEqual({ bits: 3, scaleBits: 19 / 64 });
  expect(bits({ load_in_4bit: true })).toEqual({ bits: 4, scaleBits: 0.5 });
  const double = { quant_method: 'bitsandbytes', load_in_4bit: true, bnb_4bit_use_double_quant: true };
  expect(bits(double)!.scaleBits).toBeCloseTo(0.127, 3);
  expect(bits({ quant_method: 'bitsandbytes', load_in_8bit: true })).toEqual({ bits: 8, scaleBits: 0 });
  expect(bits({ quant_method: 'bitnet' })).toEqual({ bits: 2, scaleBits: 0 });
  const hqq = { quant_method: 'hqq', quant_config: { weight_quant_params: { nbits: 4, group_size: 64 } } };
  expect(bits(hqq)).toEqual({ bits: 4, scaleBits: 0.5 });
  expect(bits({ quant_method: 'torchao', quant_type: 'int8_weight_only' })!.bits).toBe(8);
  const codebooks = { quant_method: 'aqlm', num_codebooks: 2, nbits_per_codebook: 8, in_group_size: 8 };
  expect(bits(codebooks)!.bits).toBe(2);
  const exl2 = read(LLAMA_8B, { quant_method: 'exl2', bits: 4.65, head_bits: 6 });
  expect(exl2.weightBits).toBe(4.65);
  expect(format(exl2, 'logits')).toEqual({ bits: 6, scaleBits: 0 });
});

describe('parts that are left out', () => {
  it('FP8: routers and the head always, listed modules besides', () => {
    const fp8 = {
      quant_method: 'fp8',
      weight_block_size: [128, 128],
      modules_to_not_convert: ['model.layers.0.self_attn', 'lm_head'],
    };
    const model = read(MOE, fp8);
    expect(format(model, 'expert-up')).toEqual({ bits: 8, scaleBits: 32 / 16_384 });
    expect(format(model, 'router')!.bits).toBe(16);
    expect([0, 1].map((layer) => format(model, 'q', layer)!.bits)).toEqual([16, 8]);
    // Layer 0 differs now, and is a run of its own.
    expect((model.stacks[0] as DecoderStack).layers.map(({ count }) => count)).toEqual([1, 2]);
  });

  it('MXFP4 covers the experts alone, 4.25 bits with their scales', () => {
    const model = read(MOE, { quant_method: 'mxfp4', modules_to_not_convert: ['model.layers.*.self_attn'] });
    expect(format(model, 'expert-down')).toEqual({ bits: 4, scaleBits: 0.25 });
    expect(['q', 'router', 'logits'].map((name) => format(model, name)!.bits)).toEqual([16, 16, 16]);
  });

  it('compressed-tensors: several groups, names, globs and expressions, ignored ones first', () => {
    const group = (num_bits: number, targets: string[], group_size?: number) => ({
      targets,
      weights: {
        num_bits,
        type: 'int',
        symmetric: true,
        ...(group_size ? { group_size, strategy: 'group' } : {}),
      },
    });
    const model = read(MOE, {
      quant_method: 'compressed-tensors',
      config_groups: {
        a: group(8, ['re:.*self_attn\\.(q|k|v)_proj$']),
        b: group(4, ['Linear'], 32),
        c: group(3, ['model.layers.1.self_attn.o_proj']),
      },
      ignore: ['lm_head', 're:.*mlp.gate$', 're:.*layers\\.2\\..*'],
      kv_cache_scheme: { num_bits: 8, type: 'float' },
    });
    expect(model.kvBits).toBe(8);
    expect(format(model, 'q')).toEqual({ bits: 8, scaleBits: 0 });
    expect(format(model, 'expert-gate')).toEqual({ bits: 4, scaleBits: 0.5 });
    expect([0, 1, 2].map((layer) => format(model, 'a', layer)!.bits)).toEqual([4, 3, 16]);
    expect([format(model, 'router')!.bits, format(model, 'logits')!.bits]).toEqual([16, 16]);
  });

  it('NVFP4 has a scale of 8 bits for 16 weights', () => {
    const weights = { num_bits: 4, type: 'float', strategy: 'tensor_group', group_size: 16 };
    const config_groups = { group_0: { targets: ['Linear'], weights } };
    const model = read(LLAMA_8B, {
      quant_method: 'compressed-tensors',
      format: 'nvfp4-pack-quantized',
      config_groups,
    });
    expect(format(model, 'up')).toEqual({ bits: 4, scaleBits: 0.5 });
  });
});

describe('ModelOpt', () => {
  const beside = (quantization: object) => ({ producer: { name: 'modelopt' }, quantization });

  it('reads hf_quant_config.json beside a plain config.json', () => {
    const hf = beside({ quant_algo: 'FP8', kv_cache_quant_algo: 'FP8', exclude_modules: ['lm_head'] });
    const model = read(LLAMA_8B, undefined, hf);
    expect(model).toMatchObject({ weightBits: 8, kvBits: 8 });
    expect(format(model, 'logits')!.bits).toBe(16);
  });

  it('mixes algorithms by module', () => {
    const quantized_layers = {
      'model.layers.0.self_attn.q_proj': { quant_algo: 'FP8' },
      'model.layers.0.mlp.experts': { quant_algo: 'NVFP4', group_size: 16 },
      'model.layers.1.mlp.experts.0.up_proj': { quant_algo: 'MXFP8' },
    };
    const model = read(MOE, undefined, beside({ quant_algo: 'MIXED_PRECISION', quantized_layers }));
    expect(format(model, 'q')).toEqual({ bits: 8, scaleBits: 0 });
    expect(format(model, 'expert-down')).toEqual({ bits: 4, scaleBits: 0.5 });
    expect(format(model, 'expert-up', 1)).toEqual({ bits: 8, scaleBits: 0.25 });
    expect(format(model, 'a')!.bits).toBe(16);
  });

  it('refuses an algorithm that it does not know', () => {
    const details = refusal(() => read(LLAMA_8B, undefined, beside({ quant_algo: 'FP7' })));
    expect(details).toMatchObject({
      path: 'hf_quant_config.json: quantization.quant_algo',
      received: '"FP7"',
    });
  });
});

it('says what was read and what is assumed', () => {
  expect(read(LLAMA_8B).notes!.join('\n')).toMatch(
    /states no quantisation: weights and KV cache take 4 bits/,
  );
  const notes = read(LLAMA_8B, fp8Dynamic).notes!.join('\n');
  expect(notes).toMatch(/\(compressed-tensors\): 8 bits in q, k, v, a, up, gate, down; 16 bits in logits/);
  expect(notes).toMatch(/keeps its KV cache in 16 bits/);
  const { kv_cache_scheme: _, ...silent } = fp8Dynamic;
  expect(read(LLAMA_8B, silent).notes!.join('\n')).toMatch(
    /says nothing of the KV cache: 4 bits are assumed/,
  );
});

it.each([
  [{ quant_method: 'gptqq', bits: 4 }, 'gptq'],
  [{ quant_method: 'constructor' }, undefined],
])('an unknown method is refused with the nearest: %o', (quantisation, near) => {
  const details = refusal(() => read(LLAMA_8B, quantisation));
  expect(details).toMatchObject({
    code: 'invalid-file',
    path: 'config.json: quantization_config.quant_method',
  });
  expect(details.nearest).toBe(near);
});

it.each(['(a+)+$', '(a|aa)*b', '.*.*.*.*x', `${'a'.repeat(500)}`, '(', 'a\\1'])(
  'a pattern that could stall its reader, or is none, is refused: %s',
  (pattern) => {
    const quantisation = { ...fp8Dynamic, ignore: [`re:${pattern}`] };
    expect(refusal(() => read(LLAMA_8B, quantisation)).message).toContain('pattern');
  },
);

it('more patterns than can be tried on so many layers are refused, not waited for', () => {
  const ignore = Array.from({ length: 2000 }, (_, i) => `model.*.${i}.mlp.up_proj`);
  const deep = { ...LLAMA_8B, num_hidden_layers: 10_000 };
  const details = refusal(() => read(deep, { ...fp8Dynamic, ignore }));
  expect(details).toMatchObject({ code: 'unsupported', path: 'config.json: quantization_config.ignore' });
});

it('a glob that begins with *. means modules at the top, too', () => {
  const model = read(LLAMA_8B, { ...fp8Dynamic, ignore: ['*.lm_head', '*.self_attn.*_proj'] });
  expect(['logits', 'q', 'a', 'up'].map((name) => format(model, name)!.bits)).toEqual([16, 16, 16, 8]);
});

describe('modules with settings of their own', () => {
  const gptq = { quant_method: 'gptq', bits: 4, group_size: 128 };

  it('GPTQModel’s dynamic: other widths, and modules that stay as they are, the first that holds', () => {
    const model = read(LLAMA_8B, {
      ...gptq,
      dynamic: {
        '-:.*layers\\.0\\..*': {},
        '+:.*down_proj': { bits: 8, group_size: 64 },
        '.*o_proj': { bits: 8 },
      },
    });
    expect(format(model, 'down', 0)).toEqual({ bits: 16, scaleBits: 0 });
    expect(format(model, 'down', 1)).toEqual({ bits: 8, scaleBits: 24 / 64 });
    expect(format(model, 'a', 31)).toEqual({ bits: 8, scaleBits: 24 / 128 });
    expect(format(model, 'q', 31)).toEqual({ bits: 4, scaleBits: 20 / 128 });
  });

  it('AutoRound’s extra_config, by name or expression', () => {
    const model = read(LLAMA_8B, {
      quant_method: 'auto-round',
      bits: 4,
      group_size: 128,
      extra_config: { 'model.layers.2.mlp.down_proj': { bits: 16 }, 'self_attn\\.(k|v)_proj': { bits: 8 } },
    });
    const { layers } = model.stacks[0] as DecoderStack;
    expect(layers.map(({ count, formats }) => [count, formats!.down.bits])).toEqual([
      [31, 4],
      [1, 16],
    ]);
    expect(['k', 'v', 'q'].map((name) => format(model, name)!.bits)).toEqual([8, 8, 4]);
  });
});

it.each([
  [{ quant_method: 'compressed-tensors', config_groups: { group_0: null } }],
  [
    {
      quant_method: 'modelopt',
      quant_algo: 'MIXED_PRECISION',
      quantized_layers: { 'model.layers.0.mlp.up_proj': null },
    },
  ],
  [{ quant_method: 'gptq', bits: 4, dynamic: { '+:.*down': null } }],
])('null in the place of settings is refused by name: %j', (config) => {
  expect(() => read(LLAMA_8B, config)).toThrow(/has an impossible value/);
});
