import type { Config } from '../../huggingface/config.ts';
import { positionsOf } from '../../huggingface/heads.ts';
import { type LanguageModel, tiedOf } from '../../huggingface/language-model.ts';
import type { DecoderStack, Recurrence } from '../model.ts';
import { CONVOLVED } from '../operator.ts';
import { gated, llamaLike } from './llama.ts';
import { experts } from './moe.ts';
import { mamba2, stateBits } from './recurrent.ts';

/** Models of state-space layers alone, and hybrids of them with attention, by their own keys. */

/** Mamba (Gu 2023): a state of `state` values a channel, whose step and matrices come from the input. */
function mamba1(
  config: Config,
  { inner, rank, state, taps }: Record<'inner' | 'rank' | 'state' | 'taps', number>,
): Recurrence {
  return {
    title: 'Mamba',
    projections: [
      { name: 'in', n: 2 * inner, gives: ['convolution', 'gate'] },
      { name: 'x', k: inner, n: rank + 2 * state, reads: CONVOLVED, gives: ['state'] },
      { name: 'dt', k: rank, n: inner, reads: 'x', gives: ['state'] },
    ],
    convolution: { channels: inner, taps },
    state: { elements: inner * state, passes: 2, bits: stateBits(config) },
    output: inner,
    other: inner * (taps + state + 1),
  };
}

/** Layers of one recurrence each, behind one norm. */
function recurrentOnly(model: LanguageModel, recurrence: Recurrence): DecoderStack {
  const { config } = model;
  return {
    kind: 'decoder',
    layers: [
      {
        count: config.layers('num_hidden_layers', 'n_layer'),
        hidden: config.size('hidden_size', 'd_model'),
        attention: [],
        recurrence,
        norm: 'rmsnorm',
        norms: 1,
        rope: false,
      },
    ],
    vocabulary: config.size('vocab_size'),
    maxContext: positionsOf(config),
    tiedEmbeddings: tiedOf(model, true),
  };
}

/** Mamba and Falcon Mamba. */
export function mamba(model: LanguageModel): DecoderStack {
  const { config } = model;
  const hidden = config.size('hidden_size', 'd_model');
  const inner = config.optionalSize('intermediate_size') ?? config.sizeOr(2, 'expand') * hidden;
  const given = config.value('time_step_rank');
  const rank = typeof given === 'number' ? config.size('time_step_rank') : Math.ceil(hidden / 16);
  const state = config.sizeOr(16, 'state_size');
  return recurrentOnly(model, mamba1(config, { inner, rank, state, taps: config.sizeOr(4, 'conv_kernel') }));
}

/** Mamba 2 and Codestral Mamba. */
export function mamba2Model(model: LanguageModel): DecoderStack {
  const { config } = model;
  const inner = config.sizeOr(2, 'expand') * config.size('hidden_size');
  const headDim = config.sizeOr(64, 'head_dim');
  if (inner % headDim !== 0)
    throw config.invalid('head_dim', `a divisor of the inner width ${inner}`, headDim);
  return recurrentOnly(
    model,
    mamba2(config, {
      heads: inner / headDim,
      headDim,
      groups: config.sizeOr(8, 'n_groups'),
      state: config.sizeOr(128, 'state_size'),
      taps: config.sizeOr(4, 'conv_kernel'),
    }),
  );
}

/** Jamba: one layer of attention in `attn_layer_period`, experts in one layer of `expert_layer_period`. */
export function jamba(model: LanguageModel): DecoderStack {
  const { config } = model;
  const hidden = config.size('hidden_size');
  const every = (key: string, period: number, offset: number) => {
    const [step, first] = [config.sizeOr(period, `${key}_period`), config.count(offset, `${key}_offset`)];
    return (layer: number): boolean => layer % step === first;
  };
  const attends = every('attn_layer', 8, 4);
  const mixes = every('expert_layer', 2, 1);
  const given = config.value('mamba_dt_rank');
  const recurrence = mamba1(config, {
    inner: config.sizeOr(2, 'mamba_expand') * hidden,
    rank: typeof given === 'number' ? config.size('mamba_dt_rank') : Math.ceil(hidden / 16),
    state: config.sizeOr(16, 'mamba_d_state'),
    taps: config.sizeOr(4, 'mamba_d_conv'),
  });
  const count = config.layers('num_hidden_layers');
  const total = config.sizeOr(16, 'num_experts');
  return llamaLike(model, {
    types: Array.from({ length: count }, (_, i) => (attends(i) ? 'full_attention' : 'mamba')),
    other: (_, type) => (type === 'mamba' ? recurrence : undefined),
    // No positions: the recurrent layers carry the order.
    attention: (attention) => ({ ...attention, rotaryDim: 0 }),
    ffn: (c, layer) => (mixes(layer) && total > 1 ? experts(c, c.size('intermediate_size')) : gated(c)),
  });
}

/** Mamba 2 as Bamba and Falcon-H1 state it. */
const hybridMamba = (config: Config): Recurrence => {
  const heads = config.size('mamba_n_heads');
  const inner =
    config.optionalSize('mamba_d_ssm') ?? config.sizeOr(2, 'mamba_expand') * config.size('hidden_size');
  const given = config.value('mamba_d_head');
  return mamba2(config, {
    heads,
    headDim: typeof given === 'number' ? config.size('mamba_d_head') : inner / heads,
    groups: config.sizeOr(1, 'mamba_n_groups'),
    state: config.sizeOr(256, 'mamba_d_state'),
    taps: config.sizeOr(4, 'mamba_d_conv'),
  });
};

/** Bamba: Mamba 2 but in the layers of `attn_layer_indices`. */
export function bamba(model: LanguageModel): DecoderStack {
  const { config } = model;
  const attends = new Set(config.indices('attn_layer_indices'));
  const count = config.layers('num_hidden_layers');
  return llamaLike(model, {
    types: Array.from({ length: count }, (_, i) => (attends.has(i) ? 'full_attention' : 'mamba')),
    other: (_, type) => (type === 'mamba' ? hybridMamba(config) : undefined),
  });
}

/** Falcon-H1: attention and Mamba 2 side by side in every layer. */
export function falconH1(model: LanguageModel): DecoderStack {
  const recurrence = hybridMamba(model.config);
  return llamaLike(model, { layer: (layer) => ({ ...layer, recurrence }) });
}
