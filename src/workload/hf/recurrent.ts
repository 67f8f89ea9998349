import type { Config } from '../../huggingface/config.ts';
import { headDimOf, headsOf, positionsOf } from '../../huggingface/heads.ts';
import { type LanguageModel, tiedOf } from '../../huggingface/language-model.ts';
import type { Attention, DecoderStack, Ffn, LayerSpec, Recurrence } from '../model.ts';
import { activationOf } from './activation.ts';
import { deepseekExperts, latentAttention } from './deepseek.ts';
import { gated, llamaLike } from './llama.ts';
import { experts, qwenFfn } from './moe.ts';

/** Bits of a state's elements: 32 unless the file says 16. */
export const stateBits = (config: Config): number =>
  /16/.test(config.text('mamba_ssm_dtype') ?? config.text('mamba_ssm_cache_dtype') ?? 'float32') ? 16 : 32;

/** Gated delta rule (Yang 2024): a state of keys × values a value head, decayed, corrected and read every token. */
function gatedDelta(config: Config): Recurrence {
  const keys = config.size('linear_num_key_heads') * config.size('linear_key_head_dim');
  const valueHeads = config.size('linear_num_value_heads');
  const valueDim = config.size('linear_value_head_dim');
  const values = valueHeads * valueDim;
  const channels = 2 * keys + values;
  const taps = config.size('linear_conv_kernel_dim');
  return {
    title: 'gated delta rule',
    projections: [
      { name: 'in-qkv', n: channels },
      { name: 'in-z', n: values, gives: ['gate'] },
      { name: 'in-b', n: valueHeads, gives: ['state'] },
      { name: 'in-a', n: valueHeads, gives: ['state'] },
    ],
    convolution: { channels, taps },
    state: { elements: values * config.size('linear_key_head_dim'), passes: 3, bits: stateBits(config) },
    output: values,
    other: channels * taps + 2 * valueHeads + valueDim,
  };
}

/** Qwen3-Next and Qwen 3.5: three layers of the gated delta rule, then one of attention with an output gate. */
const qwenHybrid =
  (ffn: (config: Config, layer: number) => Ffn) =>
  (model: LanguageModel): DecoderStack => {
    const { config } = model;
    const gate = config.flag('attn_output_gate', true);
    const interval = config.size('full_attention_interval');
    const count = config.layers('num_hidden_layers');
    const types = config.texts('layer_types');
    const kinds =
      types ??
      Array.from({ length: count }, (_, i) =>
        (i + 1) % interval === 0 ? 'full_attention' : 'linear_attention',
      );
    return llamaLike(model, {
      qkNorm: 'head',
      ffn,
      types: kinds,
      attention: (attention) =>
        gate ? { ...attention, outputGate: attention.heads * attention.headDim } : attention,
      other: (_, type) => (type === 'linear_attention' ? gatedDelta(config) : undefined),
    });
  };

export const qwen3Next = qwenHybrid(qwenFfn);
export const qwen35 = qwenHybrid(gated);

/** Mamba 2 (Dao 2024): a state of head size × state size a head, decayed, fed and read every token. */
export function mamba2(
  config: Config,
  { heads, headDim, groups, state, taps }: Record<'heads' | 'headDim' | 'groups' | 'state' | 'taps', number>,
): Recurrence {
  const inner = heads * headDim;
  const channels = inner + 2 * groups * state;
  return {
    title: 'Mamba 2',
    projections: [{ name: 'in', n: inner + channels + heads, gives: ['convolution', 'state', 'gate'] }],
    convolution: { channels, taps },
    state: { elements: inner * state, passes: 2, bits: stateBits(config) },
    output: inner,
    other: channels * taps + 3 * heads + inner,
  };
}

/** Letters of `hybrid_override_pattern`, and the words that newer files write instead. */
const BLOCKS: Readonly<Record<string, string>> = {
  mamba: 'M',
  mamba2: 'M',
  attention: '*',
  moe: 'E',
  mlp: '-',
};

/** Nemotron-H: every block is one of Mamba 2, attention without positions, a network, or experts. */
export function nemotronH(model: LanguageModel): DecoderStack {
  const { config } = model;
  const hidden = config.size('hidden_size');
  const listed = config.texts('layers_block_type');
  const pattern = config.text('hybrid_override_pattern');
  if (listed === undefined && pattern === undefined) {
    throw config.refuse(
      'a hybrid of attention and state-space layers without its pattern',
      'hybrid_override_pattern',
    );
  }
  const blocks = [
    ...(pattern ?? listed!.map((word) => (Object.hasOwn(BLOCKS, word) ? BLOCKS[word] : '?')).join('')),
  ];
  if (pattern !== undefined && blocks.length !== config.layers('num_hidden_layers')) {
    throw config.invalid('hybrid_override_pattern', `${config.size('num_hidden_layers')} letters`, pattern);
  }
  const act = () => activationOf(config, 'mlp_hidden_act', 'hidden_act');
  const make: Readonly<Record<string, () => Partial<LayerSpec>>> = {
    M: () => ({
      recurrence: mamba2(config, {
        heads: config.size('mamba_num_heads'),
        headDim: config.size('mamba_head_dim'),
        groups: config.size('n_groups', 'mamba_n_groups'),
        state: config.size('ssm_state_size', 'mamba_d_state'),
        taps: config.sizeOr(4, 'conv_kernel'),
      }),
    }),
    '*': () => ({ attention: [nemotronAttention(config, hidden)] }),
    '-': () => ({ ffn: { hidden: config.size('intermediate_size'), gated: false, ...act() } }),
    E: () => ({ ffn: nemotronExperts(config, act()) }),
  };
  const layers = blocks.map((block): LayerSpec => {
    if (!Object.hasOwn(make, block)) {
      throw config.invalid('hybrid_override_pattern', `letters of ${Object.keys(make).join(' ')}`, block);
    }
    return { count: 1, hidden, attention: [], norm: 'rmsnorm', norms: 1, rope: false, ...make[block]() };
  });
  return {
    kind: 'decoder',
    layers,
    vocabulary: config.size('vocab_size'),
    maxContext: positionsOf(config),
    tiedEmbeddings: tiedOf(model),
  };
}

function nemotronAttention(config: Config, hidden: number): Attention {
  const headDim = config.optionalSize('attention_head_dim');
  const heads = config.size('num_attention_heads');
  const kvHeads = config.sizeOr(heads, 'num_key_value_heads');
  return { heads, kvHeads, headDim: headDim ?? headDimOf(config, hidden, heads) };
}

function nemotronExperts(config: Config, act: Pick<Ffn, 'activation' | 'squared'>): Ffn {
  const width = config.size('moe_intermediate_size');
  const latent = config.optionalSize('moe_latent_size');
  const shared = config.count(0, 'n_shared_experts');
  const sharedHidden = shared * config.sizeOr(width, 'moe_shared_expert_intermediate_size');
  return {
    ...experts(
      config,
      width,
      {
        ...(shared === 0 ? {} : { shared: 1, sharedHidden }),
        ...(latent === undefined ? {} : { width: latent }),
      },
      act,
    ),
    gated: false,
  };
}

/** Kimi Linear and Kimi K3: Kimi delta attention, with latent attention in the layers that are listed. */
export function kimiLinear(model: LanguageModel): DecoderStack {
  const { config } = model;
  const hidden = config.size('hidden_size');
  const count = config.layers('num_hidden_layers');
  const linear = config.object('linear_attn_config');
  if (linear === undefined) throw config.missing(['linear_attn_config']);
  const full = new Set(linear.indices('full_attn_layers'));
  const base = latentAttention(config);
  const attention: Attention = {
    ...base,
    ...(config.flag('mla_use_nope', false) ? { rotaryDim: 0 } : {}),
    ...(config.flag('mla_use_output_gate', false) ? { outputGate: base.heads * base.latent!.value } : {}),
  };
  const first = config.count(0, 'first_k_dense_replace');
  const width = config.optionalSize('routed_expert_hidden_size');
  const ffn = (): Ffn => {
    const own = deepseekExperts(config);
    return width === undefined ? own : { ...own, experts: { ...own.experts!, width } };
  };
  if (config.has('attn_res_block_size')) {
    config.notes.push('attention over the results of earlier blocks (attn_res_block_size) is not counted');
  }
  const layers = Array.from({ length: count }, (_, i): LayerSpec => {
    // Layers are numbered from 1 here.
    const recurrence = full.has(i + 1) ? {} : { recurrence: deltaAttention(linear) };
    return {
      count: 1,
      hidden,
      attention: full.has(i + 1) ? [attention] : [],
      ...recurrence,
      ffn: i < first ? gated(config) : ffn(),
      norm: 'rmsnorm',
      norms: 2,
      rope: true,
    };
  });
  return {
    kind: 'decoder',
    layers,
    vocabulary: config.size('vocab_size'),
    maxContext: positionsOf(config),
    tiedEmbeddings: tiedOf(model),
  };
}

/** Kimi delta attention: the gated delta rule with a decay of its own for every element of a key. */
function deltaAttention(config: Config): Recurrence {
  const heads = config.size('num_heads');
  const headDim = config.size('head_dim');
  const taps = config.size('short_conv_kernel_size');
  const width = heads * headDim;
  const gate = config.flag('use_full_rank_gate', false)
    ? [{ name: 'in-z', n: width, gives: ['gate'] as const }]
    : [
        { name: 'gate-down', n: headDim, gives: [] },
        { name: 'gate-up', k: headDim, n: width, reads: 'gate-down', gives: ['gate'] as const },
      ];
  return {
    title: 'Kimi delta attention',
    projections: [
      { name: 'q', n: width },
      { name: 'k', n: width },
      { name: 'v', n: width },
      ...gate,
      { name: 'decay-down', n: headDim, gives: [] },
      { name: 'decay-up', k: headDim, n: width, reads: 'decay-down', gives: ['state'] },
      { name: 'in-b', n: heads, gives: ['state'] },
    ],
    convolution: { channels: 3 * width, taps },
    state: { elements: width * headDim, passes: 3, bits: 32 },
    output: width,
    other: 3 * width * taps + heads + width + headDim,
  };
}

/** Lightning attention (MiniMax-01): a decayed sum of keys × values, with an output gate. */
export function lightning(config: Config, hidden: number): Recurrence {
  const { heads, headDim } = headsOf(config, hidden);
  const width = heads * headDim;
  return {
    title: 'lightning attention',
    projections: [
      { name: 'in-qkv', n: 3 * width },
      { name: 'in-z', n: width, gives: ['gate'] },
    ],
    state: { elements: width * headDim, passes: 2, bits: 32 },
    output: width,
    other: width,
  };
}

/** Granite 4: Mamba 2 and attention by `layer_types`, each with experts, a shared network, or both. */
export function graniteHybrid(model: LanguageModel): DecoderStack {
  const { config } = model;
  const hidden = config.size('hidden_size');
  const sharedHidden = config.size('shared_intermediate_size');
  const routed = config.count(0, 'num_local_experts') > 0;
  const recurrence = (): Recurrence => {
    const heads = config.size('mamba_n_heads');
    const inner = config.sizeOr(2, 'mamba_expand') * hidden;
    const given = config.value('mamba_d_head');
    return mamba2(config, {
      heads,
      headDim: typeof given === 'number' ? config.size('mamba_d_head') : inner / heads,
      groups: config.sizeOr(1, 'mamba_n_groups'),
      state: config.size('mamba_d_state'),
      taps: config.sizeOr(4, 'mamba_d_conv'),
    });
  };
  const noRope = config.text('position_embedding_type') !== 'rope';
  return llamaLike(model, {
    types: config.texts('layer_types')?.map((type) => (type === 'attention' ? 'full_attention' : type)),
    other: (_, type) => (type === 'mamba' ? recurrence() : undefined),
    attention: (attention) => (noRope ? { ...attention, rotaryDim: 0 } : attention),
    ffn: () =>
      routed
        ? experts(config, config.size('intermediate_size'), { shared: 1, sharedHidden })
        : { hidden: sharedHidden, gated: true, ...activationOf(config, 'hidden_act') },
  });
}
