/** Our own small models, part of the package: trained on text and images named in their READMEs. */
export const EMBEDDED_MODELS = ['mugi-tiny', 'mugi-tiny-4k', 'mugi-tiny-gelu', 'vit-mnist-gelu'] as const;

/** The model that is run where none is named. */
export const DEFAULT_MODEL = 'mugi-tiny';

/** Those that the studio runs in the page. */
export const STUDIO_MODELS = ['mugi-tiny', 'mugi-tiny-gelu'] as const;

/** Files of an embedded language model that are read to run it. */
export const MODEL_FILES = [
  'config.json',
  'generation_config.json',
  'tokenizer.json',
  'tokenizer_config.json',
  'model.safetensors',
] as const;
