import { pricedDesign } from '../evaluate/point.ts';
import type { PricedDesign } from '../evaluate/price.ts';
import type { Preset } from '../preset.ts';
import type { Technology } from '../technology/technology.ts';

/** The priced design that a user names. */
export function loadDesign(name: string, preset: Preset, technology: Technology): PricedDesign {
  return pricedDesign(name, preset, technology);
}
