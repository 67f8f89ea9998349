/** Our own small models, part of the package: trained on text and images named in their READMEs. */
export const EMBEDDED_MODELS = ['mugi-tiny', 'mugi-tiny-4k', 'mugi-tiny-gelu', 'vit-mnist-gelu'] as const;

/** The model that is run where none is named. */
export const DEFAULT_MODEL = 'mugi-tiny';
