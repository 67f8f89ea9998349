import { expect, it } from 'vitest';
import { workloadFor } from '../../src/question/point.ts';
import { preset } from '../../src/published/preset.ts';
import { modelFromConfig } from '../../src/workload/hf-config.ts';
import { headMatrix, stackMatrices } from '../../src/workload/matrices.ts';
import type { DecoderStack } from '../../src/workload/model.ts';
import { kvElements, parameterCount } from '../../src/workload/parameters.ts';
import { total } from '../../src/workload/operator.ts';
import { PUBLIC } from './public/index.ts';

const read = (config: unknown) => modelFromConfig(config, 'config.json', 'model');

const decoders = Object.entries(PUBLIC)
  .map(([name, { config }]) => [name, read(config)] as const)
  .filter(([, model]) => model.stacks.length === 1 && model.stacks[0].kind === 'decoder');

it.each(decoders)(
  '%s: one token passes through its active matrices, each once, in either phase',
  (_, model) => {
    const stack = model.stacks[0] as DecoderStack;
    const head = headMatrix(stack)!;
    const active = stackMatrices(stack).reduce((sum, { k, n, active }) => sum + k * n * active, 0);
    // A tied head is no matrix of its own, but its product is computed.
    const products = active + (stack.tiedEmbeddings ? head.k * head.n : 0);
    const corrected = preset('corrected');
    const { operators } = workloadFor(model, { batch: 1, context: 2, prefill: 1 }, corrected);
    for (const phase of ['prefill', 'decode'] as const) {
      let weights = 0;
      for (const op of operators) {
        if (op.kind !== 'gemm' || op.operand !== 'weights' || op.phase !== phase) continue;
        weights += op.batch * op.m * total(op.k) * total(op.n) * op.layers;
      }
      expect(weights, phase).toBe(products);
    }
  },
);

it.each(decoders)('%s: what is written to the cache is what the cache keeps of a token', (_, model) => {
  const corrected = preset('corrected');
  const use = { batch: 3, context: 9, prefill: 4, kvBits: 16 };
  const { operators } = workloadFor(model, use, corrected);
  const written = operators.reduce(
    (sum, op) => (op.kind === 'transfer' ? sum + op.bits * op.repeat * op.layers : sum),
    0,
  );
  expect(written).toBe(kvElements(model) * 16 * 3 * 9);
});

it('keys and values of an earlier layer are neither projected nor written, only read', () => {
  const llama = PUBLIC['Llama-2-7b'].config;
  const [all, shared] = [read(llama), read({ ...llama, num_kv_shared_layers: 16 })];
  expect(kvElements(shared)).toBe(kvElements(all) / 2);
  expect(parameterCount(all).total - parameterCount(shared).total).toBe(16 * 2 * 4096 * 4096);
});

it('chunked attention starts again with every chunk, in the prompt and behind it', () => {
  const config = structuredClone(PUBLIC['Llama-4-Scout'].config) as { text_config: Record<string, unknown> };
  config.text_config.attention_chunk_size = 8;
  const corrected = preset('corrected');
  const { operators } = workloadFor(read(config), { batch: 1, context: 29, prefill: 11 }, corrected);
  const seen = { prefill: 0, decode: 0 };
  const full = { prefill: 0, decode: 0 };
  for (const op of operators) {
    if (op.kind !== 'gemm' || op.name !== 'q·kT') continue;
    // 40 heads over 8 KV heads; 36 of 48 layers are chunked.
    const keys = (op.batch / 8) * (op.m / 5) * total(op.n) * op.repeat;
    if (op.layers === 36) seen[op.phase] += keys;
    else full[op.phase] += keys;
  }
  // Prompt: a square of 8 and one of 3. Decode: positions 11 to 28, each with the keys of its own chunk so far.
  const decoded = Array.from({ length: 18 }, (_, i) => ((11 + i) % 8) + 1).reduce((a, b) => a + b, 0);
  expect(seen).toEqual({ prefill: 64 + 9, decode: decoded });
  expect(full).toEqual({ prefill: 121, decode: ((12 + 29) * 18) / 2 });
});

it('latent attention reads 576 elements a token and layer in decode, and makes keys of all heads in the prompt', () => {
  const model = read(PUBLIC['DeepSeek-V3'].config);
  const corrected = preset('corrected');
  const { operators } = workloadFor(model, { batch: 2, context: 8, prefill: 4 }, corrected);
  const scores = operators.filter((op) => op.kind === 'gemm' && op.name === 'q·kT' && op.layers === 58);
  expect(scores).toMatchObject([
    { phase: 'prefill', batch: 2 * 128, m: 4, k: 192, n: 4 },
    { phase: 'decode', batch: 2, m: 128, k: 576, n: { from: 5, to: 8 } },
  ]);
  expect(kvElements(model)).toBe(61 * 576);
});
