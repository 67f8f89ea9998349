import { Config, isRecord } from '../../huggingface/config.ts';
import { languageModel, type LanguageModel } from '../../huggingface/language-model.ts';
import { MugiError } from '../../errors.ts';
import { known, MODEL_TYPES, stacksOf } from '../../workload/hf-config.ts';
import { activation } from './activation.ts';
import type { Gpt2Config, ModelConfig } from './config.ts';
import { divides, unsupported } from './config-checks.ts';
import { DECODERS } from './decoder-families.ts';
import { endTokens, readDecoder } from './read-decoder.ts';
import { bert, vit, vivit } from './read-encoders.ts';
import { swinV2 } from './read-swin.ts';
import { whisper } from './read-whisper.ts';

/** What the engine runs besides the decoders of Llama's shape, by `model_type`. */
const OTHERS: Readonly<Record<string, (model: LanguageModel) => ModelConfig>> = {
  gpt2,
  bert: (model) => bert(model, 0),
  roberta: (model) => bert(model, model.config.count(1, 'pad_token_id') + 1),
  vit,
  vivit,
  swinv2: swinV2,
  whisper,
};

/** Values of `model_type` that are run. */
export const RUN_TYPES: readonly string[] = [...Object.keys(DECODERS), ...Object.keys(OTHERS)];

/** Types that are another one by name only: the same weights under the same names. */
const SAME_WEIGHTS: Readonly<Record<string, string>> = {
  yi: 'llama',
  camembert: 'roberta',
  'xlm-roberta': 'roberta',
};

/**
 * Reads a parsed `config.json` for execution, by the reader that workloads use: the same defaults, sizes, windows and
 * experts. Whatever the engine does not compute is refused by its reason.
 * @param path the file's name, for errors
 * @throws MugiError for an unknown architecture, a missing key, or a feature the engine does not support
 */
export function readConfig(raw: unknown, path: string): ModelConfig {
  const outer = new Config(isRecord(raw) ? raw : {}, path);
  if (outer.text('model_type') === undefined && !outer.has('architectures')) {
    throw new MugiError({
      code: 'invalid-file',
      message: 'no model configuration: the key model_type is missing',
      path: `${path}: model_type`,
      expected: `one of ${RUN_TYPES.join(', ')}`,
    });
  }
  const found = languageModel(outer, known, MODEL_TYPES);
  for (const one of found.chain) refuseQuantised(one);
  const model = { ...found, type: SAME_WEIGHTS[found.type] ?? found.type };
  const given = found.config.text('model_type') ?? found.type;
  if (Object.hasOwn(OTHERS, model.type)) return OTHERS[model.type](model);
  const stacks = stacksOf(model);
  const [stack] = stacks;
  if (!Object.hasOwn(DECODERS, model.type) || (SAME_WEIGHTS[given] ?? given) !== model.type) {
    throw new MugiError({
      code: 'unsupported',
      message: `a model of type "${given}" is read for workloads, but the engine does not run it`,
      path: found.config.at('model_type'),
      expected: `one of ${RUN_TYPES.join(', ')}`,
      received: given,
    });
  }
  if (stacks.length !== 1 || stack.kind !== 'decoder') {
    throw unsupported(path, 'architectures', 'attention that looks both ways', 'a decoder');
  }
  return readDecoder(model, stack);
}

/** Methods whose weights are unpacked, and the keys whose other values stand for layouts that are not. */
const UNPACKED: Readonly<Record<string, readonly [key: string, ...values: string[]] | []>> = {
  gptq: ['checkpoint_format', 'gptq'],
  awq: ['version', 'gemm'],
  fp8: [],
  fbgemm_fp8: [],
  mxfp4: [],
  'compressed-tensors': ['format', 'pack-quantized', 'int-quantized', 'float-quantized', 'naive-quantized'],
};

function refuseQuantised(config: Config): void {
  for (const name of ['quantization_config', 'quantization']) {
    const quantised = config.object(name);
    if (quantised === undefined) continue;
    const method = quantised.text('quant_method') ?? 'quantised';
    const [key, ...values] = Object.hasOwn(UNPACKED, method) ? UNPACKED[method] : [''];
    if (key === undefined) continue;
    const layout = quantised.text(key);
    if (key !== '' && (layout === undefined || values.includes(layout.toLowerCase()))) continue;
    throw unsupported(
      config.path,
      key === '' ? name : `${name}.${key}`,
      key === '' ? method : String(layout),
      `${Object.keys(UNPACKED).join(', ')}, or weights in F32, F16 or BF16`,
    );
  }
}

function gpt2({ config, chain }: LanguageModel): Gpt2Config {
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
    ...endTokens({ config, chain }, vocab),
  };
}
