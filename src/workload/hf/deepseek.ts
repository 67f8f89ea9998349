import type { Config } from '../../huggingface/config.ts';
import { headSize, positionsOf } from '../../huggingface/heads.ts';
import { type LanguageModel, tiedOf } from '../../huggingface/language-model.ts';
import type { Attention, DecoderStack, Ffn, Indexer, LayerSpec, Latent } from '../model.ts';
import { gated } from './llama.ts';
import { experts } from './moe.ts';

/** Multi-head latent attention as DeepSeek's files describe it. */
function latentOf(config: Config): Latent {
  const queryRank = config.optionalSize('q_lora_rank');
  return {
    ...(queryRank === undefined ? {} : { queryRank }),
    rank: config.size('kv_lora_rank'),
    plain: config.size('qk_nope_head_dim'),
    rotary: config.size('qk_rope_head_dim'),
    // MiniCPM 3 leaves it out: values are as wide as a head of the hidden size.
    value:
      config.optionalSize('v_head_dim') ??
      headSize(config, 'num_attention_heads', config.size('hidden_size'), config.size('num_attention_heads')),
  };
}

export function latentAttention(config: Config): Attention {
  const heads = config.size('num_attention_heads');
  const latent = latentOf(config);
  return { heads, kvHeads: heads, headDim: latent.plain + latent.rotary, valueDim: latent.value, latent };
}

/**
 * The layers that hold experts: none of the first `first_k_dense_replace`, and of the others those that
 * `moe_layer_freq` names, an interval or a list of 0 and 1, or that `mlp_layer_types` calls sparse.
 */
export function sparseLayers(config: Config, count: number): boolean[] {
  const types = config.texts('mlp_layer_types');
  if (types !== undefined) return Array.from({ length: count }, (_, i) => types[i] === 'sparse');
  const first = config.count(0, 'first_k_dense_replace');
  if (Array.isArray(config.value('moe_layer_freq'))) {
    const list = config.indices('moe_layer_freq');
    if (list.length !== count)
      throw config.invalid('moe_layer_freq', `${count} entries, one a layer`, list.length);
    return list.map((one) => one > 0);
  }
  const every = config.sizeOr(1, 'moe_layer_freq');
  return Array.from({ length: count }, (_, i) => i >= first && i % every === 0);
}

/** Routed experts, and the shared ones as one network of their summed width. */
export function deepseekExperts(config: Config): Ffn {
  const width = config.size('moe_intermediate_size');
  const shared = config.count(0, 'n_shared_experts', 'num_shared_experts');
  return experts(config, width, shared === 0 ? {} : { shared: 1, sharedHidden: shared * width });
}

/** DeepSeek V2, V3 and R1, Kimi K2: latent attention and experts; DeepSeek V3.2 and GLM-5 with an indexer. */
export function deepseek(model: LanguageModel): DecoderStack {
  const { config } = model;
  const hidden = config.size('hidden_size');
  const count = config.layers('num_hidden_layers');
  const attention = latentAttention(config);
  const indexer = indexerOf(config, attention.latent!);
  const shared = config.texts('indexer_types');
  const sparse =
    config.value('n_routed_experts') !== undefined
      ? sparseLayers(config, count)
      : Array.from({ length: count }, () => false);
  const layers: LayerSpec[] = sparse.map((holdsExperts, i) => ({
    count: 1,
    hidden,
    attention: [
      indexer === undefined
        ? attention
        : { ...attention, indexer: shared?.[i] === 'shared' ? { ...indexer, shared: true } : indexer },
    ],
    ffn: holdsExperts ? deepseekExperts(config) : gated(config),
    norm: 'rmsnorm',
    norms: 2,
    rope: true,
  }));
  config.notes.push(
    'values are the first elements of the cached latent: they are read a second time for a·v',
  );
  if (config.count(0, 'num_nextn_predict_layers') > 0) {
    config.notes.push('the layer that predicts further tokens (MTP) is left out');
  }
  return {
    kind: 'decoder',
    layers,
    vocabulary: config.size('vocab_size'),
    maxContext: positionsOf(config),
    tiedEmbeddings: tiedOf(model),
  };
}

function indexerOf(config: Config, { queryRank }: Latent): Indexer | undefined {
  if (!config.has('index_topk')) return undefined;
  config.notes.push('the choice of the top keys (index_topk) is not counted, its scores are');
  return {
    heads: config.size('index_n_heads'),
    dim: config.size('index_head_dim'),
    selected: config.size('index_topk'),
    queryRank: queryRank ?? config.size('q_lora_rank'),
  };
}
