import { NORMALISATIONS } from './row-sum.ts';

/**
 * What VLP computes of a model beyond the exponentials of softmax and the activations, and how its tables answer. The
 * first value of each is what a design has where nothing else is said, but for the router, whose softmax runs on the
 * array like any other.
 */
export const SWITCHES = {
  /** LUT entry: f at the point, or its mean over the rounding bin. */
  entries: ['point', 'mean'],
  /** Under the window of an activation: f(0), or the linear limit by an exponent decrement. */
  below: ['zero', 'linear'],
  /** exp of softmax: a window of exponents, or exact reduction by ln 2. */
  range: ['window', 'reduced'],
  /** 1/sum of a softmax row. */
  normalise: NORMALISATIONS,
  /** 1/√x of RMSNorm and LayerNorm: by iteration on the vector unit, or looked up. */
  norms: ['exact', 'vlp', 'vlp-newton'],
  /** sin and cos of a rotary embedding: from a table made before, or looked up. */
  rope: ['exact', 'vlp'],
  /** Softmax over the experts of a router: by iteration on the vector unit, or as any other softmax. */
  router: ['exact', 'vlp'],
} as const;

export type SwitchName = keyof typeof SWITCHES;
export const SWITCH_NAMES = Object.keys(SWITCHES) as SwitchName[];

export type VlpSwitches = { [Name in SwitchName]: (typeof SWITCHES)[Name][number] };

/** As the paper has it: everything but softmax, its router's included, and the activations is exact. */
export const PLAIN_SWITCHES: VlpSwitches = {
  entries: 'point',
  below: 'zero',
  range: 'window',
  normalise: 'reciprocal',
  norms: 'exact',
  rope: 'exact',
  router: 'vlp',
};

/** Those that differ from `base`: what of them is worth a word. */
export const changedSwitches = (
  switches: Partial<VlpSwitches>,
  base: VlpSwitches = PLAIN_SWITCHES,
): Partial<VlpSwitches> =>
  Object.fromEntries(
    SWITCH_NAMES.flatMap((name) =>
      switches[name] === undefined || switches[name] === base[name] ? [] : [[name, switches[name]]],
    ),
  );

/** `norms vlp, rope vlp`; empty where nothing differs. */
export const showSwitches = (switches: Partial<VlpSwitches>): string =>
  Object.entries(changedSwitches(switches))
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
