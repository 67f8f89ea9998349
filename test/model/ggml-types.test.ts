import { expect, it } from 'vitest';
import type { GgufValue } from '../../src/model/format/gguf-parse.ts';
import { GGML_TYPES, ggmlBits } from '../../src/model/format/ggml-types.ts';
import { blockElements, isStored, storedBytes } from '../../src/model/format/stored-type.ts';
import { ggufAsConfig } from '../../src/model/format/gguf-as-config.ts';
import { evaluatePoint } from '../../src/question/point.ts';
import { loadModel } from '../../src/source/model.ts';
import { modelFromConfig } from '../../src/workload/hf-config.ts';
import type { DecoderStack } from '../../src/workload/model.ts';
import { parameterCount } from '../../src/workload/parameters.ts';
import { writeGguf } from './write-gguf.ts';

it('the bits of a type are those of its blocks, less at most one for scales', () => {
  const read = Object.entries(GGML_TYPES).filter(([, name]) => isStored(name) && name !== 'F32');
  expect(read.length).toBeGreaterThan(14);
  for (const [number, name] of read) {
    if (!isStored(name)) continue;
    const stored = (8 * storedBytes(name, blockElements(name))) / blockElements(name);
    const bits = ggmlBits(Number(number))!;
    expect(stored - bits, name).toBeGreaterThanOrEqual(0);
    expect(stored - bits, name).toBeLessThanOrEqual(1);
  }
  expect(['F32', 'TQ1_0', 'I8'].map((name) => ggmlBits(numberOf(name)))).toEqual([16, 2, undefined]);
});

/** A file of two layers, whose matrices are stored as `types` say, by the layer. */
function header(architecture: string, types: readonly [string, string], tied = true) {
  const keys = {
    embedding_length: 256,
    block_count: 2,
    feed_forward_length: 512,
    'attention.head_count': 4,
    'attention.head_count_kv': 2,
    context_length: 32,
  };
  const metadata = new Map<string, GgufValue>([
    ['general.architecture', architecture],
    ...Object.entries(keys).map(([key, value]) => [`${architecture}.${key}`, value] as const),
  ]);
  const tensor = (name: string, type: string, shape = [256, 256]) => ({
    name: `${name}.weight`,
    shape,
    type: numberOf(type),
    offset: 0,
  });
  const matrices = ['attn_q', 'attn_k', 'attn_v', 'attn_output', 'ffn_gate', 'ffn_up', 'ffn_down'];
  const tensors = [
    tensor('token_embd', 'Q6_K', [256, 1000]),
    ...(tied ? [] : [tensor('output', 'F16', [256, 1000])]),
    ...types.flatMap((type, i) => matrices.map((name) => tensor(`blk.${i}.${name}`, type))),
  ];
  return { metadata, tensors };
}

it.each([
  ['IQ4_XS', 4, 0.25],
  ['MXFP4', 4, 0.25],
  ['IQ2_XXS', 2, 0.0625],
  ['Q6_K', 6, 0.5625],
  ['Q8_0', 8, 0.5],
  ['F32', 16, 0],
])('a workload takes the widths of weights in %s', (name, bits, scaleBits) => {
  const model = modelFromConfig(ggufAsConfig(header('llama', [name, name]), 'a.gguf'), 'a.gguf', 'a');
  expect(model.weightBits).toBe(bits);
  const [stack] = model.stacks as [DecoderStack];
  expect(stack.layers).toHaveLength(1);
  expect(Object.keys(stack.layers[0].formats!).sort()).toEqual(['a', 'down', 'gate', 'k', 'q', 'up', 'v']);
  for (const format of Object.values(stack.layers[0].formats!)) expect(format).toEqual({ bits, scaleBits });
  // Tied embeddings: the head is the table of the words.
  expect(stack.formats).toEqual({ logits: { bits: 6, scaleBits: 0.5625 } });
});

it('a workload knows each layer’s widths and a head of its own', () => {
  const model = modelFromConfig(
    ggufAsConfig(header('qwen3', ['Q4_K', 'Q6_K'], false), 'a.gguf'),
    'a.gguf',
    'a',
  );
  const [stack] = model.stacks as [DecoderStack];
  expect(stack.layers.map(({ formats }) => formats!.down)).toEqual([
    { bits: 4, scaleBits: 0.5 },
    { bits: 6, scaleBits: 0.5625 },
  ]);
  expect(stack.formats).toEqual({ logits: { bits: 16, scaleBits: 0 } });
  // Queries 256 × 256, keys and values half as many, the output, three matrices of the network; two tables; norms.
  const layer = 2 * 256 * 256 + 2 * 256 * 128 + 3 * 256 * 512 + 2 * 256 + 2 * 64;
  expect(parameterCount(model).total).toBe(2 * 1000 * 256 + 2 * layer + 256);
});

it('a matrix that is missing, experts and other architectures are refused by name', () => {
  const whole = header('llama', ['Q4_0', 'Q4_0']);
  const refused = (one: typeof whole) => () => ggufAsConfig(one, 'a.gguf');
  const cut = { ...whole, tensors: whole.tensors.filter(({ name }) => name !== 'blk.1.attn_v.weight') };
  expect(refused(cut)).toThrow('blk.1.attn_v.weight is missing');
  expect(refused(header('gemma3', ['Q4_0', 'Q4_0']))).toThrow('architecture of a GGUF file');
  whole.metadata.set('llama.expert_count', 8);
  expect(refused(whole)).toThrow('a mixture of experts is read from its config.json');
});

it('mugi models and compare take the file', () => {
  const path = writeGguf('Q8_0');
  const model = loadModel(path);
  expect([model.name, model.weightBits]).toEqual(['small', 8]);
  expect(parameterCount(model).total).toBeGreaterThan(0);
  expect(evaluatePoint({ design: 'mugi-256', model }).operators.length).toBeGreaterThan(5);
});

function numberOf(name: string): number {
  return Number(Object.keys(GGML_TYPES).find((number) => GGML_TYPES[Number(number)] === name));
}
