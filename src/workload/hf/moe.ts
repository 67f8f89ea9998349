import type { Config } from '../../huggingface/config.ts';
import type { LanguageModel } from '../../huggingface/language-model.ts';
import type { DecoderStack, Experts, Ffn } from '../model.ts';
import { activationOf } from './activation.ts';
import { everywhere, gated, llamaLike, qwenSlides } from './llama.ts';

const TOTAL = ['num_local_experts', 'num_experts', 'n_routed_experts', 'moe_num_experts'];
const ACTIVE = ['num_experts_per_tok', 'num_experts_per_token', 'top_k_experts', 'moe_top_k', 'moe_k'];

/**
 * A mixture of experts, each `width` wide: intermediate_size is the expert's width in some families, the dense
 * network's in others.
 */
export function experts(
  config: Config,
  width: number,
  more: Partial<Experts> = {},
  act = activationOf(config, 'hidden_act', 'hidden_activation'),
): Ffn {
  const total = config.size(...TOTAL);
  const active = config.size(...ACTIVE);
  if (active > total) throw config.invalid('num_experts_per_tok', `at most ${total} experts`, active);
  return {
    hidden: width,
    gated: true,
    ...act,
    experts: { total, active, shared: 0, ...more },
  };
}

/** Experts as wide as the only network of other families. */
const wide = (config: Config): Ffn => experts(config, config.size('intermediate_size'));

/** Qwen MoE: dense where `mlp_only_layers` lists the layer or `decoder_sparse_step` passes it over. */
export function qwenFfn(config: Config, layer: number): Ffn {
  const dense = config.indices('mlp_only_layers').includes(layer);
  if (dense || (layer + 1) % config.sizeOr(1, 'decoder_sparse_step') !== 0) return gated(config);
  const sharedHidden = config.count(0, 'shared_expert_intermediate_size');
  return experts(
    config,
    config.size('moe_intermediate_size'),
    sharedHidden === 0 ? {} : { shared: 1, sharedHidden, sharedGate: true },
  );
}

export const mixtral = (model: LanguageModel): DecoderStack =>
  llamaLike(model, { slides: everywhere, ffn: wide });

/** Phi 3.5 MoE: Mixtral with LayerNorms. */
export const phimoe = (model: LanguageModel): DecoderStack =>
  llamaLike(model, { slides: everywhere, ffn: wide, norm: 'layernorm' });

export const qwen2Moe = (model: LanguageModel): DecoderStack =>
  llamaLike(model, { slides: qwenSlides, ffn: qwenFfn });

export const qwen3Moe = (model: LanguageModel): DecoderStack =>
  llamaLike(model, { slides: qwenSlides, qkNorm: 'head', ffn: qwenFfn });

export const olmoe = (model: LanguageModel): DecoderStack => llamaLike(model, { qkNorm: 'width', ffn: wide });

/** Granite MoE, with or without a shared expert. */
export function graniteMoe(model: LanguageModel): DecoderStack {
  const sharedHidden = model.config.count(0, 'shared_intermediate_size');
  return llamaLike(model, {
    ffn: (config) =>
      experts(
        config,
        config.size('intermediate_size'),
        sharedHidden === 0 ? {} : { shared: 1, sharedHidden },
      ),
  });
}

export function gptOss(model: LanguageModel): DecoderStack {
  model.config.notes.push(
    'attention sinks (one learned score a head) and the clamp of the expert activation are not counted',
  );
  return llamaLike(model, { slides: (_, layer) => layer % 2 === 0, ffn: wide });
}
