import { MugiError, nearest } from '../errors.ts';
import { Config, isRecord } from './hf/config.ts';
import { bert, roberta, swin, swinV2, vit, vivit, whisper } from './hf/encoders.ts';
import { falcon, gpt2, gptNeox, opt, phi } from './hf/gpt.ts';
import { gemma, gemma2, gemma3, llama, mistral, olmo2, phi3, qwen2, qwen3 } from './hf/llama.ts';
import { gptOss, mixtral, olmoe, qwen2Moe, qwen3Moe } from './hf/moe.ts';
import { REFUSED } from './hf/refused.ts';
import type { ModelShape } from './model.ts';

type Stack = ModelShape['stacks'][number];

/** Readers by `model_type`. Adding a family is one function and one line. */
const FAMILIES: Readonly<Record<string, (config: Config) => Stack | Stack[]>> = {
  llama,
  mistral,
  mixtral,
  qwen2,
  qwen3,
  qwen2_moe: qwen2Moe,
  qwen3_moe: qwen3Moe,
  gemma,
  gemma2,
  gemma3_text: gemma3,
  phi,
  phi3,
  gpt2,
  gpt_neox: gptNeox,
  gpt_oss: gptOss,
  opt,
  falcon,
  olmo2,
  olmoe,
  bert,
  roberta,
  vit,
  vivit,
  swin,
  swinv2: swinV2,
  whisper,
};

/** Values of `model_type` that are read. */
export const MODEL_TYPES = Object.keys(FAMILIES);

/**
 * Shapes of a model from its parsed Hugging Face config.json; `path` names the file in errors, `name` the model.
 * A multi-modal wrapper gives the language model of its `text_config`. Throws MugiError for files that are something
 * else, for missing, misspelt or impossible keys, and for what cannot be modelled faithfully.
 */
export function modelFromConfig(json: unknown, path: string, name: string): ModelShape {
  if (!isRecord(json)) {
    throw new MugiError({
      code: 'invalid-file',
      message: 'the file holds no JSON object',
      path,
      expected: 'a Hugging Face config.json',
      received: json === null ? 'null' : Array.isArray(json) ? 'an array' : `a ${typeof json}`,
    });
  }
  const outer = new Config(json, path);
  const kind = outer.text('model_type');
  if (kind === undefined) throw foreign(outer);
  if (Object.hasOwn(REFUSED, kind)) throw outer.refuse(`${REFUSED[kind]} ("${kind}")`, 'model_type');
  const inner = Object.hasOwn(FAMILIES, kind) ? undefined : outer.object('text_config');
  const config = inner ?? outer;
  const type = inner === undefined ? kind : inner.text('model_type');
  if (type === undefined) throw config.missing(['model_type']);
  if (Object.hasOwn(REFUSED, type)) throw config.refuse(`${REFUSED[type]} ("${type}")`, 'model_type');
  if (!Object.hasOwn(FAMILIES, type)) throw unknownType(type, config.path);
  const stacks = [FAMILIES[type](config)].flat();
  const bits = weightBits(outer) ?? weightBits(config);
  config.refuseMisspelt();
  const notes = [...new Set([...outer.notes, ...(inner?.notes ?? [])])];
  if (inner !== undefined) notes.push(`the language model of "${kind}"; its other parts are left out`);
  return {
    name,
    title: `${name} (${type})`,
    source: path,
    stacks,
    ...(bits === undefined ? {} : { weightBits: bits }),
    ...(notes.length > 0 ? { notes } : {}),
  };
}

function foreign(config: Config): MugiError {
  const near = config.missing(['model_type']).details;
  const keys = Object.keys(config.values);
  return new MugiError({
    code: 'invalid-file',
    message: 'this is no Hugging Face model configuration: it has no "model_type"',
    path: `${config.path}: model_type`,
    expected: `one of ${MODEL_TYPES.join(', ')}`,
    received:
      keys.length === 0
        ? 'an object without keys'
        : `an object with ${keys.slice(0, 6).join(', ')}${keys.length > 6 ? ', …' : ''}`,
    ...(near.nearest === undefined ? {} : { nearest: near.nearest }),
  });
}

function unknownType(type: string, path: string): MugiError {
  const near = nearest(type, MODEL_TYPES);
  return new MugiError({
    code: 'unsupported',
    message: `models of type "${type}" are not read`,
    path: `${path}: model_type`,
    expected: `one of ${MODEL_TYPES.join(', ')}`,
    received: type,
    ...(near === undefined ? {} : { nearest: near }),
  });
}

/** Weight bits of `quantization_config` (GPTQ, AWQ, bitsandbytes), where there is one that says so. */
function weightBits(config: Config): number | undefined {
  const quantisation = config.object('quantization_config');
  if (quantisation === undefined) return undefined;
  const bits = quantisation.optionalSize('bits', 'w_bit');
  if (bits !== undefined) {
    if (bits <= 16) return bits;
    throw quantisation.invalid('bits', 'at most 16', bits);
  }
  if (quantisation.flag('load_in_4bit', false)) return 4;
  if (quantisation.flag('load_in_8bit', false)) return 8;
  const method = quantisation.text('quant_method') ?? 'an unnamed method';
  config.notes.push(`quantization_config (${method}) gives no bits; weights are as wide as the options say`);
  return undefined;
}
