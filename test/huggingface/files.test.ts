import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadModel } from '../../src/source/model.ts';
import { parseJson } from '../../src/huggingface/json.ts';
import { kvElements, parameterCount } from '../../src/workload/parameters.ts';
import { llama31, parameters, qwen2, read } from './configs.ts';
import { refusal } from '../refusal.ts';

describe('Python’s JSON', () => {
  it('has infinities and NaN, outside of strings', () => {
    const text = '{"a": [0.0, Infinity], "b": -Infinity, "c": NaN, "d": "Infinity \\" NaN"}';
    expect(parseJson(text, 'f')).toEqual({ a: [0, Infinity], b: -Infinity, c: null, d: 'Infinity " NaN' });
  });

  it('is refused with line and column where it is no JSON either way', () => {
    const details = refusal(() => parseJson('{"a": Infinity,\n "b": nan}', 'config.json'));
    expect(details).toMatchObject({ code: 'invalid-file' });
    expect(details.path).toMatch(/^config\.json:2:/);
  });

  it('of a hybrid without its pattern leads to what the model is', () => {
    const text = '{"model_type": "nemotron_h", "hidden_size": 8192, "time_step_limit": [0.0, Infinity]}';
    expect(refusal(() => read(parseJson(text, 'f'))).message).toMatch(
      /hybrid of attention and state-space layers/,
    );
  });
});

it.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])(
  'the type "%s" is an unknown one',
  (type) => {
    expect(refusal(() => read({ ...llama31, model_type: type }))).toMatchObject({
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
  expect(refusal(() => read(wrapped))).toMatchObject({
    path: 'config.json: text_config.num_hiden_layers',
    nearest: 'num_hidden_layers',
  });
  const quantised = { ...llama31, quantization_config: { quant_method: 'gptq', bits: 4, group_sise: 128 } };
  expect(refusal(() => read(quantised))).toMatchObject({
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

  it('Mistral’s params.json says how its weights are stored', () => {
    const params = { dim: 64, n_layers: 2, n_heads: 4, n_kv_heads: 2, hidden_dim: 128, vocab_size: 100 };
    const bits = (quantization: object) => {
      const [stack] = read({ ...params, quantization }).stacks;
      return stack.kind === 'decoder' ? [stack.layers[0].formats?.q.bits, stack.formats?.logits.bits] : [];
    };
    expect(bits({ qformat_weight: 'fp8_e4m3', qscheme_act: 'TENSOR' })).toEqual([8, 16]);
    const groups = { a: { targets: ['Linear'], weights: { num_bits: 4, type: 'float', group_size: 16 } } };
    expect(bits({ config_groups: groups, ignore: ['output', 're:layers.0.attention.wq'] })).toEqual([16, 16]);
    expect(refusal(() => bits({ qformat_weight: 'fp3' })).path).toBe(
      'config.json: quantization.qformat_weight',
    );
  });

  it('ModelOpt’s file beside a plain config.json says the bits', () => {
    const quantization = { quant_algo: 'FP8', kv_cache_quant_algo: 'FP8', exclude_modules: ['lm_head'] };
    writeFileSync(join(folder, 'config.json'), JSON.stringify(llama31));
    writeFileSync(join(folder, 'hf_quant_config.json'), JSON.stringify({ quantization }));
    expect(loadModel(folder)).toMatchObject({ weightBits: 8, kvBits: 8 });
  });

  it('an id of a hub is told how to get its config.json, and which built-in model is near', () => {
    const details = refusal(() => loadModel('meta-llama/Meta-Llama-3.1-8B-Instruct'));
    expect(details.message).toContain(
      'https://huggingface.co/meta-llama/Meta-Llama-3.1-8B-Instruct/raw/main/config.json',
    );
    expect(details.nearest).toBe('llama-3.1-8b');
    expect(refusal(() => loadModel('lama-2-7b'))).toMatchObject({ nearest: 'llama-2-7b' });
  });
});

it('what people save in the place of a config.json is told what it is', () => {
  const wrong = (text: string) => refusal(() => parseJson(text, 'config.json')).message;
  expect(wrong('<!DOCTYPE html><html>')).toContain('this is a web page');
  expect(wrong('version https://git-lfs.github.com/spec/v1\noid sha256:0\n')).toContain('a Git LFS pointer');
});
