import type { Config } from '../../huggingface/config.ts';
import type { Ffn } from '../model.ts';

/** What the activation under the first of `keys` costs; all forms of GELU are one function of the hardware. */
export function activationOf(config: Config, ...keys: string[]): Pick<Ffn, 'activation' | 'squared'> {
  const { exact, hardware, squared, note } = config.activation(...keys);
  const said = note ?? (exact === undefined || exact === hardware ? undefined : `counted as ${hardware}`);
  if (said !== undefined) {
    const name = keys.map((key) => config.value(key)).find((value) => value !== undefined);
    config.notes.push(`the activation "${String(name)}" is ${said}`);
  }
  return { activation: hardware, ...(squared === true ? { squared } : {}) };
}
