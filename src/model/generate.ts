import type { Arithmetic } from './arithmetic.ts';
import { isDecoder } from './config.ts';
import { KvCache } from './kv-cache.ts';
import type { Model } from './model.ts';
import { MugiError } from '../errors.ts';

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
  const random = uniform(options.seed);
  for (let n = 0; n < options.maxTokens && cache.length() + ids.length <= config.context; n++) {
    const batch = {
      kind: 'tokens' as const,
      ids: Int32Array.from(ids),
      sequences: [{ rows: ids.length, cache }],
    };
    const hidden = model.forward(batch, options.arithmetic);
    const next = sample(model.logits(hidden, ids.length - 1, ids.length), options.temperature, random);
    if (config.eos.includes(next)) return;
    yield next;
    ids = [next];
  }
}

function sample(logits: Float32Array, temperature: number, random: () => number): number {
  let best = 0;
  for (let i = 1; i < logits.length; i++) if (logits[i]! > logits[best]!) best = i;
  if (temperature === 0) return best;
  const weights = logits.map((x) => Math.exp((x - logits[best]!) / temperature));
  let left = random() * weights.reduce((a, b) => a + b, 0);
  return Math.max(
    0,
    weights.findIndex((weight) => (left -= weight) <= 0),
  );
}

/** Mulberry32: a seeded uniform generator, so that a run can be repeated. */
function uniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
