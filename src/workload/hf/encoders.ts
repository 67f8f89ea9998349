import type { DecoderStack, EncoderStack } from '../model.ts';
import { SWIN_NOTES, swinStack } from '../shapes/swin.ts';
import { vitStack } from '../shapes/vit.ts';
import { whisperStacks } from '../shapes/whisper.ts';
import type { Config } from '../../huggingface/config.ts';
import { headSize, headsOf } from '../../huggingface/heads.ts';
import type { LanguageModel } from '../../huggingface/language-model.ts';
import { swinSizes } from '../../huggingface/swin.ts';
import { clipPatches, imagePatches, type Patches } from '../../huggingface/vision.ts';
import { whisperSizes } from '../../huggingface/whisper.ts';
import { activationOf } from './activation.ts';

/** Outputs of the classifier: the labels that the file lists; none without a list. */
export function classes(config: Config): number {
  const labels = config.object('id2label');
  return labels === undefined ? 0 : Object.keys(labels.values).length;
}

function vitOf(config: Config, { input, patch }: Patches): [EncoderStack] {
  const hidden = config.size('hidden_size');
  const { heads } = headsOf(config, hidden);
  headSize(config, 'num_attention_heads', hidden, heads);
  return [
    vitStack({
      layers: config.layers('num_hidden_layers'),
      hidden,
      heads,
      ffn: config.size('intermediate_size'),
      activation: activationOf(config, 'hidden_act').activation,
      input,
      patch,
      channels: config.sizeOr(3, 'num_channels'),
      classes: classes(config),
    }),
  ];
}

export const vit = ({ config }: LanguageModel): [EncoderStack] => vitOf(config, imagePatches(config));

export const vivit = ({ config }: LanguageModel): [EncoderStack] => vitOf(config, clipPatches(config));

const swinOf =
  (version: 1 | 2) =>
  ({ config }: LanguageModel): [EncoderStack] => {
    const sizes = swinSizes(config);
    config.notes.push(...SWIN_NOTES[version]);
    const { activation } = activationOf(config, 'hidden_act');
    return [swinStack({ version, ...sizes, activation, classes: classes(config) })];
  };

export const swin = swinOf(1);
export const swinV2 = swinOf(2);

export const whisper = ({ config }: LanguageModel): [EncoderStack, DecoderStack] =>
  whisperStacks({
    ...whisperSizes(config),
    activation: activationOf(config, 'activation_function').activation,
  });
