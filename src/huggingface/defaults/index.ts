import type { Values } from '../config.ts';
import { DENSE } from './dense.ts';
import { EARLY } from './early.ts';
import { ENCODERS } from './encoders.ts';
import { EXPERTS } from './experts.ts';
import { RECURRENT } from './recurrent.ts';

/**
 * What transformers takes for a key that a config.json does not mention, by model type (facts of its configuration
 * classes, transformers 4.57 and 5.0). Files saved by transformers leave out whatever equals these values; files of
 * multi-modal models do so in their `text_config` most of all. Only what decides shapes stands here.
 */
export const DEFAULTS: Readonly<Record<string, Values>> = {
  ...DENSE,
  ...EXPERTS,
  ...RECURRENT,
  ...EARLY,
  ...ENCODERS,
};
