import type { NonlinearRun } from '../design/design.ts';
import { MAXIMUM_CYCLES } from '../design/mugi-nonlinear.ts';
import { MAXIMUM_PASSES } from '../design/vector-unit.ts';
import { isBuiltIn, isMugi } from './edit.ts';
import type { Quirk } from './quirk.ts';

export const softmaxMax = {
  name: 'softmax-max',
  published: 'softmax has neither a search for the maximum nor a subtraction',
  repaired: 'a pass each, in cycles and energy',
  design(design) {
    if (!isBuiltIn(design)) return design;
    const { softmax } = design.nonlinear;
    const rules = isMugi(design) ? onArray(softmax.rules) : onVectorUnit(softmax.rules);
    return {
      ...design,
      nonlinear: { ...design.nonlinear, softmax: { ...softmax, rules, reads: softmax.reads - 1 } },
    };
  },
} as const satisfies Quirk;

type Rules = NonlinearRun['rules'];

/** Every step of Mugi's array is shorter, and the adders only sum. */
const onArray = (rules: Rules): Rules =>
  rules.map((rule) => ({
    ...rule,
    cycles: rule.time === 'steps' ? rule.cycles - MAXIMUM_CYCLES : rule.cycles,
    ...(rule.event === 'sum' ? { share: rule.share! - MAXIMUM_CYCLES } : {}),
  }));

const onVectorUnit = (rules: Rules): Rules =>
  rules
    .filter(({ event }) => event !== 'vector add')
    .map((rule) => ({ ...rule, cycles: rule.cycles - MAXIMUM_PASSES }));
