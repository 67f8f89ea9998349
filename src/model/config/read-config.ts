import type { ActivationName } from '../../huggingface/activations.ts';
import { ACTIVATIONS } from '../../huggingface/activations.ts';
import { Config, isRecord } from '../../huggingface/config.ts';
import { DEFAULTS } from '../../huggingface/defaults.ts';
import { headDimOf, positionsOf, windowOf } from '../../huggingface/heads.ts';
import { MugiError, unknownName } from '../../errors.ts';
import type {
  BertConfig,
  Common,
  DecoderConfig,
  Gpt2Config,
  LlamaConfig,
  ModelConfig,
  VitConfig,
} from './config.ts';
import { divides, inVocabulary, unsupported } from './config-checks.ts';
import { readRope } from './read-rope.ts';

/** What the engine runs, by `model_type`. */
const READERS: Readonly<Record<string, (config: Config) => ModelConfig>> = {
  llama: (config) => llama('llama', config),
  mistral: (config) => llama('mistral', config),
  qwen2: (config) => llama('qwen2', config),
  gpt2,
  bert,
  vit,
};

/**
 * Reads a parsed `config.json` for execution: the same reader and the same defaults of transformers as for a
 * workload, and whatever the engine does not support is refused.
 * @param path the file's name, for errors
 * @throws MugiError for an unknown architecture, a missing key, or a feature the engine does not support
 */
export function readConfig(raw: unknown, path: string): ModelConfig {
  const config = new Config(isRecord(raw) ? raw : {}, path);
  const type = config.text('model_type');
  if (type === undefined) {
    throw new MugiError({
      code: 'invalid-file',
      message: 'no model configuration: the key model_type is missing',
      path: `${path}: model_type`,
      expected: `one of ${Object.keys(READERS).join(', ')}`,
    });
  }
  const quantised = config.object('quantization_config') ?? config.object('quantization');
  if (quantised !== undefined) {
    throw unsupported(
      path,
      config.has('quantization_config') ? 'quantization_config' : 'quantization',
      quantised.text('quant_method') ?? 'quantised',
      'weights in F32, F16 or BF16 (mugi quantises by itself: weights int4)',
    );
  }
  if (!Object.hasOwn(READERS, type)) {
    throw unknownName('architecture', type, Object.keys(READERS), `${path}: model_type`);
  }
  return READERS[type](config.withDefaults(type, DEFAULTS[type]));
}

function llama(modelType: string, config: Config): LlamaConfig {
  const { path } = config;
  const [hidden, heads] = [config.size('hidden_size'), config.size('num_attention_heads')];
  const kvHeads = config.sizeOr(heads, 'num_key_value_heads');
  divides(path, 'num_attention_heads', heads, 'num_key_value_heads', kvHeads);
  if (!config.has('head_dim')) divides(path, 'hidden_size', hidden, 'num_attention_heads', heads);
  const vocab = config.size('vocab_size');
  const bias = config.flag('attention_bias', false);
  return {
    family: 'llama',
    modelType,
    hidden,
    layers: config.layers('num_hidden_layers'),
    heads,
    kvHeads,
    headDim: headDimOf(config, hidden, heads),
    ffn: config.size('intermediate_size'),
    activation: activation(config, 'hidden_act'),
    epsilon: config.number('rms_norm_eps', 1e-6),
    // Up to its sliding window a model attends to everything; longer sequences are not offered to it.
    context: Math.min(positionsOf(config), windowOf(config) ?? Infinity),
    vocab,
    rope: { ...readRope(config), interleaved: false },
    qkvBias: modelType === 'qwen2' || bias,
    outputBias: modelType !== 'qwen2' && bias,
    mlpBias: config.flag('mlp_bias', false),
    tied: config.flag('tie_word_embeddings', false),
    ...endTokens(config, vocab),
  };
}

function gpt2(config: Config): Gpt2Config {
  const { path } = config;
  const [hidden, heads] = [config.size('n_embd'), config.size('n_head')];
  divides(path, 'n_embd', hidden, 'n_head', heads);
  if (!config.flag('scale_attn_weights', true)) {
    throw unsupported(path, 'scale_attn_weights', 'false', 'true');
  }
  if (config.flag('scale_attn_by_inverse_layer_idx', false)) {
    throw unsupported(path, 'scale_attn_by_inverse_layer_idx', 'true', 'false');
  }
  const vocab = config.size('vocab_size');
  return {
    family: 'gpt2',
    modelType: 'gpt2',
    hidden,
    layers: config.layers('n_layer'),
    heads,
    kvHeads: heads,
    headDim: hidden / heads,
    ffn: config.sizeOr(4 * hidden, 'n_inner'),
    activation: activation(config, 'activation_function'),
    epsilon: config.number('layer_norm_epsilon', 1e-5),
    context: config.size('n_positions', 'n_ctx'),
    vocab,
    tied: config.flag('tie_word_embeddings', true),
    ...endTokens(config, vocab),
  };
}

function encoder(modelType: string, config: Config): Omit<Common, 'context'> {
  const [hidden, heads] = [config.size('hidden_size'), config.size('num_attention_heads')];
  divides(config.path, 'hidden_size', hidden, 'num_attention_heads', heads);
  return {
    modelType,
    hidden,
    layers: config.layers('num_hidden_layers'),
    heads,
    kvHeads: heads,
    headDim: hidden / heads,
    ffn: config.size('intermediate_size'),
    activation: activation(config, 'hidden_act'),
    epsilon: config.number('layer_norm_eps', 1e-12),
  };
}

function bert(config: Config): BertConfig {
  const positions = config.text('position_embedding_type') ?? 'absolute';
  if (positions !== 'absolute') {
    throw unsupported(config.path, 'position_embedding_type', positions, 'absolute');
  }
  return {
    family: 'bert',
    ...encoder('bert', config),
    context: config.size('max_position_embeddings'),
    vocab: config.size('vocab_size'),
    types: config.size('type_vocab_size'),
  };
}

function vit(config: Config): VitConfig {
  const [image, patch] = [config.size('image_size'), config.size('patch_size')];
  divides(config.path, 'image_size', image, 'patch_size', patch);
  const names = config.object('id2label');
  const labels = Object.keys(names?.values ?? {})
    .sort((a, b) => Number(a) - Number(b))
    .map((id) => names!.text(id) ?? id);
  return {
    family: 'vit',
    ...encoder('vit', config),
    context: (image / patch) ** 2 + 1,
    image,
    patch,
    channels: config.size('num_channels'),
    qkvBias: config.flag('qkv_bias', true),
    labels: labels.length > 0 ? labels : ['LABEL_0', 'LABEL_1'],
  };
}

/** The activation that the engine runs. */
function activation(config: Config, key: string): ActivationName {
  const name = config.text(key);
  const exact = name !== undefined && Object.hasOwn(ACTIVATIONS, name) ? ACTIVATIONS[name].exact : undefined;
  if (exact !== undefined) return exact;
  if (name === undefined) throw config.missing([key]);
  const run = Object.keys(ACTIVATIONS).filter((one) => ACTIVATIONS[one].exact !== undefined);
  throw unknownName('activation', name, run, `${config.path}: ${key}`);
}

/** First token and end tokens, checked against the vocabulary. */
function endTokens(config: Config, vocab: number): Pick<DecoderConfig, 'bos' | 'eos'> {
  const [bos, eos] = [config.integers('bos_token_id'), config.integers('eos_token_id')];
  inVocabulary(config.path, 'bos_token_id', bos, vocab);
  inVocabulary(config.path, 'eos_token_id', eos, vocab);
  return { bos: bos[0], eos };
}
