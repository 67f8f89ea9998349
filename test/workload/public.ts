import { PUBLIC_FAMILIES } from './public-families.ts';
import { PUBLIC_MODELS, type PublicModel } from './public-models.ts';

/** All public models of these tests, by name. */
export const PUBLIC: Record<string, PublicModel> = { ...PUBLIC_MODELS, ...PUBLIC_FAMILIES };

/** Types that a file stands for: its own and that of the language model inside, without the suffix of a part. */
export function languageTypes(config: Record<string, unknown>): string[] {
  const inner = config.text_config as { model_type?: string } | undefined;
  const types = [config.model_type as string, ...(inner?.model_type === undefined ? [] : [inner.model_type])];
  return types.flatMap((type) => [type, type.replace(/_text$/, '')]);
}
