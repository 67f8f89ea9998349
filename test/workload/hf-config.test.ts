import { expect, it } from 'vitest';
import { preset } from '../../src/published/preset.ts';
import { workloadFor } from '../../src/question/point.ts';
import { MODEL_TYPES, modelFromConfig } from '../../src/workload/hf-config.ts';
import type { DecoderStack } from '../../src/workload/model.ts';
import { modelNamed } from '../../src/workload/models.ts';
import { parameterCount } from '../../src/workload/parameters.ts';
import { languageTypes, PUBLIC } from './public/index.ts';
import { refusal } from '../refusal.ts';

const read = (json: unknown) => modelFromConfig(json, 'config.json', 'model');
const config = (name: string) => structuredClone(PUBLIC[name].config);
const decoder = (json: unknown) => read(json).stacks.find(({ kind }) => kind === 'decoder') as DecoderStack;

it.each(Object.entries(PUBLIC))('%s has its published number of parameters', (_, model) => {
  const count = parameterCount(read(model.config));
  const whole = count.total / 1e6 + (model.beside?.parameters ?? 0);
  expect(Math.abs(whole / model.parameters - 1)).toBeLessThan(0.005);
  if (model.active !== undefined) {
    expect(Math.abs(count.active / 1e6 / model.active - 1)).toBeLessThan(0.02);
  }
});

it('every family has a public model in these tests', () => {
  const tested = new Set(
    Object.values(PUBLIC)
      .map(({ config: c }) => languageTypes(c))
      .flat(),
  );
  expect(MODEL_TYPES.filter((type) => !tested.has(type))).toEqual([]);
});

it.each(Object.keys(PUBLIC))('%s becomes operators under both presets', (name) => {
  for (const chosen of ['corrected', 'as-published'] as const) {
    const use = { batch: 2, context: 256, prefill: 32 };
    const { operators, tokens } = workloadFor(read(config(name)), use, preset(chosen));
    expect(tokens).toBeGreaterThan(0);
    for (const op of operators) {
      if (op.kind !== 'gemm') continue;
      const whole = [op.m, op.batch, op.repeat, op.layers].every(
        (size) => Number.isInteger(size) && size > 0,
      );
      expect(whole, op.name).toBe(true);
    }
  }
});

it('the file of a built-in model gives the built-in model', () => {
  expect(decoder(config('Llama-2-7b'))).toEqual(modelNamed('llama-2-7b').stacks[0]);
  expect(read(config('swinv2-tiny-patch4-window8-256')).stacks).toEqual(modelNamed('swinv2-tiny').stacks);
  expect(read(config('vivit-b-16x2')).stacks).toEqual(modelNamed('vivit-base').stacks);
});

it('windows: none, all layers, from a layer on, alternating, five of six', () => {
  const windows = (json: unknown) =>
    decoder(json).layers.map(({ count, attention: [first] }) => [count, first!.window]);
  expect(windows(config('Mixtral-8x7B'))).toEqual([[32, undefined]]);
  expect(windows(config('Mistral-7B-v0.1'))).toEqual([[32, 4096]]);
  const { sliding_window: _, ...old } = config('Mistral-7B-v0.1');
  expect(windows(old)).toEqual([[32, 4096]]);
  expect(windows({ ...config('Mistral-7B-v0.1'), sliding_window: null })).toEqual([[32, undefined]]);
  expect(windows(config('Qwen2.5-0.5B'))).toEqual([[24, undefined]]);
  expect(windows({ ...config('Qwen2.5-0.5B'), use_sliding_window: true, max_window_layers: 20 })).toEqual([
    [20, undefined],
    [4, 32768],
  ]);
  expect(windows(config('gemma-2-9b'))).toEqual([
    [21, 4096],
    [21, undefined],
  ]);
  expect(windows(config('gemma-3-1b'))).toEqual([
    [22, 512],
    [4, undefined],
  ]);
  expect(windows(config('gpt-oss-20b'))).toEqual([
    [12, 128],
    [12, undefined],
  ]);
});

it('head_dim need not be hidden / heads, and the expert width is not intermediate_size', () => {
  const [layer] = decoder(config('Qwen3-30B-A3B')).layers;
  expect(layer!.attention[0]).toMatchObject({ heads: 32, kvHeads: 4, headDim: 128, qkNorm: true });
  expect(layer!.ffn).toMatchObject({ hidden: 768, experts: { total: 128, active: 8, shared: 0 } });
  const sparse = decoder({ ...config('Qwen3-30B-A3B'), mlp_only_layers: [0, 1], decoder_sparse_step: 2 });
  // Layers 1, 3, 5 … hold experts; of these, layer 1 is listed as dense.
  expect(sparse.layers.map(({ count, ffn }) => [count, ffn?.experts?.total])).toEqual([
    [25, undefined],
    [23, 128],
  ]);
});

it('quantisation bits come from the file when it names them', () => {
  const bits = (quantization_config: unknown) =>
    read({ ...config('Llama-2-7b'), quantization_config }).weightBits;
  expect(bits({ quant_method: 'gptq', bits: 4, group_size: 128 })).toBe(4);
  expect(bits({ quant_method: 'awq', w_bit: 3 })).toBe(3);
  expect(bits({ load_in_8bit: true })).toBe(8);
  expect(bits({ load_in_4bit: true })).toBe(4);
  expect(bits(null)).toBeUndefined();
  expect(read(config('gpt-oss-20b'))).toMatchObject({ weightBits: 4 });
  expect(read(config('gpt-oss-20b')).notes?.join(' ')).toContain(
    '(MXFP4): 4 bits and 0.25 of scales in expert-up',
  );
  expect(refusal(() => bits({ bits: 99 }))).toMatchObject({ code: 'invalid-file', received: '99' });
});

it('a multi-modal wrapper gives its language model, with defaults of the family noted', () => {
  const text_config = {
    model_type: 'gemma3_text',
    hidden_size: 2560,
    intermediate_size: 10240,
    num_hidden_layers: 34,
    sliding_window: 1024,
  };
  const model = read({ model_type: 'gemma3', text_config, vision_config: {} });
  // Gemma 3 4B without its vision tower: 3.88e9.
  expect(parameterCount(model).total / 1e9).toBeCloseTo(3.88, 2);
  expect(model.notes?.join('\n')).toMatch(/num_attention_heads.*8[\s\S]*language model of "gemma3"/);
});

it('text encoders take the context, up to their position table', () => {
  const used = (context: number) =>
    workloadFor(read(config('bert-base')), { batch: 2, context, prefill: 1 }, preset('corrected'));
  expect([used(128).context, used(128).tokens, used(4096).context]).toEqual([128, 256, 512]);
});

it('Swin pads to whole windows; tokens outside attention are not padded', () => {
  const stack = read({ ...config('swin-tiny-patch4-window7-224'), image_size: 256 }).stacks[0];
  if (stack.kind !== 'encoder') throw new Error('no encoder');
  expect(stack.layers.map(({ sequence, windows, tokens }) => [sequence, windows, tokens])).toEqual([
    [49, 100, 4096],
    [49, 25, 1024],
    [49, 9, 256],
    [49, 4, 64],
  ]);
});

it.each([
  ['zamba2', 'state-space'],
  ['rwkv', 'recurrent'],
  ['deepseek_v4', 'hyper-connections'],
  ['albert', 'share their weights'],
  ['gemma3n', 'embedding for every layer'],
  ['hunyuan', 'sharing of keys and values'],
  ['t5', 'relative position'],
  ['marian', 'encoder–decoder'],
  ['apertus', 'xIELU'],
  ['longformer', 'chosen tokens'],
  ['lfm2_moe', 'convolution'],
])('%s is refused by name', (model_type, reason) => {
  const details = refusal(() => read({ model_type, hidden_size: 64 }));
  expect(details).toMatchObject({ code: 'unsupported', path: 'config.json: model_type' });
  expect(details.message).toContain(reason);
});

it('what makes a familiar family unfaithful is refused by its key', () => {
  const llama = config('Llama-2-7b');
  expect(refusal(() => read({ ...llama, kv_lora_rank: 512 })).message).toContain('MLA');
  expect(refusal(() => read({ ...llama, num_kv_shared_layers: 32 })).path).toContain('num_kv_shared_layers');
  const types = Array.from({ length: 32 }, () => 'linear_attention');
  expect(refusal(() => read({ ...llama, layer_types: types })).message).toContain('linear_attention');
  expect(refusal(() => read({ ...config('bert-base'), is_decoder: true })).code).toBe('unsupported');
});

it.each([[0], [-4096], [4096.5], [2e9], [Number.NaN], [Infinity], ['4096'], [true], [[4096]], [{}]])(
  'the size %o is refused, and the message shows it',
  (hidden_size) => {
    const details = refusal(() => read({ ...config('Llama-2-7b'), hidden_size }));
    expect(details).toMatchObject({ code: 'invalid-file', path: 'config.json: hidden_size' });
    expect(details.expected).toContain('positive whole number');
    expect(details.received).toBe(
      typeof hidden_size === 'number' ? String(hidden_size) : JSON.stringify(hidden_size),
    );
  },
);

it.each([
  ['num_attention_heads', 'num_attention_head'],
  ['num_key_value_heads', 'num_key_value_head'],
  ['vocab_size', 'vocabsize'],
  ['head_dim', 'heads_dim'],
  ['model_type', 'model_typ'],
])('a misspelt %s is named', (right, wrong) => {
  const { [right]: value = 64, ...rest } = config('Llama-2-7b');
  const details = refusal(() => read({ ...rest, [wrong]: value }));
  expect(details).toMatchObject({ code: 'invalid-file', nearest: right });
  expect(`${details.message} ${details.received}`).toContain(wrong);
});

it.each([
  [{ num_attention_heads: 33, num_key_value_heads: null }, 'num_attention_heads'],
  [{ num_key_value_heads: 5 }, 'num_key_value_heads'],
  [{ num_hidden_layers: 1e8 }, 'num_hidden_layers'],
  [{ hidden_act: 'sillu' }, 'hidden_act'],
  [{ hidden_act: 'constructor' }, 'hidden_act'],
  [{ tie_word_embeddings: 'no' }, 'tie_word_embeddings'],
  [{ partial_rotary_factor: 2 }, 'partial_rotary_factor'],
  [{ layer_types: ['full_attention'] }, 'layer_types'],
  [{ quantization_config: 4 }, 'quantization_config'],
])('impossible values are refused at their key: %o', (change, key) => {
  const details = refusal(() => read({ ...config('Llama-2-7b'), ...change }));
  expect(details).toMatchObject({ code: 'invalid-file', path: `config.json: ${key}` });
});

it('impossible values of other families', () => {
  const at = (name: string, change: object) => refusal(() => read({ ...config(name), ...change })).path;
  expect(at('Mixtral-8x7B', { num_experts_per_tok: 9 })).toContain('num_experts_per_tok');
  expect(at('vit-base-patch16-224', { patch_size: 15 })).toContain('patch_size');
  expect(at('vivit-b-16x2', { tubelet_size: [2, 16] })).toContain('tubelet_size');
  expect(at('swin-tiny-patch4-window7-224', { num_heads: [3, 6] })).toContain('num_heads');
  expect(at('swin-tiny-patch4-window7-224', { depths: [] })).toContain('depths');
  expect(at('whisper-large-v3', { decoder_attention_heads: 7 })).toContain('decoder_attention_heads');
  expect(at('gpt2', { n_head: 5 })).toContain('n_head');
});

it('foreign JSON is refused with what is read', () => {
  const details = refusal(() => read({ name: 'mugi', version: '1.0.0', dependencies: {} }));
  expect(details).toMatchObject({
    code: 'invalid-file',
    received: 'an object with name, version, dependencies',
  });
  expect(details.expected).toContain('llama');
  expect(refusal(() => read([])).received).toBe('an array');
  expect(refusal(() => read(null)).received).toBe('null');
  expect(refusal(() => read({})).received).toBe('an object without keys');
  expect(refusal(() => read({ model_type: 'lama' }))).toMatchObject({
    code: 'unsupported',
    nearest: 'llama',
  });
  expect(refusal(() => read({ model_type: 'toString' })).code).toBe('unsupported');
});
