import { nodeCount } from '../design/design.ts';
import { INTEGER_CELL } from '../design/mac-array.ts';
import { editEvent } from './edit.ts';
import type { Quirk } from './quirk.ts';

/** By family, the event and the parts whose count the artifact divides by the nodes before it multiplies by them. */
const DIVIDED: Readonly<Record<string, readonly [event: string, parts: readonly string[]]>> = {
  mugi: ['input value reuse', ['multiplier', 'multiplier_register']],
  'mugi-l': ['input value reuse', ['multiplier', 'multiplier_register']],
  carat: ['input value reuse', ['accumulator', 'exp_scale', 'wreg', 'accumulator_register']],
  sa: ['array', ['adder', 'ofifo']],
  'sa-f': ['array', ['adder', 'ofifo']],
  sd: ['array', ['accumulator_register', 'adder', 'ofifo']],
  'sd-f': ['array', ['accumulator_register', 'adder', 'ofifo']],
  tensor: ['array', ['accumulator_register', 'adder', 'ofifo']],
};
/** Converters behind integer cells, which share the fate of the outputs that they convert. */
const CONVERTERS = ['ch_dealoc', 'int_to_fp_figna'];

export const nocEnergy = {
  name: 'noc-energy',
  published: 'column multipliers, output adders and FIFOs are divided by the node count twice',
  repaired: 'those of every node count',
  design(design) {
    const divided = DIVIDED[design.family];
    if (divided === undefined) return design;
    const [event, parts] = divided;
    const integer = design.components.some((part) => part.class === INTEGER_CELL);
    const nodes = nodeCount(design);
    return editEvent(design, event, integer ? [...parts, ...CONVERTERS] : parts, (count) => count / nodes);
  },
} as const satisfies Quirk;
