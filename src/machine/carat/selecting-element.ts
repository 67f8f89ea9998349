import { module } from '../../hardware/module.ts';

/**
 * A processing element that selects: a T register and two sets of AND gates. Neighbouring frames overlap in a row when
 * the later one spikes earlier, so each OR tree gets the value of the columns that work on its parity (Mugi §4.2, "two
 * sets of OR gates").
 */
export const selectingElementModule = module(
  {
    name: 'processing_element',
    doc: 'PE: T register, and the broadcast value gated onto the OR tree of its mapping.',
    inputs: { spike: 1, parity: 1, value: 16 },
  },
  (m, { spike, parity, value }) => ({
    spike_next: m.delay('t', spike, { reset: 0 }),
    even: value.gate(spike.and(parity.not())),
    odd: value.gate(spike.and(parity)),
  }),
);
