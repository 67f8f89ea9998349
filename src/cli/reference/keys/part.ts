import { METRICS } from '../../../evaluate/metrics.ts';

/** Every key that a command prints as JSON, with what it means: `[]` is each entry of a list, `*` any key, `**` any path. */
export type Keys = Readonly<Record<string, string>>;

export const under = (prefix: string, keys: Keys): Keys =>
  Object.fromEntries(Object.entries(keys).map(([key, meaning]) => [`${prefix}${key}`, meaning]));

export const MUGI: Keys = { mugi: 'version of mugi' };

/** What numbers come from, by which `mugi diff` says why two results differ. */
export const ORIGIN: Keys = {
  ...MUGI,
  'question.**': 'what was asked, defaults included (`mugi schema question`)',
  'inputs.**': 'digest of what a name stands for: the table of prices, and files of models and designs',
};

/** What an evaluation is of. */
export const FACTS: Keys = {
  design: 'design, with its mesh',
  model: 'model',
  batch: 'sequences side by side',
  context: 'final length of a sequence, prompt included',
  prefill: 'length of the prompt',
  preset: 'preset, with the repairs that were switched',
  technology: 'costs that it is priced with',
};

export const METRIC_KEYS: Keys = Object.fromEntries(
  METRICS.map(({ name, label, unit, formula }) => [name, `${label}, ${unit}: ${formula}`]),
);

export const PLACE = {
  provenance: '“published” where the paper prices this size; else what is extrapolated',
  method: 'how nonlinear functions are computed',
} as const;

export const COST = {
  class: 'logic class of the technology',
  group: 'stack of Fig. 13',
  count: 'instances on the chip',
  leakage_mW: 'leakage of all instances, mW',
  area_mm2: 'area of all instances, mm²',
} as const;

/** A mistake. */
export const ERROR: Keys = {
  code: 'kind of the mistake',
  message: 'the mistake in a sentence',
  path: 'key or file that it is in',
  expected: 'what may stand there',
  received: 'what stands there',
  nearest: 'nearest valid value',
};
