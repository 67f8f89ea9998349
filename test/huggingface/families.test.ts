import { expect, it } from 'vitest';
import { total } from '../../src/workload/operator.ts';
import { kvElements, parameterCount } from '../../src/workload/parameters.ts';
import { parameters, qwen2, read, used } from './configs.ts';

it('rotary share inside rope_parameters: 96 of 128 elements of Phi 4 mini', () => {
  const phi = {
    model_type: 'phi3',
    hidden_size: 3072,
    intermediate_size: 8192,
    num_attention_heads: 24,
    num_key_value_heads: 8,
    num_hidden_layers: 32,
    vocab_size: 200_064,
    max_position_embeddings: 131_072,
    sliding_window: 262_144,
    tie_word_embeddings: true,
  };
  const rotated = (more: object) => {
    const { operators } = used(read({ ...phi, ...more }), { batch: 8, context: 80, prefill: 64 });
    const rope = operators.find(({ name, phase }) => name === 'rope' && phase === 'prefill');
    return rope?.kind === 'elementwise' ? rope.elements : 0;
  };
  const inside = { rope_parameters: { rope_type: 'default', rope_theta: 1e4, partial_rotary_factor: 0.75 } };
  expect(rotated(inside)).toBe(1_572_864);
  expect(rotated({ partial_rotary_factor: 0.75 })).toBe(1_572_864);
  expect(rotated({})).toBe(2_097_152);
});

it('DeepSeek V3 reads 576 elements a token and layer: products of a step at a context of 1,000', () => {
  const config = {
    model_type: 'deepseek_v3',
    quantization_config: { quant_method: 'fp8', weight_block_size: [128, 128] },
  };
  // All its sizes are the defaults of its family.
  const model = read(config);
  expect(parameterCount(model).total / 1e9).toBeCloseTo(671.03, 2);
  expect(kvElements(model)).toBe(61 * 576);
  const { operators } = used(model, { context: 1000, prefill: 999 });
  const attention = operators
    .filter((op) => op.kind === 'gemm' && op.phase === 'decode' && op.operand !== 'weights')
    .reduce(
      (sum, op) => (op.kind === 'gemm' ? sum + op.batch * op.m * total(op.k) * total(op.n) * op.layers : sum),
      0,
    );
  expect(attention).toBe(61 * 128 * 1000 * (576 + 512));
});

it('Falcon’s first files call it RefinedWeb, with older names for its sizes', () => {
  const seven = {
    model_type: 'RefinedWebModel',
    hidden_size: 4544,
    n_head: 71,
    n_layer: 32,
    multi_query: true,
    parallel_attn: true,
    vocab_size: 65_024,
  };
  expect(parameters(seven)).toBe(6_921_720_704);
  expect(kvElements(read(seven))).toBe(32 * 2 * 64);
  const forty = {
    model_type: 'RefinedWeb',
    hidden_size: 8192,
    n_head: 128,
    n_head_kv: 8,
    n_layer: 60,
    vocab_size: 65_024,
  };
  expect(parameters(forty)).toBe(41_303_293_952);
});

it('experts: the router’s softmax, the weighted sum, and the sigmoid of a shared expert’s gate', () => {
  const model = read({
    ...qwen2,
    model_type: 'qwen2_moe',
    num_experts: 8,
    num_experts_per_tok: 2,
    moe_intermediate_size: 64,
    shared_expert_intermediate_size: 128,
  });
  const { operators } = used(model, { batch: 3, context: 9, prefill: 5 });
  const named = (name: string) => operators.find((op) => op.name === name && op.phase === 'prefill');
  expect(named('router-softmax')).toMatchObject({ function: 'softmax', rows: 15, columns: 8 });
  expect(named('expert-sum')).toMatchObject({ multiplies: 15 * 2 * 3584, adds: 15 * 2 * 3584 });
  expect(named('shared-weight')).toMatchObject({ m: 15, k: 3584, n: 1 });
});

it('a gated delta layer: projections, convolution and three products an element of the state', () => {
  const model = read({
    model_type: 'qwen3_next',
    hidden_size: 64,
    num_hidden_layers: 4,
    num_attention_heads: 4,
    num_key_value_heads: 2,
    head_dim: 16,
    linear_num_key_heads: 2,
    linear_num_value_heads: 4,
    linear_key_head_dim: 8,
    linear_value_head_dim: 8,
    num_experts: 4,
    num_experts_per_tok: 2,
    moe_intermediate_size: 32,
    shared_expert_intermediate_size: 32,
    vocab_size: 100,
  });
  const { operators } = used(model, { batch: 2, context: 6, prefill: 5 });
  const step = operators.filter(({ phase, layers }) => phase === 'decode' && layers === 3);
  const of = (name: string) => step.find((op) => op.name === name);
  // Keys 2 · 8, values 4 · 8; a state of 8 × 8 a value head.
  expect(of('in-qkv')).toMatchObject({ m: 2, k: 64, n: 16 + 16 + 32 });
  expect(of('convolution')).toMatchObject({ adds: 2 * 64 * 4 });
  expect(of('state')).toMatchObject({ adds: 2 * 3 * 4 * 64, multiplies: 2 * 4 * 4 * 64 });
  expect(of('out')).toMatchObject({ m: 2, k: 32, n: 64 });
  expect(kvElements(model)).toBe(2 * 2 * 16);
});

it('GLM 4.5 has 355 B parameters and 32 B active, without the layer that predicts a second token', () => {
  const [hidden, layers, dense, experts, width, words] = [5120, 92, 3, 160, 1536, 151_552];
  const attention = 2 * hidden * 96 * 128 + 2 * hidden * 8 * 128;
  const expert = 3 * hidden * width;
  const norms = layers * 2 * hidden + hidden;
  const counted = (of: number): number =>
    2 * words * hidden +
    norms +
    layers * attention +
    dense * 3 * hidden * 12_288 +
    (layers - dense) * (hidden * experts + (of + 1) * expert);
  const { total: all, active } = parameterCount(
    read({
      model_type: 'glm4_moe',
      hidden_size: hidden,
      intermediate_size: 12_288,
      moe_intermediate_size: width,
      num_attention_heads: 96,
      num_key_value_heads: 8,
      head_dim: 128,
      num_hidden_layers: layers,
      first_k_dense_replace: dense,
      n_routed_experts: experts,
      n_shared_experts: 1,
      num_experts_per_tok: 8,
      vocab_size: words,
      max_position_embeddings: 202_752,
    }),
  );
  expect([all, active]).toEqual([counted(experts), counted(8)]);
  expect(Math.abs(all / 355e9 - 1)).toBeLessThan(0.01);
  // The card's active parameters leave the input embedding out.
  expect(Math.abs((active - words * hidden) / 32e9 - 1)).toBeLessThan(0.03);
});
