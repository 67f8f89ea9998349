import type { Arithmetic } from './arithmetic.ts';
import { isDecoder } from './config.ts';
import { KvCache } from './kv-cache.ts';
import type { Model } from './model.ts';
import { MugiError } from '../errors.ts';
import { random } from '../number/random.ts';

export interface GenerateOptions {
  arithmetic: Arithmetic;
  maxTokens: number;
  /** 0 takes the most likely token. */
  temperature: number;
  seed: number;
}

/** Continues `prompt` token by token with a KV cache; stops at an end token or when the context is full. */
export function* generate(
  model: Model,
  prompt: readonly number[],
  options: GenerateOptions,
): Generator<number> {
  const { config } = model;
  if (!isDecoder(config)) {
    throw new MugiError({
      code: 'unsupported',
      message: `a ${config.modelType} model does not generate text`,
    });
  }
  let ids = config.bos === undefined ? [...prompt] : [config.bos, ...prompt];
  if (ids.length === 0) {
    throw new MugiError({ code: 'invalid-value', message: 'the prompt is empty', path: '--prompt' });
  }
  const cache = new KvCache(config);
  const uniform = random(options.seed);
  for (let n = 0; n < options.maxTokens && cache.length() + ids.length <= config.context; n++) {
    const batch = {
      kind: 'tokens' as const,
      ids: Int32Array.from(ids),
      sequences: [{ rows: ids.length, cache }],
    };
    const hidden = model.forward(batch, options.arithmetic);
    const next = sample(model.logits(hidden, ids.length - 1, ids.length), options.temperature, uniform);
    if (config.eos.includes(next)) return;
    yield next;
    ids = [next];
  }
}

function sample(logits: Float32Array, temperature: number, uniform: () => number): number {
  let best = 0;
  for (let i = 1; i < logits.length; i++) if (logits[i]! > logits[best]!) best = i;
  if (temperature === 0) return best;
  const weights = logits.map((x) => Math.exp((x - logits[best]!) / temperature));
  let left = uniform() * weights.reduce((a, b) => a + b, 0);
  return Math.max(
    0,
    weights.findIndex((weight) => (left -= weight) <= 0),
  );
}
