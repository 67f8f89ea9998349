import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadModel } from '../../src/source/model.ts';
import { type ErrorDetails, MugiError } from '../../src/errors.ts';
import { workloadFor } from '../../src/question/point.ts';
import { parseJson } from '../../src/huggingface/json.ts';
import { preset } from '../../src/published/preset.ts';
import { modelFromConfig } from '../../src/workload/hf-config.ts';
import type { DecoderStack, ModelShape } from '../../src/workload/model.ts';
import { macsOf, total } from '../../src/workload/operator.ts';
import { kvElements, parameterCount } from '../../src/workload/parameters.ts';

/**
 * Situations from public reports on tools that read config.json, each as a file of our own with the value that the
 * architecture gives: parameters with norms and without biases, elements of the cache a token, products.
 */

const read = (config: unknown) => modelFromConfig(config, 'config.json', 'model');
const parameters = (config: unknown) => parameterCount(read(config)).total;
const used = (model: ModelShape, use: { batch?: number; context: number; prefill?: number }) =>
  workloadFor(model, { batch: 1, prefill: 1, ...use }, preset('corrected'));

function failure(run: () => unknown): ErrorDetails {
  try {
    run();
  } catch (error) {
    if (error instanceof MugiError) return error.details;
    throw error;
  }
  throw new Error('nothing was refused');
}

const qwen2 = {
  model_type: 'qwen2',
  hidden_size: 3584,
  intermediate_size: 18_944,
  num_attention_heads: 28,
  num_key_value_heads: 4,
  num_hidden_layers: 28,
  vocab_size: 152_064,
  use_sliding_window: false,
};

const llama31 = {
  model_type: 'llama',
  hidden_size: 4096,
  intermediate_size: 14_336,
  num_attention_heads: 32,
  num_key_value_heads: 8,
  num_hidden_layers: 32,
  vocab_size: 128_256,
};

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
});

describe('heads', () => {
  const reward = {
    ...llama31,
    architectures: ['LlamaForSequenceClassification'],
    id2label: { 0: 'LABEL_0' },
  };

  it('a reward model has one output, of the last position, and decodes nothing', () => {
    expect(parameters(reward)).toBe(7_504_928_768);
    const { operators, prefill, notes } = used(read(reward), { batch: 3, context: 20 });
    const head = operators.filter(({ name }) => name === 'logits');
    expect(head).toMatchObject([{ phase: 'prefill', m: 3, k: 4096, n: 1 }]);
    expect(operators.every(({ phase }) => phase === 'prefill')).toBe(true);
    expect(prefill).toBe(20);
    expect(notes.join('\n')).toMatch(/writes no text/);
  });

  it('labels of every position, and no head at all', () => {
    const tokens = { ...llama31, architectures: ['LlamaForTokenClassification'], num_labels: 9 };
    const { operators } = used(read(tokens), { batch: 3, context: 20 });
    expect(operators.find(({ name }) => name === 'logits')).toMatchObject({ m: 60, n: 9 });
    const bare = read({ ...llama31, architectures: ['LlamaModel'] });
    expect(used(bare, { context: 20 }).operators.some(({ name }) => name === 'logits')).toBe(false);
    expect(parameterCount(bare).total).toBe(7_504_928_768 - 4096);
  });

  it('decode steps of the published model are not charged to a model that decodes nothing', () => {
    const { operators } = workloadFor(
      read(reward),
      { batch: 1, context: 20, prefill: 4 },
      preset('as-published'),
    );
    expect(operators.every(({ phase, repeat }) => phase === 'prefill' && repeat === 1)).toBe(true);
  });

  it('EmbeddingGemma looks both ways: 61.6 G MACs for 512 tokens, no head and no decode', () => {
    const model = read({
      architectures: ['Gemma3TextModel'],
      model_type: 'gemma3_text',
      hidden_size: 768,
      intermediate_size: 1152,
      num_attention_heads: 3,
      num_key_value_heads: 1,
      head_dim: 256,
      num_hidden_layers: 24,
      vocab_size: 262_144,
      max_position_embeddings: 2048,
      sliding_window: 512,
      use_bidirectional_attention: true,
    });
    const workload = used(model, { context: 512 });
    const linear = 512 * 24 * (2 * 768 * 768 + 2 * 768 * 256 + 3 * 768 * 1152);
    expect(macsOf(workload)).toBe(linear + 24 * 2 * 512 * 512 * 3 * 256);
    expect(macsOf(workload) / 1e9).toBeCloseTo(61.6, 1);
    expect(kvElements(model)).toBe(0);
  });
});

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

describe('Python’s JSON', () => {
  it('has infinities and NaN, outside of strings', () => {
    const text = '{"a": [0.0, Infinity], "b": -Infinity, "c": NaN, "d": "Infinity \\" NaN"}';
    expect(parseJson(text, 'f')).toEqual({ a: [0, Infinity], b: -Infinity, c: null, d: 'Infinity " NaN' });
  });

  it('is refused with line and column where it is no JSON either way', () => {
    const details = failure(() => parseJson('{"a": Infinity,\n "b": nan}', 'config.json'));
    expect(details).toMatchObject({ code: 'invalid-file' });
    expect(details.path).toMatch(/^config\.json:2:/);
  });

  it('of a hybrid without its pattern leads to what the model is', () => {
    const text = '{"model_type": "nemotron_h", "hidden_size": 8192, "time_step_limit": [0.0, Infinity]}';
    expect(failure(() => read(parseJson(text, 'f'))).message).toMatch(
      /hybrid of attention and state-space layers/,
    );
  });
});

it.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])(
  'the type "%s" is an unknown one',
  (type) => {
    expect(failure(() => read({ ...llama31, model_type: type }))).toMatchObject({
      code: 'unsupported',
      path: 'config.json: model_type',
    });
  },
);

it('inherited keys are no keys of the file', () => {
  const config = JSON.parse('{"__proto__": {"head_dim": 1}, "model_type": "llama"}') as object;
  expect(kvElements(read({ ...llama31, ...config }))).toBe(65_536);
});

it('misspelt keys inside a wrapper and inside a quantisation are named with their place', () => {
  const { num_hidden_layers: layers, ...rest } = qwen2;
  const wrapped = { model_type: 'llava', text_config: { ...rest, num_hiden_layers: layers } };
  expect(failure(() => read(wrapped))).toMatchObject({
    path: 'config.json: text_config.num_hiden_layers',
    nearest: 'num_hidden_layers',
  });
  const quantised = { ...llama31, quantization_config: { quant_method: 'gptq', bits: 4, group_sise: 128 } };
  expect(failure(() => read(quantised))).toMatchObject({
    path: 'config.json: quantization_config.group_sise',
    nearest: 'group_size',
  });
});

describe('folders', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mugi-cases-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('Meta’s params.json alone is Llama 3 8B', () => {
    const params = {
      dim: 4096,
      n_layers: 32,
      n_heads: 32,
      n_kv_heads: 8,
      vocab_size: 128_256,
      multiple_of: 1024,
      ffn_dim_multiplier: 1.3,
      norm_eps: 1e-5,
      rope_theta: 500_000,
    };
    writeFileSync(join(folder, 'params.json'), JSON.stringify(params));
    const model = loadModel(folder);
    expect(parameterCount(model).total).toBe(parameters(llama31));
    expect(parameterCount(model).total / 1e9).toBeCloseTo(8.03, 2);
  });

  it('ModelOpt’s file beside a plain config.json says the bits', () => {
    const quantization = { quant_algo: 'FP8', kv_cache_quant_algo: 'FP8', exclude_modules: ['lm_head'] };
    writeFileSync(join(folder, 'config.json'), JSON.stringify(llama31));
    writeFileSync(join(folder, 'hf_quant_config.json'), JSON.stringify({ quantization }));
    expect(loadModel(folder)).toMatchObject({ weightBits: 8, kvBits: 8 });
  });

  it('an id of a hub is told how to get its config.json, and which built-in model is near', () => {
    const details = failure(() => loadModel('meta-llama/Meta-Llama-3.1-8B-Instruct'));
    expect(details.message).toContain(
      'https://huggingface.co/meta-llama/Meta-Llama-3.1-8B-Instruct/raw/main/config.json',
    );
    expect(details.nearest).toBe('llama-3.1-8b');
    expect(failure(() => loadModel('lama-2-7b'))).toMatchObject({ nearest: 'llama-2-7b' });
  });
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

describe('BERT by its class', () => {
  const bert = {
    model_type: 'bert',
    hidden_size: 768,
    intermediate_size: 3072,
    num_attention_heads: 12,
    num_hidden_layers: 12,
    vocab_size: 30_522,
    max_position_embeddings: 512,
    hidden_act: 'gelu',
  };
  // Tables, layers, norms; a pooler of 768 × 768 where the class has one.
  const body = (30_522 + 512 + 2) * 768 + 12 * (4 * 768 ** 2 + 2 * 768 * 3072) + (2 * 12 + 1) * 2 * 768;
  const pooler = 768 ** 2;
  it.each([
    ['BertModel', {}, pooler],
    ['BertForSequenceClassification', {}, pooler + 2 * 768],
    ['BertForSequenceClassification', { id2label: { 0: 'a', 1: 'b', 2: 'c' } }, pooler + 3 * 768],
    ['BertForTokenClassification', { id2label: { 0: 'a', 1: 'b', 2: 'c' } }, 3 * 768],
    ['BertForQuestionAnswering', {}, 2 * 768],
  ])('%s with %j', (name, more, head) => {
    expect(parameters({ ...bert, architectures: [name], ...more })).toBe(body + head);
  });
});

it('what people save in the place of a config.json is told what it is', () => {
  const wrong = (text: string) => failure(() => parseJson(text, 'config.json')).message;
  expect(wrong('<!DOCTYPE html><html>')).toContain('this is a web page');
  expect(wrong('version https://git-lfs.github.com/spec/v1\noid sha256:0\n')).toContain('a Git LFS pointer');
});
