import { encoderGraph } from '../../onnx/encoder.ts';
import { file } from './folder.ts';

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
