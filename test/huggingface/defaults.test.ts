import { describe, expect, it } from 'vitest';
import type { DecoderStack } from '../../src/workload/model.ts';
import { kvElements, parameterCount } from '../../src/workload/parameters.ts';
import { llama31, parameters, qwen2, read } from './configs.ts';

describe('keys that a file leaves out have the defaults of its family', () => {
  it('heads of Gemma 2 inside PaliGemma are 256 wide, and its embeddings are tied', () => {
    const text_config = {
      model_type: 'gemma2',
      hidden_size: 2304,
      intermediate_size: 9216,
      num_attention_heads: 8,
      num_key_value_heads: 4,
      num_hidden_layers: 26,
      vocab_size: 257_216,
    };
    const model = read({ model_type: 'paligemma', projection_dim: 2304, text_config });
    expect(parameterCount(model).total).toBe(2_617_143_552);
    expect(kvElements(model)).toBe(53_248);
  });

  it('heads of Qwen 3 are 128 wide', () => {
    const model = read({
      ...qwen2,
      model_type: 'qwen3',
      hidden_size: 2560,
      intermediate_size: 9728,
      num_attention_heads: 32,
      num_key_value_heads: 8,
      num_hidden_layers: 36,
    });
    expect(kvElements(model)).toBe(73_728);
  });

  it('the longest context of Gemma 3 is 131,072, and that of Llama 1 stands under an old key', () => {
    const gemma = read({
      model_type: 'gemma3',
      text_config: {
        model_type: 'gemma3_text',
        hidden_size: 2560,
        intermediate_size: 10_240,
        num_hidden_layers: 34,
        sliding_window: 1024,
      },
    });
    expect(parameterCount(gemma).total).toBe(3_880_263_168);
    expect((gemma.stacks[0] as DecoderStack).maxContext).toBe(131_072);
    const old = {
      architectures: ['LLaMAForCausalLM'],
      model_type: 'llama',
      hidden_size: 4096,
      intermediate_size: 11_008,
      max_sequence_length: 2048,
      num_attention_heads: 32,
      num_hidden_layers: 32,
      vocab_size: 32_000,
    };
    expect(parameters(old)).toBe(6_738_415_616);
    expect((read(old).stacks[0] as DecoderStack).maxContext).toBe(2048);
  });

  it('LLaVA 1.5 leaves all of Llama’s sizes out', () => {
    const text_config = { model_type: 'llama', max_position_embeddings: 4096, vocab_size: 32_064 };
    const model = read({ model_type: 'llava', tie_word_embeddings: false, text_config });
    expect(parameterCount(model).total).toBe(6_738_939_904);
    expect(model.notes!.join('\n')).toMatch(/transformers has it for llama: hidden_size 4096/);
  });

  it('a window is switched off where Qwen’s files say nothing of it', () => {
    const { use_sliding_window: _, ...rest } = qwen2;
    const windows = (config: unknown) =>
      (read(config).stacks[0] as DecoderStack).layers.map(({ attention }) => attention[0].window);
    expect(windows({ ...rest, sliding_window: 1024, max_window_layers: 0 })).toEqual([undefined]);
    const on = { ...rest, sliding_window: 1024, max_window_layers: 0, use_sliding_window: true };
    expect(windows(on)).toEqual([1024]);
  });

  it('null is no default: it switches a window off', () => {
    const mistral = { ...llama31, model_type: 'mistral' };
    const window = (config: unknown) =>
      (read(config).stacks[0] as DecoderStack).layers[0].attention[0].window;
    expect([window(mistral), window({ ...mistral, sliding_window: null })]).toEqual([4096, undefined]);
  });
});

describe('wrappers', () => {
  it.each(['text_config', 'llm_config', 'language_config'])('a language model under %s', (key) => {
    expect(parameters({ model_type: 'some_chat', [key]: qwen2 }) / 1e9).toBeCloseTo(7.615, 3);
  });

  it('a language model inside a thinker, and flat files of Qwen VL', () => {
    const inside = {
      model_type: 'qwen2_5_omni_thinker',
      text_config: { ...qwen2, model_type: 'qwen2_5_omni_text' },
    };
    expect(parameters({ model_type: 'qwen2_5_omni', thinker_config: inside }) / 1e9).toBeCloseTo(7.615, 3);
    const flat = { ...qwen2, model_type: 'qwen2_5_vl', vision_config: { depth: 32, hidden_size: 1280 } };
    expect(parameters(flat) / 1e9).toBeCloseTo(7.615, 3);
  });

  it('tied embeddings may be stated on the wrapper alone', () => {
    const text_config = {
      ...qwen2,
      hidden_size: 896,
      intermediate_size: 4864,
      num_attention_heads: 14,
      num_key_value_heads: 2,
      num_hidden_layers: 24,
      vocab_size: 152_000,
    };
    const wrapped = { model_type: 'llava_onevision', text_config };
    expect(parameters({ ...wrapped, tie_word_embeddings: true })).toBe(494_062_464);
    expect(parameters(wrapped)).toBe(630_254_464);
    // What the language model itself says goes before.
    const own = { ...text_config, tie_word_embeddings: false };
    expect(parameters({ ...wrapped, tie_word_embeddings: true, text_config: own })).toBe(630_254_464);
  });

  it('an unknown type is read as the class that "architectures" names', () => {
    const model = read({ ...qwen2, model_type: 'house_ref', architectures: ['Qwen2ForCausalLM'] });
    expect(model.notes!.join('\n')).toMatch(/"house_ref" is not known; read as the Qwen2ForCausalLM/);
    expect(parameterCount(model).total / 1e9).toBeCloseTo(7.615, 3);
  });

  it.each([
    ['llava_qwen', 'LlavaQwenForCausalLM'],
    ['llava', 'LlavaLlamaForCausalLM'],
    ['Yi', 'YiForCausalLM'],
  ])('flat files of older wrappers, by their class: %s', (model_type, name) => {
    const flat = { ...qwen2, model_type, architectures: [name], mm_hidden_size: 1024 };
    expect(parameters(flat) / 1e9).toBeCloseTo(7.615, 3);
  });
});

it('networks of pruned models have widths of their own, listed by the layer', () => {
  const widths = Array.from({ length: 28 }, (_, i) => (i < 8 ? 18_944 : 9472));
  const pruned = { ...qwen2, intermediate_size: widths };
  expect(parameters(qwen2) - parameters(pruned)).toBe(20 * 3 * 3584 * 9472);
  expect(() => read({ ...qwen2, intermediate_size: [1, 2] })).toThrow(/"intermediate_size"/);
});

it('Baichuan states its longest context under a key of its own', () => {
  const model = read({ ...qwen2, model_type: 'baichuan', model_max_length: 4096 });
  expect((model.stacks[0] as DecoderStack).maxContext).toBe(4096);
});
