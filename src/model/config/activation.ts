import { ACTIVATIONS } from '../../huggingface/activations.ts';
import type { Config } from '../../huggingface/config.ts';
import { unknownName } from '../../errors.ts';
import type { ActivationName } from './config.ts';

/** The activation under the first of `keys` that is there, as the engine runs it. */
export function activation(config: Config, ...keys: string[]): ActivationName {
  const key = keys.find((one) => config.value(one) !== undefined);
  if (key === undefined) throw config.missing(keys);
  const name = config.text(key)!;
  const exact = Object.hasOwn(ACTIVATIONS, name) ? ACTIVATIONS[name].exact : undefined;
  if (exact !== undefined) return exact;
  const run = Object.keys(ACTIVATIONS).filter((one) => ACTIVATIONS[one].exact !== undefined);
  throw unknownName('activation', name, run, config.at(key));
}
