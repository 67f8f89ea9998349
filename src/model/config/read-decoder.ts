import type { Config } from '../../huggingface/config.ts';
import { type LanguageModel, tiedOf } from '../../huggingface/language-model.ts';
import type { DecoderStack, LayerSpec } from '../../workload/model.ts';
import { activation } from './activation.ts';
import type { Common, DecoderConfig, DecoderLayerConfig, Rope } from './config.ts';
import { inVocabulary, unsupported } from './config-checks.ts';
import { DECODERS, type DecoderTraits } from './decoder-families.ts';
import { LLAMA_NAMES } from './decoder-names.ts';
import { queryGrowth, type Ropes, readRopes } from './read-rope.ts';

/**
 * A decoder as it is run: sizes, windows and experts of its layers as the workload has them, and what the family adds.
 * @throws MugiError for what the file asks for and the engine does not compute
 */
export function readDecoder(model: LanguageModel, stack: DecoderStack): DecoderConfig {
  const { config, type } = model;
  const traits = DECODERS[type](config);
  refuseUnrun(config, traits, stack);
  const layers = stack.layers.flatMap((layer) => Array.from({ length: layer.count }, () => layer));
  const [first] = layers;
  const [{ heads, kvHeads, headDim }] = first.attention;
  for (const { attention } of layers) {
    const [own] = attention;
    if (own.heads !== heads || own.kvHeads !== kvHeads || own.headDim !== headDim || own.sharesKv) {
      throw unsupported(config.path, 'layer_types', 'layers of unlike heads', 'equal heads in all layers');
    }
  }
  const theta = traits.theta ?? 10_000;
  const ropes = readRopes(config, { theta, local: traits.local, headDim, interleaved: traits.interleaved });
  const shared = new Map<string, Rope>();
  const each = layers.map((layer, n) => layerOf(layer, n, config, traits, ropes, shared));
  const bias = config.flag('attention_bias', false);
  const activationKeys = traits.activationKeys ?? ['hidden_act', 'hidden_activation'];
  const [epsilonKey, epsilon] = traits.epsilon ?? ['rms_norm_eps', 1e-6];
  const common: Common = {
    modelType: type,
    hidden: first.hidden,
    layers: layers.length,
    heads,
    kvHeads,
    headDim,
    ffn: each[0].ffn,
    activation:
      traits.activation !== undefined && activationKeys.every((key) => config.value(key) === undefined)
        ? traits.activation
        : activation(config, ...activationKeys),
    epsilon: config.number(epsilonKey, epsilon),
    context: stack.maxContext,
  };
  const vocab = stack.vocabulary;
  return {
    family: 'decoder',
    ...common,
    vocab,
    tied: tiedOf(model),
    ...endTokens(model, vocab),
    each,
    names: traits.names ?? LLAMA_NAMES,
    blocks: traits.blocks ?? 'pre',
    norm: { kind: 'rms', offset: 0, weights: 'scale', ...traits.norm },
    qkNorm: traits.qkNorm,
    gated: first.ffn!.gated,
    bias: { qkv: bias, output: bias, mlp: config.flag('mlp_bias', false), head: false, ...traits.bias },
    scale: { embedding: 1, scores: 1 / Math.sqrt(headDim), residual: 1, logits: 1, ...traits.scale },
    cap: { scores: undefined, logits: undefined, ...traits.cap },
    clip: traits.clip,
    sinks: traits.sinks ?? false,
    router: each.some(({ experts }) => experts !== undefined)
      ? { softmax: 'all', normalise: false, bias: false, limit: undefined, ...traits.router }
      : undefined,
    queryGrowth: queryGrowth(config),
  };
}

/** One object for all layers that turn alike: angles are kept for each (src/model/layer/rope.ts). */
function once(rope: Rope, shared: Map<string, Rope>): Rope {
  const key = JSON.stringify(rope);
  const known = shared.get(key) ?? rope;
  shared.set(key, known);
  return known;
}

function layerOf(
  { attention: [attention], ffn, rope }: LayerSpec,
  n: number,
  config: Config,
  traits: DecoderTraits,
  ropes: Ropes,
  shared: Map<string, Rope>,
): DecoderLayerConfig {
  const { window, rotaryDim } = attention;
  const turns = rope && rotaryDim !== 0 && !(traits.noRopeInFull === true && window === undefined);
  const own: Rope = window === undefined ? ropes.full : ropes.local;
  if (rotaryDim !== undefined && rotaryDim % 2 !== 0) {
    throw unsupported(
      config.path,
      'partial_rotary_factor',
      `${rotaryDim} elements of a head`,
      'an even number',
    );
  }
  if (ffn === undefined)
    throw unsupported(config.path, 'layer_types', `layer ${n} without a network`, 'one a layer');
  const { experts } = ffn;
  return {
    ...(window === undefined ? {} : { window }),
    ...(turns ? { rope: once({ ...own, dim: rotaryDim ?? attention.headDim }, shared) } : {}),
    ffn: ffn.hidden,
    ...(experts === undefined
      ? {}
      : {
          experts: {
            total: experts.total,
            active: experts.active,
            hidden: ffn.hidden,
            ...(experts.shared > 0
              ? { shared: { hidden: experts.sharedHidden ?? ffn.hidden, gate: experts.sharedGate === true } }
              : {}),
          },
        }),
  };
}

/** Keys that change what is computed, and the value that the engine has. */
const NEUTRAL: Readonly<Record<string, unknown>> = {
  use_qk_norm: false,
  use_bidirectional_attention: false,
  is_causal: true,
  attention_chunk_size: undefined,
  num_kv_shared_layers: 0,
};

function refuseUnrun(config: Config, traits: DecoderTraits, stack: DecoderStack): void {
  for (const [key, neutral] of Object.entries(NEUTRAL)) {
    const value = config.value(key);
    if (value === undefined || value === neutral) continue;
    throw unsupported(config.path, key, String(value), String(neutral));
  }
  if (stack.head !== undefined) {
    throw unsupported(
      config.path,
      'architectures',
      String(config.texts('architectures')?.[0]),
      'a head of words',
    );
  }
  for (const { key, when, received, expected } of traits.refuses ?? [])
    if (when) throw unsupported(config.path, key, received, expected);
}

/** First token and end tokens, of the language model or its wrapper, checked against the vocabulary. */
export function endTokens({ config, chain }: Pick<LanguageModel, 'config' | 'chain'>, vocab: number) {
  const of = (key: string): number[] => {
    const saying = [...chain].reverse().find((one) => one.has(key));
    const ids = saying?.integers(key) ?? [];
    inVocabulary(config.path, key, ids, vocab);
    return ids;
  };
  return { bos: of('bos_token_id').at(0), eos: of('eos_token_id') };
}
