import { SWITCH_NAMES, SWITCHES, type VlpSwitches } from '../../vlp/switches.ts';
import { flag, type FlagsOf, oneOf } from './flag.ts';

const words = (values: readonly string[]): string => `${values.join(', ')} (default: the design’s)`;

/** What VLP computes besides softmax and activations, and how its tables answer. */
export const SWITCH_FLAGS = [
  flag(
    '--entries',
    oneOf('<how>', SWITCHES.entries),
    `LUT entry, f at the point or its mean over the rounding bin: ${words(SWITCHES.entries)}`,
  ),
  flag(
    '--below',
    oneOf('<how>', SWITCHES.below),
    `activations under the window, f(0) or the linear limit: ${words(SWITCHES.below)}`,
  ),
  flag(
    '--range',
    oneOf('<how>', SWITCHES.range),
    `exp of softmax, a window or exact reduction by ln 2: ${words(SWITCHES.range)}`,
  ),
  flag(
    '--normalise',
    oneOf('<how>', SWITCHES.normalise),
    `1/sum of a softmax row: ${words(SWITCHES.normalise)}`,
  ),
  flag('--norms', oneOf('<how>', SWITCHES.norms), `1/√x of RMSNorm and LayerNorm: ${words(SWITCHES.norms)}`),
  flag('--rope', oneOf('<how>', SWITCHES.rope), `sin and cos of rotary embeddings: ${words(SWITCHES.rope)}`),
  flag(
    '--router',
    oneOf('<how>', SWITCHES.router),
    `softmax over the experts of a router: ${words(SWITCHES.router)}`,
  ),
] as const;

export type SwitchFlags = FlagsOf<typeof SWITCH_FLAGS>;

/** The switches that flags set. */
export const switchesOf = (flags: SwitchFlags): Partial<VlpSwitches> =>
  Object.fromEntries(
    SWITCH_NAMES.flatMap((name) => (flags[name] === undefined ? [] : [[name, flags[name]]])),
  );
