import type { DecoderStack, EncoderStack } from '../model.ts';
import { SWIN_NOTES, swinStack } from '../shapes/swin.ts';
import { vitStack } from '../shapes/vit.ts';
import { whisperStacks } from '../shapes/whisper.ts';
import type { Config } from '../../huggingface/config.ts';
import type { LanguageModel } from '../../huggingface/language-model.ts';
import { swinSizes } from '../../huggingface/swin.ts';
import { clipSizes, imageSizes, type VitSizes } from '../../huggingface/vision.ts';
import { whisperSizes } from '../../huggingface/whisper.ts';
import { activationOf } from './activation.ts';

/** Outputs of the classifier: the labels that the file lists; none without a list. */
export function classes(config: Config): number {
  const labels = config.object('id2label');
  return labels === undefined ? 0 : Object.keys(labels.values).length;
}

const vitOf = (config: Config, sizes: VitSizes): [EncoderStack] => [
  vitStack({
    ...sizes,
    activation: activationOf(config, 'hidden_act').activation,
    classes: classes(config),
  }),
];

export const vit = ({ config }: LanguageModel): [EncoderStack] => vitOf(config, imageSizes(config));

export const vivit = ({ config }: LanguageModel): [EncoderStack] => vitOf(config, clipSizes(config));

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
