import { describe, expect, it } from 'vitest';
import { generate } from '../../src/model/generate.ts';
import { openModel } from '../../src/model/load.ts';
import { exact } from './arithmetic.ts';
import { SMALL_LLAMA, smallLlama, writeFolder } from './write-checkpoint.ts';

async function run(config: object, length: number, maxTokens: number) {
  const folder = writeFolder({ ...SMALL_LLAMA, max_position_embeddings: 8, ...config }, smallLlama());
  const model = (await openModel(folder)).load();
  const full: number[] = [];
  const options = { arithmetic: exact, maxTokens, temperature: 0, seed: 1 };
  const tokens = generate(
    model,
    Array.from({ length }, () => 3),
    {
      ...options,
      onContextFull: (context) => full.push(context),
    },
  );
  return { tokens: [...tokens].length, full };
}

describe('generation', () => {
  it('tells that the context is full, and only then', async () => {
    // The eighth token of the context still has a successor: 8 − 5 + 1 tokens.
    expect(await run({}, 5, 100)).toEqual({ tokens: 4, full: [8] });
    expect(await run({}, 5, 4)).toEqual({ tokens: 4, full: [] });
    expect(await run({}, 8, 100)).toEqual({ tokens: 1, full: [8] });
    const every = Array.from({ length: 50 }, (_, id) => id);
    expect(await run({ eos_token_id: every }, 5, 100)).toEqual({ tokens: 0, full: [] });
  });

  it('tells of each layer that the prompt has gone through, and of no token behind it', async () => {
    const model = (await openModel(writeFolder(SMALL_LLAMA, smallLlama()))).load();
    const told: (readonly [number, number])[] = [];
    const onPrompt = (layer: number, layers: number) => void told.push([layer, layers]);
    const options = { arithmetic: exact, maxTokens: 3, temperature: 0, seed: 1, onPrompt };
    const tokens = generate(model, [3, 4, 5], options);
    expect(told).toEqual([]);
    tokens.next();
    const { layers } = model.config;
    const each = Array.from({ length: layers }, (_, i) => [i + 1, layers]);
    expect(told).toEqual(each);
    expect([...tokens]).toHaveLength(2);
    expect(told).toEqual(each);
  });

  it('refuses a prompt that is empty or longer than the context', async () => {
    await expect(run({}, 0, 1)).rejects.toThrow(/prompt is empty/);
    await expect(run({}, 9, 1)).rejects.toThrow(/prompt has 9 tokens, and the model's context has 8/);
    await expect(run({ bos_token_id: 1 }, 8, 1)).rejects.toThrow(/prompt has 9 tokens with the first/);
  });

  it('refuses a model that has no next token before it is run', async () => {
    const vit = (await openModel('vit-mnist-gelu')).load();
    const options = { arithmetic: exact, maxTokens: 1, temperature: 0, seed: 1 };
    expect(() => generate(vit, [1], options)).toThrow(/a vit model does not generate text/);
  });
});
