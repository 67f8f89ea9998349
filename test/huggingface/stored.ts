import { modelFromConfig } from '../../src/workload/hf-config.ts';
import type { DecoderStack } from '../../src/workload/model.ts';
import { llama31 } from './configs.ts';

export const LLAMA_8B = { ...llama31, max_position_embeddings: 131_072 };

export const MOE = {
  model_type: 'qwen3_moe',
  hidden_size: 64,
  moe_intermediate_size: 32,
  num_hidden_layers: 3,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  head_dim: 16,
  num_experts: 4,
  num_experts_per_tok: 2,
  vocab_size: 100,
};

/** A configuration with a quantisation in it, or beside it in ModelOpt's file. */
export const read = (config: object, quantization_config?: unknown, hf?: unknown) =>
  modelFromConfig(
    quantization_config === undefined ? config : { ...config, quantization_config },
    'config.json',
    'model',
    hf === undefined ? undefined : { json: hf, path: 'hf_quant_config.json' },
  );

/** Bits and scales of an operator's matrix in a layer. */
export function format(model: ReturnType<typeof read>, operator: string, layer = 0) {
  const stack = model.stacks[0] as DecoderStack;
  if (operator === 'logits') return stack.formats?.logits;
  let first = 0;
  for (const { count, formats } of stack.layers) {
    if (layer < first + count) return formats?.[operator];
    first += count;
  }
  return undefined;
}
