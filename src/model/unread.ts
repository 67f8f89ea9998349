import { MugiError } from '../errors.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { ModelConfig } from './config/config.ts';

/**
 * Tensors that change no result that is computed here: buffers that are derived (masks, angles, position ids), copies of tied
 * weights, heads that no command asks, scales of activations and caches, and the other parts of multi-modal models.
 */
const DERIVED =
  /rotary_emb\.inv_freq$|relative_coords_table$|relative_position_index$|rotary_pos_emb\.inv_freq$|\.masked_bias$|position_ids$|[kvq]_scale$|input_scale$|output_scale$/;
const OTHER_HEADS =
  /(^|\.)pooler\.|\.embeddings\.mask_token$|^cls\.seq_relationship\.|^cls\.predictions\.decoder\.|^lm_head\.decoder\./;
const OTHER_PARTS = /(^|\.)(vision|visual|audio|image|speech|multi_modal|mtp)\w*\./;

/** Whether a tensor belongs to a part of a multi-modal model that is not run. */
export const isOtherPart = (name: string): boolean => OTHER_PARTS.test(name);

/**
 * Refuses weights that no part of the model read: what is passed over would make it another model without a word.
 * @throws MugiError that names the first of them
 */
export function refuseUnread(checkpoint: Checkpoint, config: ModelConfig): void {
  const tied = config.family === 'whisper' || ('tied' in config && config.tied);
  const unread = [...checkpoint.tensors.values()].filter(({ name, shape }) => {
    if (checkpoint.used.has(name) || DERIVED.test(name) || OTHER_HEADS.test(name) || isOtherPart(name)) {
      return false;
    }
    // The causal masks of GPT-2 and GPT-NeoX: four dimensions under the name of a bias.
    if (/(attn|attention)\.bias$/.test(name) && shape.length === 4) return false;
    return !(tied && /(^|\.)(lm_head|embed_out|output|proj_out)\.weight$/.test(name));
  });
  if (unread.length === 0) return;
  const more = unread.length === 1 ? '' : `, nor ${unread.length - 1} more`;
  throw new MugiError({
    code: 'unsupported',
    message: `the model has no place for tensor ${unread[0].name}${more}`,
    path: unread[0].file,
    expected: `the tensors of a ${config.modelType} model as its configuration describes it`,
    received: unread[0].name,
  });
}
