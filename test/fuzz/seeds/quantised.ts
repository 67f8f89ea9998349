/** A small Llama in each dialect of quantisation, as their libraries write it: config.json, and what may lie beside it. */

const LLAMA = {
  model_type: 'llama',
  hidden_size: 512,
  intermediate_size: 1024,
  num_hidden_layers: 3,
  num_attention_heads: 8,
  num_key_value_heads: 4,
  vocab_size: 1000,
  max_position_embeddings: 4096,
  hidden_act: 'silu',
};

const GROUP = {
  targets: ['Linear'],
  weights: { num_bits: 8, type: 'float', symmetric: true, strategy: 'channel', group_size: null },
  input_activations: { num_bits: 8, type: 'float', dynamic: true },
};

const CONFIGS: readonly object[] = [
  {
    quant_method: 'compressed-tensors',
    ignore: ['lm_head', 're:.*mlp.gate_proj'],
    config_groups: {
      group_0: GROUP,
      group_1: {
        ...GROUP,
        targets: ['re:model.layers.[01].self_attn.*'],
        weights: { num_bits: 4, group_size: 128 },
      },
    },
    kv_cache_scheme: { num_bits: 8, type: 'float' },
  },
  {
    quant_method: 'gptq',
    bits: 4,
    group_size: 128,
    sym: false,
    lm_head: false,
    dynamic: { '-:.*down_proj': {} },
  },
  { quant_method: 'awq', bits: 4, group_size: 64, zero_point: true, modules_to_not_convert: ['q_proj'] },
  { quant_method: 'fp8', weight_block_size: [128, 128], modules_to_not_convert: ['lm_head'] },
  {
    quant_method: 'bitsandbytes',
    load_in_4bit: true,
    bnb_4bit_quant_type: 'nf4',
    llm_int8_skip_modules: null,
  },
  { quant_method: 'hqq', quant_config: { weight_quant_params: { nbits: 4, group_size: 64 } } },
  { quant_method: 'exl2', bits: 4.65, head_bits: 6 },
  {
    quant_method: 'gptq',
    bits: 4,
    group_size: 64,
    modules_in_block_to_quantize: [['self_attn.q_proj'], ['mlp.up_proj']],
  },
  {
    quant_method: 'torchao',
    quant_type: {
      default: {
        _type: 'ModuleFqnToConfig',
        _data: {
          module_fqn_to_config: {
            _default: {
              _type: 'Int8DynamicActivationIntxWeightConfig',
              _data: { weight_dtype: { _data: 'int4' }, weight_granularity: { _data: { group_size: 32 } } },
            },
            lm_head: { _type: 'Float8WeightOnlyConfig', _data: {} },
          },
        },
      },
    },
  },
  { quant_method: 'torchao', quant_type: 'int4_weight_only', quant_type_kwargs: { group_size: 64 } },
  {
    quant_method: 'quark',
    global_quant_config: { weight: { dtype: 'fp4', qscheme: 'per_group', group_size: 32 } },
    layer_quant_config: {
      '*k_proj': { weight: [{ dtype: 'fp8_e4m3' }], output_tensors: { dtype: 'fp8_e4m3' } },
    },
    exclude: ['lm_head', '*gate_proj'],
  },
  { quant_method: 'fp8', kv_cache_scheme: 'static' },
  {
    quant_method: 'compressed-tensors',
    config_groups: {
      a: { targets: ['Linear'], weights: { num_bits: 8, strategy: 'block', block_structure: '128x128' } },
    },
    sparsity_config: { format: 'sparse-24-bitmask', sparsity_structure: '2:4' },
  },
  { quant_method: 'bitnet', modules_to_not_convert: ['lm_head'] },
  { quant_method: 'mxfp4', modules_to_not_convert: ['model.layers.*.self_attn', 'lm_head'] },
  {
    quant_method: 'gguf',
    modules: { 'mlp.up_proj': [{ layers: 3, bits: 4, scale_bits: 0.5 }] },
    lm_head: { bits: 6, scale_bits: 0.5625 },
  },
];

/** Files of a folder, by name. */
export const QUANTISED: readonly Readonly<Record<string, string>>[] = [
  ...CONFIGS.map((config) => ({ 'config.json': JSON.stringify({ ...LLAMA, quantization_config: config }) })),
  {
    'config.json': JSON.stringify({
      ...LLAMA,
      quantization: { bits: 8, group_size: 64, 'model.layers.0': false },
    }),
  },
  {
    'config.json': JSON.stringify(LLAMA),
    'hf_quant_config.json': JSON.stringify({
      producer: { name: 'modelopt', version: '0.29.0' },
      quantization: {
        quant_algo: 'MIXED_PRECISION',
        kv_cache_quant_algo: 'FP8',
        exclude_modules: ['lm_head', '*.o_proj'],
        quantized_layers: {
          'model.layers.0.self_attn.q_proj': { quant_algo: 'FP8' },
          'model.layers.1.mlp.up_proj': { quant_algo: 'NVFP4', group_size: 16 },
        },
      },
    }),
  },
];
