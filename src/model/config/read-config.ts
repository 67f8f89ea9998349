import { z } from 'zod';
import { MugiError, unknownName } from '../../errors.ts';
import type {
  ActivationName,
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

/** `hidden_act` and its synonyms in Hugging Face configurations. */
const ACTIVATIONS: Readonly<Record<string, ActivationName>> = {
  silu: 'silu',
  swish: 'silu',
  gelu: 'gelu',
  gelu_new: 'gelu-tanh',
  gelu_fast: 'gelu-tanh',
  gelu_pytorch_tanh: 'gelu-tanh',
  quick_gelu: 'gelu-quick',
  relu: 'relu',
};

const size = z.number().int().positive();
const optional = <T extends z.ZodType>(type: T) => type.nullish().transform((value) => value ?? undefined);
const ids = optional(z.union([z.number().int(), z.array(z.number().int())]));

const Llama = z.object({
  hidden_size: size,
  num_hidden_layers: size,
  num_attention_heads: size,
  num_key_value_heads: optional(size),
  head_dim: optional(size),
  intermediate_size: size,
  hidden_act: z.string().default('silu'),
  rms_norm_eps: z.number().positive().default(1e-6),
  max_position_embeddings: size.default(2048),
  vocab_size: size,
  attention_bias: z.boolean().default(false),
  mlp_bias: z.boolean().default(false),
  tie_word_embeddings: z.boolean().default(false),
  sliding_window: optional(size),
  use_sliding_window: z.boolean().default(true),
  bos_token_id: ids,
  eos_token_id: ids,
});

const Gpt2 = z.object({
  n_embd: size,
  n_layer: size,
  n_head: size,
  n_inner: optional(size),
  n_positions: size,
  vocab_size: size,
  activation_function: z.string().default('gelu_new'),
  layer_norm_epsilon: z.number().positive().default(1e-5),
  scale_attn_weights: z.boolean().default(true),
  scale_attn_by_inverse_layer_idx: z.boolean().default(false),
  tie_word_embeddings: z.boolean().default(true),
  bos_token_id: ids,
  eos_token_id: ids,
});

const Encoder = z.object({
  hidden_size: size,
  num_hidden_layers: size,
  num_attention_heads: size,
  intermediate_size: size,
  hidden_act: z.string().default('gelu'),
  layer_norm_eps: z.number().positive().default(1e-12),
});

const Bert = Encoder.extend({
  max_position_embeddings: size,
  vocab_size: size,
  type_vocab_size: size.default(2),
  position_embedding_type: z.string().default('absolute'),
});

const Vit = Encoder.extend({
  image_size: size,
  patch_size: size,
  num_channels: size.default(3),
  qkv_bias: z.boolean().default(true),
  id2label: optional(z.record(z.string(), z.string())),
});

const READERS: Readonly<Record<string, (raw: unknown, path: string) => ModelConfig>> = {
  llama: (raw, path) => llama('llama', raw, path),
  mistral: (raw, path) => llama('mistral', raw, path),
  qwen2: (raw, path) => llama('qwen2', raw, path),
  gpt2,
  bert,
  vit,
};

/**
 * Reads a parsed `config.json`.
 * @param path the file's name, for errors
 * @throws MugiError for an unknown architecture, a missing key, or a feature the engine has not
 */
export function readConfig(raw: unknown, path: string): ModelConfig {
  const type = z.object({ model_type: z.string() }).safeParse(raw);
  if (!type.success) {
    throw new MugiError({
      code: 'invalid-file',
      message: 'no model configuration: the key model_type is missing',
      path: `${path}: model_type`,
      expected: `one of ${Object.keys(READERS).join(', ')}`,
    });
  }
  const quantised = (raw as { quantization_config?: { quant_method?: unknown } }).quantization_config;
  if (quantised) {
    throw unsupported(
      path,
      'quantization_config',
      String(quantised.quant_method ?? 'quantised'),
      'weights in F32, F16 or BF16 (mugi quantises by itself: --weights int4)',
    );
  }
  const reader = READERS[type.data.model_type];
  if (!reader) {
    throw unknownName('architecture', type.data.model_type, Object.keys(READERS), `${path}: model_type`);
  }
  return reader(raw, path);
}

function llama(modelType: string, raw: unknown, path: string): LlamaConfig {
  const c = parse(Llama, raw, path);
  const kvHeads = c.num_key_value_heads ?? c.num_attention_heads;
  divides(path, 'num_attention_heads', c.num_attention_heads, 'num_key_value_heads', kvHeads);
  if (c.head_dim === undefined) {
    divides(path, 'hidden_size', c.hidden_size, 'num_attention_heads', c.num_attention_heads);
  }
  const window = c.use_sliding_window ? c.sliding_window : undefined;
  return {
    family: 'llama',
    modelType,
    hidden: c.hidden_size,
    layers: c.num_hidden_layers,
    heads: c.num_attention_heads,
    kvHeads,
    headDim: c.head_dim ?? c.hidden_size / c.num_attention_heads,
    ffn: c.intermediate_size,
    activation: activation(c.hidden_act, path, 'hidden_act'),
    epsilon: c.rms_norm_eps,
    // Up to its sliding window a model attends to everything; longer sequences are not offered to it.
    context: Math.min(c.max_position_embeddings, window ?? Infinity),
    vocab: c.vocab_size,
    rope: { ...readRope(raw as Record<string, unknown>, path), interleaved: false },
    qkvBias: modelType === 'qwen2' || c.attention_bias,
    outputBias: modelType !== 'qwen2' && c.attention_bias,
    mlpBias: c.mlp_bias,
    tied: c.tie_word_embeddings,
    ...endTokens(c, path),
  };
}

function gpt2(raw: unknown, path: string): Gpt2Config {
  const c = parse(Gpt2, raw, path);
  divides(path, 'n_embd', c.n_embd, 'n_head', c.n_head);
  if (!c.scale_attn_weights) throw unsupported(path, 'scale_attn_weights', 'false', 'true');
  if (c.scale_attn_by_inverse_layer_idx) {
    throw unsupported(path, 'scale_attn_by_inverse_layer_idx', 'true', 'false');
  }
  return {
    family: 'gpt2',
    modelType: 'gpt2',
    hidden: c.n_embd,
    layers: c.n_layer,
    heads: c.n_head,
    kvHeads: c.n_head,
    headDim: c.n_embd / c.n_head,
    ffn: c.n_inner ?? 4 * c.n_embd,
    activation: activation(c.activation_function, path, 'activation_function'),
    epsilon: c.layer_norm_epsilon,
    context: c.n_positions,
    vocab: c.vocab_size,
    tied: c.tie_word_embeddings,
    ...endTokens(c, path),
  };
}

function encoder(modelType: string, c: z.output<typeof Encoder>, path: string): Omit<Common, 'context'> {
  divides(path, 'hidden_size', c.hidden_size, 'num_attention_heads', c.num_attention_heads);
  return {
    modelType,
    hidden: c.hidden_size,
    layers: c.num_hidden_layers,
    heads: c.num_attention_heads,
    kvHeads: c.num_attention_heads,
    headDim: c.hidden_size / c.num_attention_heads,
    ffn: c.intermediate_size,
    activation: activation(c.hidden_act, path, 'hidden_act'),
    epsilon: c.layer_norm_eps,
  };
}

function bert(raw: unknown, path: string): BertConfig {
  const c = parse(Bert, raw, path);
  if (c.position_embedding_type !== 'absolute') {
    throw unsupported(path, 'position_embedding_type', c.position_embedding_type, 'absolute');
  }
  return {
    family: 'bert',
    ...encoder('bert', c, path),
    context: c.max_position_embeddings,
    vocab: c.vocab_size,
    types: c.type_vocab_size,
  };
}

function vit(raw: unknown, path: string): VitConfig {
  const c = parse(Vit, raw, path);
  divides(path, 'image_size', c.image_size, 'patch_size', c.patch_size);
  const labels = Object.entries(c.id2label ?? {})
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, label]) => label);
  return {
    family: 'vit',
    ...encoder('vit', c, path),
    context: (c.image_size / c.patch_size) ** 2 + 1,
    image: c.image_size,
    patch: c.patch_size,
    channels: c.num_channels,
    qkvBias: c.qkv_bias,
    labels: labels.length > 0 ? labels : ['LABEL_0', 'LABEL_1'],
  };
}

function parse<T extends z.ZodType>(schema: T, raw: unknown, path: string): z.output<T> {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const key = issue.path.join('.');
  throw new MugiError({
    code: 'invalid-file',
    message: `${key} is missing or malformed (${issue.message})`,
    path: `${path}: ${key}`,
  });
}

function activation(name: string, path: string, key: string): ActivationName {
  const known = ACTIVATIONS[name];
  if (known !== undefined) return known;
  throw unknownName('activation', name, Object.keys(ACTIVATIONS), `${path}: ${key}`);
}

/** First token and end tokens, checked against the vocabulary. */
function endTokens(
  c: z.output<typeof Llama | typeof Gpt2>,
  path: string,
): Pick<DecoderConfig, 'bos' | 'eos'> {
  const [bos, eos] = [all(c.bos_token_id), all(c.eos_token_id)];
  inVocabulary(path, 'bos_token_id', bos, c.vocab_size);
  inVocabulary(path, 'eos_token_id', eos, c.vocab_size);
  return { bos: bos[0], eos };
}

const all = (value: number | number[] | undefined): readonly number[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];
