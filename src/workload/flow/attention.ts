import type { Attention } from '../model.ts';
import { ENCODER, type Pass, type Steps } from './flow.ts';

/** What stands inside an attention or a network, in front of its last matrix (BitNet). */
export type Inner = (id: string) => string;

/**
 * Dataflow of the operators of an attention, as `decoder.ts`, `encoder.ts` and `latent.ts` make them: a test holds the
 * names equal. Returns what it gives to the sum.
 */
export function attentionFlow(
  steps: Steps,
  attention: Attention,
  { rope, pass, input, inner }: { rope: boolean; pass: Pass; input: string; inner: Inner },
): string {
  const met =
    attention.latent === undefined
      ? headsFlow(steps, attention, { rope, pass, input })
      : latentFlow(steps, attention, { pass, input });
  const prefix = attention.crossSequence === undefined ? '' : 'cross-';
  const scores = steps.step(`${prefix}q·kT`, [...met.queries, ...met.keys, met.chosen]);
  const weights = steps.step(`${prefix}softmax`, [scores]);
  let result = steps.step(`${prefix}a·v`, [weights, ...met.values]);
  if (met.absorbed) result = steps.step('v-absorbed', [result]);
  if (attention.outputGate !== undefined) {
    const gate = steps.step('output-gate-sigmoid', [steps.step('output-gate', [input])]);
    result = steps.through('output-gate-product', [result, gate]);
  }
  return steps.step(`${prefix}a`, [inner(result)]);
}

/** What meets in the scores, and what is weighed with them. */
interface Met {
  queries: string[];
  keys: string[];
  values: string[];
  /** What chooses the keys. */
  chosen?: string | undefined;
  absorbed?: true;
}

function headsFlow(
  steps: Steps,
  attention: Attention,
  { rope, pass, input }: { rope: boolean; pass: Pass; input: string },
): Met {
  const { heads, kvHeads, sharesKv = false, keysAreValues = false } = attention;
  const cross = attention.crossSequence !== undefined;
  const prefix = cross ? 'cross-' : '';
  // Keys and values of an encoder are made once, before anything is decoded.
  const own = !sharesKv && (!cross || pass.phase === 'prefill');
  const source = cross ? ENCODER : input;
  let query = steps.step(`${prefix}q`, [input]);
  const made = own ? steps.step(`${prefix}k`, [source]) : undefined;
  const value = own ? (keysAreValues ? made : steps.step(`${prefix}v`, [source])) : undefined;
  let key = made;
  const turn = (operator: string): void => {
    const all = heads + (sharesKv ? 0 : kvHeads);
    query = steps.through(operator, [query], key === undefined ? 1 : heads / all);
    if (key !== undefined) key = steps.through(operator, [key], kvHeads / all);
  };
  if (attention.qkNorm === true) turn(`${prefix}qk-norm`);
  if (rope && !cross && attention.rotaryDim !== 0) turn('rope');
  if (pass.cached && own) steps.step(`${prefix}kv-write`, [key, value]);
  const chosen = indexFlow(steps, attention, input, input);
  return {
    queries: [query],
    keys: key === undefined ? [] : [key],
    values: value === undefined ? [] : [value],
    chosen,
  };
}

function latentFlow(steps: Steps, attention: Attention, { pass, input }: { pass: Pass; input: string }): Met {
  const { heads } = attention;
  const { queryRank, rank } = attention.latent!;
  const normed = rank + (queryRank ?? 0);
  const down = queryRank === undefined ? undefined : steps.step('q-down', [input]);
  const compressed =
    down === undefined ? undefined : steps.through('latent-norm', [down], queryRank! / normed);
  const query = compressed === undefined ? steps.step('q', [input]) : steps.step('q-up', [compressed]);
  const pair = steps.step('kv-down', [input]);
  const latent = steps.through('latent-norm', [pair], rank / normed);
  // The rotated part of the keys is one head, beside the latent.
  const turns = attention.rotaryDim !== 0;
  const turned = turns ? steps.through('rope', [query], heads / (heads + 1)) : query;
  const rotary = turns ? steps.through('rope', [pair], 1 / (heads + 1)) : pair;
  if (pass.cached) steps.step('kv-write', [latent, rotary]);
  const chosen = indexFlow(steps, attention, input, compressed ?? input);
  if (pass.phase === 'prefill') {
    const up = steps.step('kv-up', [latent]);
    return { queries: [turned], keys: [rotary, up], values: [up], chosen };
  }
  const absorbed = steps.step('q-absorbed', [query]);
  return { queries: [absorbed, turned], keys: [latent, rotary], values: [latent], chosen, absorbed: true };
}

/** The small attention that chooses keys; nothing where there is none, or where an earlier layer has chosen. */
function indexFlow(steps: Steps, { indexer }: Attention, input: string, query: string): string | undefined {
  if (indexer === undefined || indexer.shared === true) return undefined;
  const queries = steps.step('index-q', [query]);
  const keys = steps.step('index-k', [input]);
  const weight = indexer.unweighted === true ? undefined : steps.step('index-weight', [input]);
  steps.step('index-write', [keys]);
  const scores = steps.step('index-relu', [steps.step('index-q·kT', [queries, keys])]);
  return steps.through('index-sum', [scores, weight]);
}
