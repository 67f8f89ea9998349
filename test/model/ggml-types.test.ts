import { expect, it } from 'vitest';
import type { GgufValue } from '../../src/model/format/gguf-parse.ts';
import { GGML_TYPES, ggmlBits } from '../../src/model/format/ggml-types.ts';
import { blockElements, isStored, storedBytes } from '../../src/model/format/stored-type.ts';
import { configOfGguf } from '../../web/state/gguf-model.ts';

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

it.each([
  ['IQ4_XS', 4],
  ['MXFP4', 4],
  ['IQ2_XXS', 2],
  ['Q6_K', 6],
])('the studio takes the width of weights in %s', (name, bits) => {
  const keys = {
    embedding_length: 64,
    block_count: 1,
    feed_forward_length: 128,
    'attention.head_count': 4,
    context_length: 32,
  };
  const metadata = new Map<string, GgufValue>([
    ['general.architecture', 'llama'],
    ...Object.entries(keys).map(([key, value]) => [`llama.${key}`, value] as const),
  ]);
  const tensor = (of: string, type: number) => ({ name: of, shape: [64, 64], type, offset: 0 });
  const tensors = [tensor('token_embd.weight', 0), tensor('blk.0.attn_q.weight', numberOf(name))];
  expect(configOfGguf({ metadata, tensors, size: 0 }, 'a.gguf').weightBits).toBe(bits);
});

function numberOf(name: string): number {
  return Number(Object.keys(GGML_TYPES).find((number) => GGML_TYPES[Number(number)] === name));
}
