import type { LanguageModel } from '../../huggingface/language-model.ts';
import type { DecoderStack } from '../model.ts';
import { deepseekExperts, sparseLayers } from './deepseek.ts';
import { gated, llamaLike } from './llama.ts';
import { activationOf } from './activation.ts';

/** Grouped attention with experts under keys of their own: Ling and Hunyuan. */

/** Ling (BailingMoE): DeepSeek's experts; the second generation has norms of queries and keys. */
export function bailing(model: LanguageModel): DecoderStack {
  const { config } = model;
  const sparse = sparseLayers(config, config.layers('num_hidden_layers'));
  return llamaLike(model, {
    qkNorm: config.flag('use_qk_norm', model.type === 'bailing_moe_v2') ? 'head' : undefined,
    ffn: (c, layer) => (sparse[layer] ? deepseekExperts(c) : gated(c)),
  });
}

/** Hunyuan-A13B: expert width, choice and shared experts may be lists with an entry a layer. */
export function hunyuan(model: LanguageModel): DecoderStack {
  const { config } = model;
  const count = config.layers('num_hidden_layers');
  const [total, active, shared, width] = [
    ['num_experts'],
    ['moe_topk'],
    ['num_shared_expert'],
    ['moe_intermediate_size', 'intermediate_size'],
  ].map((keys) => config.sizePerLayer(count, ...keys));
  const dense = config.count(0, 'moe_layer_num_skipped');
  for (let layer = 0; layer < count; layer++) {
    if (active[layer] > total[layer]) {
      throw config.invalid('moe_topk', `at most ${total[layer]} experts`, active[layer]);
    }
  }
  return llamaLike(model, {
    qkNorm: config.flag('use_qk_norm', false) ? 'head' : undefined,
    ffn: (c, layer) =>
      layer < dense
        ? gated(c)
        : {
            hidden: width[layer],
            gated: true,
            ...activationOf(c, 'hidden_act'),
            experts: {
              total: total[layer],
              active: active[layer],
              shared: 1,
              sharedHidden: shared[layer] * width[layer],
            },
          },
  });
}
