import { unit } from '../unit.ts';
import { joined } from './or-tree.ts';

/**
 * A processing element that selects: a T register and two sets of AND gates. Neighbouring frames overlap in a row when
 * the later one spikes earlier, so each OR tree gets the value of the columns that work on its parity (Mugi §4.2, "two
 * sets of OR gates").
 */
export const selectingElement = unit({
  name: 'processing_element',
  doc: 'PE: T register, and the broadcast value gated onto the OR tree of its mapping.',
  inputs: { spike: 1, parity: 1, value: 16 },
  hardware: (m, { spike, parity, value }) => ({
    spike_next: m.delay('t', spike, { reset: 0 }),
    even: value.gate(spike.and(parity.not())),
    odd: value.gate(spike.and(parity)),
  }),
  behaviour() {
    let next = 0;
    return {
      shown({ spike, parity, value }) {
        const [even, odd] = [0, 1].map((of) => joined(spike, parity, of, Uint16Array.of(value)));
        return { spike_next: next, even, odd };
      },
      clock({ spike }) {
        next = spike;
      },
    };
  },
  work: (draw) => () => ({ spike: draw.bit(), parity: draw.bit(), value: draw.bf16() }),
  events: { select: { when: ({ spike }) => spike === 1 } },
});
