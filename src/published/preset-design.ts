import type { Design } from '../design/design.ts';
import { designNamed } from '../design/index.ts';
import { TECHNOLOGIES } from '../technology/index.ts';
import { designUnder, preset, type PresetName } from './preset.ts';

/**
 * A built-in design as a preset sees it: its arithmetic is what a model is measured on.
 * @throws MugiError for a design that is not built in
 */
export const presetDesign = (name: string, presetName: PresetName): Design =>
  designUnder(designNamed(name), preset(presetName), TECHNOLOGIES[0]);
