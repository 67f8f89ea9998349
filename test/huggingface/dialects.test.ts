import { describe, expect, it } from 'vitest';
import { format, LLAMA_8B, MOE, read } from './stored.ts';

/** Formats that libraries write less often, or wrote once. */

const plain = { bits: 16, scaleBits: 0 };

describe('MLX', () => {
  const affine = { bits: 4, group_size: 64 };

  it('writes its settings under two keys, without a method', () => {
    for (const config of [
      { ...LLAMA_8B, quantization: affine, quantization_config: affine },
      { ...LLAMA_8B, quantization_config: affine },
    ]) {
      const model = read(config);
      for (const name of ['up', 'logits']) expect(format(model, name)).toEqual({ bits: 4, scaleBits: 0.5 });
    }
  });

  it('mixes widths: experts by its own name, and a head that is the embedding', () => {
    const own = { 'model.layers.0.mlp.switch_mlp.down_proj': { bits: 8, group_size: 64 } };
    const model = read({ ...MOE, quantization: { ...affine, ...own } });
    expect([0, 1].map((layer) => format(model, 'expert-down', layer)!.bits)).toEqual([8, 4]);
    const embedding = { 'model.embed_tokens': { bits: 6, group_size: 64 } };
    const tied = { ...LLAMA_8B, tie_word_embeddings: true, quantization: { ...affine, ...embedding } };
    expect(format(read(tied), 'logits')!.bits).toBe(6);
    expect(format(read({ ...tied, tie_word_embeddings: false }), 'logits')!.bits).toBe(4);
  });

  it.each([
    ['nvfp4', 16],
    ['mxfp4', 32],
  ])('%s has a scale of 8 bits for %d weights', (mode, group) => {
    expect(format(read({ ...LLAMA_8B, quantization: { bits: 4, mode } }), 'up')!.scaleBits).toBe(8 / group);
  });
});

describe('the cache', () => {
  const fp8 = (kv_cache_scheme: unknown) => read(LLAMA_8B, { quant_method: 'fp8', kv_cache_scheme });
  it('of AutoFP8 and compressed-tensors', () => {
    expect([fp8('static').kvBits, fp8(null).kvBits, fp8({ num_bits: 4 }).kvBits]).toEqual([8, 16, 4]);
    expect(read(LLAMA_8B, { quant_method: 'fp8' }).kvBits).toBeUndefined();
    expect(() => fp8('often')).toThrow(/kv_cache_scheme/);
  });

  it.each([
    ['FP8', 8],
    ['INT8', 8],
    ['NVFP4', 4],
    ['none', 16],
    [null, 16],
  ])('of ModelOpt: %s', (kv_cache_quant_algo, bits) => {
    const beside = { quantization: { quant_algo: 'FP8', kv_cache_quant_algo } };
    expect(read(LLAMA_8B, undefined, beside).kvBits).toBe(bits);
  });

  it('may be all that ModelOpt quantises', () => {
    const model = read(LLAMA_8B, undefined, {
      quantization: { quant_algo: null, kv_cache_quant_algo: 'FP8' },
    });
    expect(model.kvBits).toBe(8);
    expect(['up', 'logits'].map((name) => format(model, name))).toEqual([plain, plain]);
    expect(() => read(LLAMA_8B, { quant_method: 'modelopt' })).toThrow(/"quant_algo" is missing/);
  });
});

it('GPTQ of some modules of a block leaves the others; AWQ may do without zero points, and name a layer with a dot', () => {
  const gptq = { quant_method: 'gptq', bits: 4, group_size: 128 };
  const some = read(LLAMA_8B, {
    ...gptq,
    modules_in_block_to_quantize: [['self_attn.q_proj', 'self_attn.k_proj'], ['mlp.up_proj']],
  });
  expect(['q', 'k', 'v', 'up', 'down'].map((name) => format(some, name)!.bits)).toEqual([4, 4, 16, 4, 16]);
  const awq = { quant_method: 'awq', bits: 4, group_size: 128, zero_point: false };
  const layers = read(LLAMA_8B, { ...awq, modules_to_not_convert: ['model.layers.0.'] });
  expect([0, 1].map((layer) => format(layers, 'q', layer))).toEqual([
    plain,
    { bits: 4, scaleBits: 16 / 128 },
  ]);
  const old = read(LLAMA_8B, { zero_point: true, q_group_size: 64, w_bit: 4, version: 'GEMM' });
  expect(format(old, 'up')).toEqual({ bits: 4, scaleBits: 20 / 64 });
  const mx = read(LLAMA_8B, { quant_method: 'auto-round', bits: 4, group_size: 32, data_type: 'mx_fp' });
  expect(format(mx, 'up')).toEqual({ bits: 4, scaleBits: 8 / 32 });
});

it('compressed-tensors: a block in words, and zeros that are said to be counted', () => {
  const weights = { num_bits: 8, type: 'float', strategy: 'block', block_structure: '128x128' };
  const groups = { config_groups: { a: { targets: ['Linear'], weights } } };
  const model = read(LLAMA_8B, { quant_method: 'compressed-tensors', ...groups });
  expect(format(model, 'up')).toEqual({ bits: 8, scaleBits: 16 / 128 ** 2 });
  const sparsity_config = { format: 'sparse-24-bitmask', sparsity_structure: '2:4' };
  for (const more of [groups, { config_groups: null }]) {
    const sparse = read(LLAMA_8B, { quant_method: 'compressed-tensors', ...more, sparsity_config });
    expect(sparse.notes!.join('\n')).toMatch(/zeros of the file \(sparsity 2:4\) are stored and computed/);
  }
});

describe('torchao: the width of weights, not of activations', () => {
  const of = (quant_type: unknown, more: object = {}) =>
    read(LLAMA_8B, { quant_method: 'torchao', quant_type, ...more });

  it.each([
    ['int8_dynamic_activation_int4_weight', 4, 16 / 32],
    ['int8_dynamic_activation_int8_weight', 8, 0],
    ['int4_weight_only', 4, 32 / 128],
    ['float8_dynamic_activation_float8_weight', 8, 0],
    [{ default: { _type: 'Int8DynamicActivationInt4WeightConfig', _data: { group_size: 64 } } }, 4, 16 / 64],
    [
      { default: { _type: 'Float8DynamicActivationInt4WeightConfig', _data: { group_size: 128 } } },
      4,
      16 / 128,
    ],
  ])('%j', (type, bits, scaleBits) => {
    expect(format(of(type), 'up')).toEqual({ bits, scaleBits });
  });

  it('modules by name', () => {
    const linear = {
      _type: 'Int8DynamicActivationIntxWeightConfig',
      _data: {
        weight_dtype: { _type: 'torch.dtype', _data: 'int4' },
        weight_granularity: { _type: 'PerGroup', _data: { group_size: 32 } },
      },
    };
    const head = {
      _type: 'IntxWeightOnlyConfig',
      _data: {
        weight_dtype: { _type: 'torch.dtype', _data: 'int8' },
        granularity: { _type: 'PerAxis', _data: { axis: 0 } },
      },
    };
    const types = { _default: linear, lm_head: head, 'model.layers.0.mlp.up_proj': null };
    const model = of({
      default: { _type: 'ModuleFqnToConfig', _data: { module_fqn_to_config: types } },
    });
    expect(format(model, 'up')).toEqual(plain);
    expect(format(model, 'up', 1)).toEqual({ bits: 4, scaleBits: 0.5 });
    expect(format(model, 'logits')).toEqual({ bits: 8, scaleBits: 0 });
  });

  it('a type without a width is refused by name', () => {
    expect(() => of('autoquant')).toThrow(/"quant_type" has an impossible value/);
    // A nest that is deeper than the stack.
    const nest = JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`) as unknown;
    expect(() => of({ nest })).toThrow(/"quant_type" has an impossible value/);
  });
});

it('Quark: FP8 with its cache, FP4 in groups of 32, layers that are excluded', () => {
  const fp8 = { dtype: 'fp8_e4m3', qscheme: 'per_tensor' };
  const model = read(LLAMA_8B, {
    quant_method: 'quark',
    global_quant_config: { weight: fp8, input_tensors: fp8 },
    layer_quant_config: { '*k_proj': { weight: fp8, output_tensors: fp8 } },
    exclude: ['lm_head'],
  });
  expect(model).toMatchObject({ weightBits: 8, kvBits: 8 });
  expect(format(model, 'logits')).toEqual(plain);
  const weight = { dtype: 'fp4', qscheme: 'per_group', group_size: 32, scale_format: 'e8m0' };
  const fp4 = read(MOE, {
    quant_method: 'quark',
    global_quant_config: { weight },
    exclude: ['lm_head', '*self_attn*'],
  });
  expect(format(fp4, 'expert-up')).toEqual({ bits: 4, scaleBits: 0.25 });
  expect(['q', 'router', 'logits'].map((name) => format(fp4, name))).toEqual([plain, plain, plain]);
});

it('a quantisation without anything in it is refused by the key that it lacks', () => {
  expect(() => read(LLAMA_8B, {})).toThrow(/"quant_method" is missing/);
});
