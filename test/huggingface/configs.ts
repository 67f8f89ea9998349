import { workloadFor } from '../../src/question/point.ts';
import { preset } from '../../src/published/preset.ts';
import { modelFromConfig } from '../../src/workload/hf-config.ts';
import type { ModelShape } from '../../src/workload/model.ts';
import { parameterCount } from '../../src/workload/parameters.ts';

/**
 * Situations from public reports on tools that read config.json, each as a file of our own with the value that the
 * architecture gives: parameters with norms and without biases, elements of the cache a token, products.
 */

export const read = (config: unknown) => modelFromConfig(config, 'config.json', 'model');
export const parameters = (config: unknown) => parameterCount(read(config)).total;
export const used = (model: ModelShape, use: { batch?: number; context: number; prefill?: number }) =>
  workloadFor(model, { batch: 1, prefill: 1, ...use }, preset('corrected'));

export const qwen2 = {
  model_type: 'qwen2',
  hidden_size: 3584,
  intermediate_size: 18_944,
  num_attention_heads: 28,
  num_key_value_heads: 4,
  num_hidden_layers: 28,
  vocab_size: 152_064,
  use_sliding_window: false,
};

export const llama31 = {
  model_type: 'llama',
  hidden_size: 4096,
  intermediate_size: 14_336,
  num_attention_heads: 32,
  num_key_value_heads: 8,
  num_hidden_layers: 32,
  vocab_size: 128_256,
};
