import type { Arithmetic } from './arithmetic.ts';
import { type TextConfig, isDecoder, type ModelConfig } from './config/config.ts';
import { KvCache } from './layer/kv-cache.ts';
import type { LoadedModel } from './model.ts';
import { MugiError } from '../errors.ts';
import { random } from '../number/random.ts';

export interface GenerateOptions {
  arithmetic: Arithmetic;
  maxTokens: number;
  /** 0 takes the most likely token. */
  temperature: number;
  seed: number;
  /** Called when generation stops because the context, in tokens, is full. */
  onContextFull?: (context: number) => void;
  /** Told behind each layer that the prompt has gone through. */
  onPrompt?: (layer: number, layers: number) => void;
}

/** Refuses a model that has no next token. */
export function generatesText(config: ModelConfig): TextConfig {
  if (isDecoder(config)) return config;
  throw new MugiError({
    code: 'unsupported',
    message: `a ${config.modelType} model does not generate text`,
    path: 'model',
    expected: 'a decoder, such as llama, qwen3 or gpt2',
    received: config.modelType,
  });
}

/**
 * A prompt as the model gets it, with its first token before it.
 * @throws MugiError for an empty prompt and for one longer than the context
 */
export function promptTokens(config: TextConfig, prompt: readonly number[]): number[] {
  const ids = config.bos === undefined ? [...prompt] : [config.bos, ...prompt];
  if (ids.length === 0) {
    throw new MugiError({ code: 'invalid-value', message: 'the prompt is empty', path: 'prompt' });
  }
  if (ids.length <= config.context) return ids;
  const counted = config.bos === undefined ? '' : ' with the first token of every sequence';
  throw new MugiError({
    code: 'invalid-value',
    message: `the prompt has ${ids.length} tokens${counted}, and the model's context has ${config.context}`,
    path: 'prompt',
    expected: `at most ${config.context} tokens`,
    received: `${ids.length} tokens`,
  });
}

/**
 * Continues `prompt` token by token with a KV cache; stops at an end token or when the context is full.
 * @throws MugiError, before any token is asked for, for a model that does not generate text and a prompt that is
 * refused by {@link promptTokens}
 */
export function generate(
  model: LoadedModel,
  prompt: readonly number[],
  options: GenerateOptions,
): Generator<number> {
  const config = generatesText(model.config);
  return continuation(model, config, promptTokens(config, prompt), options);
}

function* continuation(
  model: LoadedModel,
  config: TextConfig,
  prompt: number[],
  options: GenerateOptions,
): Generator<number> {
  let ids = prompt;
  const cache = new KvCache(config);
  const uniform = random(options.seed);
  for (let n = 0; n < options.maxTokens; n++) {
    if (cache.length() + ids.length > config.context) {
      options.onContextFull?.(config.context);
      return;
    }
    const batch = {
      kind: 'tokens' as const,
      ids: Int32Array.from(ids),
      sequences: [{ rows: ids.length, cache }],
      onLayer: n === 0 ? options.onPrompt : undefined,
    };
    const hidden = model.forward(batch, options.arithmetic);
    const logits = model.logits(hidden, ids.length - 1, ids.length, options.arithmetic);
    const next = sample(logits, options.temperature, uniform);
    if (config.eos.includes(next)) return;
    yield next;
    ids = [next];
  }
}

function sample(logits: Float32Array, temperature: number, uniform: () => number): number {
  let best = 0;
  for (let i = 1; i < logits.length; i++) if (logits[i] > logits[best]) best = i;
  if (temperature === 0) return best;
  const weights = logits.map((x) => Math.exp((x - logits[best]) / temperature));
  let left = uniform() * weights.reduce((a, b) => a + b, 0);
  return Math.max(
    0,
    weights.findIndex((weight) => (left -= weight) <= 0),
  );
}
