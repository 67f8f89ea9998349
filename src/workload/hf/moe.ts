import type { DecoderStack, Ffn } from '../model.ts';
import type { Config } from './config.ts';
import { gated, llamaLike, qwenSlides } from './llama.ts';

/** Experts of `width` (a key): intermediate_size is the expert's width in some families, the dense one in others. */
function experts(config: Config, width: string, count: string, shared?: number): Ffn {
  const total = config.size(count);
  const active = config.size('num_experts_per_tok');
  if (active > total) throw config.invalid('num_experts_per_tok', `at most ${count} = ${total}`, active);
  return {
    hidden: config.size(width),
    gated: true,
    activation: config.activation(['hidden_act']),
    experts: {
      total,
      active,
      shared: shared === undefined ? 0 : 1,
      ...(shared === undefined ? {} : { sharedHidden: shared }),
    },
  };
}

/** Qwen MoE: dense where `mlp_only_layers` lists the layer or `decoder_sparse_step` passes it over. */
function qwenFfn(shared: boolean): (config: Config, layer: number) => Ffn {
  return (config, layer) => {
    const dense = config.indices('mlp_only_layers').includes(layer);
    if (dense || (layer + 1) % config.sizeOr(1, 'decoder_sparse_step') !== 0) return gated(config);
    const width = shared ? config.size('shared_expert_intermediate_size') : undefined;
    return experts(config, 'moe_intermediate_size', 'num_experts', width);
  };
}

export const mixtral = (config: Config): DecoderStack =>
  llamaLike(config, {
    slides: () => true,
    ffn: (c) => experts(c, 'intermediate_size', 'num_local_experts'),
  });

export function qwen2Moe(config: Config): DecoderStack {
  config.notes.push('the sigmoid gate of the shared expert (one value a token) is not counted');
  return llamaLike(config, { slides: qwenSlides, ffn: qwenFfn(true) });
}

export const qwen3Moe = (config: Config): DecoderStack =>
  llamaLike(config, { slides: qwenSlides, qkNorm: true, ffn: qwenFfn(false) });

export const olmoe = (config: Config): DecoderStack =>
  llamaLike(config, { qkNorm: true, ffn: (c) => experts(c, 'intermediate_size', 'num_experts') });

export function gptOss(config: Config): DecoderStack {
  config.notes.push(
    'attention sinks (one learned score a head) and the clamp of the expert activation are not counted',
  );
  return llamaLike(config, {
    slides: (_, layer) => layer % 2 === 0,
    ffn: (c) => experts(c, 'intermediate_size', 'num_local_experts'),
  });
}
