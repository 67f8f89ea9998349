import type { Config } from '../../huggingface/config.ts';
import type { LanguageModel } from '../../huggingface/language-model.ts';
import type { DecoderStack } from '../model.ts';
import { activationOf } from './activation.ts';
import { llamaLike } from './llama.ts';

/**
 * Nemotron NAS: every layer has attention and network of its own, or none of either. DeciLM before it: Llama with a number
 * of KV heads a layer.
 */
export function nemotronNas(model: LanguageModel): DecoderStack {
  const { config } = model;
  if (!config.has('block_configs') && config.has('num_key_value_heads_per_layer')) return deciLm(model);
  const hidden = config.size('hidden_size');
  const heads = config.size('num_attention_heads');
  const blocks = config.value('block_configs');
  const count = config.layers('num_hidden_layers');
  if (!Array.isArray(blocks) || blocks.length !== count) {
    throw config.invalid(
      'block_configs',
      `${count} entries, one a layer`,
      Array.isArray(blocks) ? blocks.length : blocks,
    );
  }
  const parts = config.items('block_configs').map((block) => ({
    attention: block.object('attention'),
    ffn: block.object('ffn'),
  }));
  const none = (part: Config | undefined): boolean => part === undefined || part.flag('no_op', false);
  for (const part of parts.flatMap(({ attention, ffn }) => [attention, ffn])) {
    if (part?.flag('replace_with_linear', false) === true)
      throw part.refuse('a block replaced by one matrix', 'replace_with_linear');
  }
  const bare = llamaLike(model, {
    kvHeads: heads,
    ffn: (c, layer) => {
      const multiple = parts[layer].ffn?.number('ffn_mult', 1) ?? 1;
      // Two thirds of four times the width, in whole 256 (DeciLM's rule).
      const width = Math.ceil(Math.trunc((2 * multiple * hidden) / 3) / 256) * 256;
      return { hidden: width, gated: true, ...activationOf(c, 'hidden_act') };
    },
    layer: (layer, i) => {
      const { attention, ffn } = parts[i];
      const group = none(attention) ? 1 : attention!.size('n_heads_in_group');
      if (heads % group !== 0) throw attention!.invalid('n_heads_in_group', `a divisor of ${heads}`, group);
      const { ffn: network, ...rest } = layer;
      return {
        ...rest,
        attention: none(attention) ? [] : layer.attention.map((one) => ({ ...one, kvHeads: heads / group })),
        ...(none(ffn) || network === undefined ? {} : { ffn: network }),
        norms: (none(attention) ? 0 : 1) + (none(ffn) ? 0 : 1),
      };
    },
  });
  return bare;
}

function deciLm(model: LanguageModel): DecoderStack {
  const { config } = model;
  const key = 'num_key_value_heads_per_layer';
  const heads = config.size('num_attention_heads');
  const kvHeads = config.sizePerLayer(config.layers('num_hidden_layers'), key);
  const odd = kvHeads.find((count) => heads % count !== 0);
  if (odd !== undefined) throw config.invalid(key, `divisors of num_attention_heads = ${heads}`, odd);
  return llamaLike(model, {
    kvHeads: heads,
    attention: (attention, _, layer) => ({ ...attention, kvHeads: kvHeads[layer] }),
  });
}
