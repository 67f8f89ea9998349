import { MugiError, nearest } from '../errors.ts';
import { line } from '../shown.ts';
import { Config, isRecord } from './config.ts';
import { DEFAULTS } from './defaults/index.ts';

/** Keys under which multi-modal wrappers keep their language model. */
const INNER = ['text_config', 'llm_config', 'language_config', 'thinker_config', 'llm_cfg', 'talker_config'];

/** How many wrappers may lie around one another: Qwen Omni has a thinker that holds a text_config. */
const MAX_DEPTH = 3;

/**
 * Model types that are another one under a new name: the same operators in the same sizes. Wrappers whose files
 * used to be flat (Qwen VL) stand here too.
 */
const ALIASES: Readonly<Record<string, string>> = {
  qwen2_vl: 'qwen2',
  qwen2_vl_text: 'qwen2',
  qwen2_5_vl: 'qwen2',
  qwen2_5_vl_text: 'qwen2',
  qwen2_5_omni_text: 'qwen2',
  qwen3_vl_text: 'qwen3',
  qwen3_vl_moe_text: 'qwen3_moe',
  qwen3_omni_moe_text: 'qwen3_moe',
  qwen3_5_text: 'qwen3_5',
  qwen3_5_moe_text: 'qwen3_5_moe',
  mimo: 'qwen2',
  internlm2: 'llama',
  internlm3: 'llama',
  yi: 'llama',
  Yi: 'llama',
  stablelm_epoch: 'stablelm',
  seed_oss: 'llama',
  baichuan: 'llama',
  minicpm: 'llama',
  aquila: 'llama',
  phi3_v: 'phi3',
  phi4mm: 'phi3',
  kimi_k2: 'deepseek_v3',
  deepseek_vl_v2: 'deepseek_v2',
  deci: 'nemotron-nas',
  RefinedWeb: 'falcon',
  RefinedWebModel: 'falcon',
  'xlm-roberta-xl': 'xlm-roberta',
};

/** Families by the name of their architecture's class, where that is not the model type without underscores. */
const CLASSES: Readonly<Record<string, string>> = {
  llama: 'llama',
  deepseekv4: 'deepseek_v4',
  decilm: 'nemotron-nas',
  minimaxm3sparse: 'minimax_m3',
  // LLaVA before transformers had it: the language model's own keys, flat.
  llavallama: 'llama',
  llavamistral: 'mistral',
  llavaqwen: 'qwen2',
  rw: 'falcon',
  rwmodel: 'falcon',
};

/** The configuration of a language model inside a file. */
export interface LanguageModel {
  config: Config;
  /** Model type as the readers know it. */
  type: string;
  /** From the file itself to the language model, wrappers first. */
  chain: Config[];
}

/** True for `Family`: reads the type, or has a reason to refuse it. */
type Known = (type: string) => boolean;

/**
 * Finds the language model of a parsed config.json: the file itself, or what a multi-modal wrapper holds under
 * `text_config` and its like. A type that nobody knows is looked for by the class in `architectures`.
 * @throws MugiError for files without `model_type`, and for types that are not read
 */
export function languageModel(outer: Config, known: Known, names: readonly string[]): LanguageModel {
  const chain = [outer];
  for (let depth = 0; depth <= MAX_DEPTH; depth++) {
    const config = chain.at(-1)!;
    const given = config.text('model_type');
    const type = resolve(config, given, known);
    const inner = INNER.filter((key) => isRecord(config.values[key]) && Object.hasOwn(config.values, key));
    // A wrapper may have the name of its family, and newer files of Qwen VL hold what used to be flat: inside first.
    if (inner.length > 0) {
      chain.push(config.inner(inner[0]));
      continue;
    }
    if (type === undefined) throw unknown(config, given, names, depth > 0);
    return { config: config.withDefaults(type, own(DEFAULTS, type)), type, chain };
  }
  throw outer.refuse('a wrapper of a wrapper of a wrapper', 'model_type');
}

const own = <T>(table: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;

function resolve(config: Config, type: string | undefined, known: Known): string | undefined {
  if (type !== undefined) {
    const alias = own(ALIASES, type) ?? type;
    if (known(alias)) return alias;
  }
  // Only a class of a language model says what an unknown type is; wrappers are looked into instead.
  const name = config.texts('architectures')?.[0];
  const family = /^(\w+?)(?:ForCausalLM|LMHeadModel|Model)$/.exec(name ?? '')?.[1];
  if (name === undefined || family === undefined) return undefined;
  const squeezed = family.toLowerCase();
  const found =
    own(CLASSES, squeezed) ?? [...candidates()].find((one) => one.replaceAll(/[_-]/g, '') === squeezed);
  if (found === undefined || !known(found)) return undefined;
  if (type !== undefined)
    config.notes.push(
      `model_type "${line(type, 60)}" is not known; read as the ${line(name, 60)} that "architectures" names`,
    );
  return found;
}

const candidates = (): Set<string> => new Set([...Object.keys(DEFAULTS), ...Object.values(CLASSES)]);

function unknown(
  config: Config,
  type: string | undefined,
  names: readonly string[],
  inner: boolean,
): MugiError {
  if (type === undefined) return inner ? config.missing(['model_type']) : foreign(config, names);
  const near = nearest(type, names);
  return new MugiError({
    code: 'unsupported',
    message: `models of type "${line(type, 60)}" are not read`,
    path: config.at('model_type'),
    expected: `one of ${names.join(', ')}`,
    received: line(type, 60),
    ...(near === undefined ? {} : { nearest: near }),
  });
}

function foreign(config: Config, names: readonly string[]): MugiError {
  const near = config.missing(['model_type']).details;
  const keys = Object.keys(config.values).map((key) => line(key, 40));
  return new MugiError({
    code: 'invalid-file',
    message: 'not a Hugging Face model configuration: "model_type" is missing',
    path: config.at('model_type'),
    expected: `one of ${names.join(', ')}`,
    received:
      keys.length === 0
        ? 'an object without keys'
        : `an object with ${keys.slice(0, 6).join(', ')}${keys.length > 6 ? ', …' : ''}`,
    ...(near.nearest === undefined ? {} : { nearest: near.nearest }),
  });
}

/**
 * Whether the output head is the transposed embedding: the language model says so, else the wrappers around it
 * from the inside out, else its family (LLaVA OneVision states it on the wrapper only).
 */
export function tiedOf({ config, chain }: LanguageModel, fallback = false): boolean {
  const saying = [...chain].reverse().find((one) => one.has('tie_word_embeddings'));
  return (saying ?? config).flag('tie_word_embeddings', fallback);
}
