import type { ModelConfig, Places } from './config.ts';

/** The places of a model: one softmax and one activation a layer, unless its family has others. */
export const placesOf = (config: ModelConfig): Places =>
  config.places ?? {
    softmax: Array.from({ length: config.layers }, () => config.heads),
    activation: config.layers,
  };
