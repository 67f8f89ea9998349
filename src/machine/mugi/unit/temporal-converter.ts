import { unit } from '../../unit.ts';

/**
 * TC (Mugi §2.1): the equality of a row's 3-bit magnitude with CNT is its spike. A row that is not live, or whose
 * sign does not belong to the LUT half of the present pass, stays silent.
 */
export class TemporalConverter {
  readonly magnitude: Uint8Array;
  readonly sign: Uint8Array;
  readonly live: Uint8Array;
  /** The spikes of this cycle, one per row. */
  readonly spike: Uint8Array;

  constructor(rows: number) {
    this.magnitude = new Uint8Array(rows);
    this.sign = new Uint8Array(rows);
    this.live = new Uint8Array(rows);
    this.spike = new Uint8Array(rows);
  }

  /** Sets `spike`; `negative` picks the sign that may spike unless `anySign`. Returns how many rows do. */
  compare(count: number, enable: boolean, anySign: boolean, negative: number): number {
    const { magnitude, sign, live, spike } = this;
    let spikes = 0;
    if (!enable) {
      spike.fill(0);
      return 0;
    }
    for (let row = 0; row < spike.length; row++) {
      const fires = magnitude[row] === count && (anySign || sign[row] === negative) ? live[row] : 0;
      spike[row] = fires;
      spikes += fires;
    }
    return spikes;
  }
}

export const temporalConverter = unit({
  name: 'temporal_converter',
  doc: 'TC: a one-cycle spike when the magnitude equals the counter.',
  inputs: {
    take: 1,
    magnitude: 3,
    sign: 1,
    live: 1,
    count: 3,
    enable: 1,
    any_sign: 1,
    negative: 1,
  },
  hardware: (m, { take, magnitude, sign, live, count, enable, any_sign, negative }) => {
    const held = m.delay('held_magnitude', magnitude, { enable: take });
    const heldSign = m.delay('held_sign', sign, { enable: take });
    const heldLive = m.delay('held_live', live, { enable: take });
    const selected = any_sign.or(heldSign.eq(negative));
    return {
      spike: held.eq(count).and(enable).and(heldLive).and(selected),
      row_sign: heldSign,
      row_live: heldLive,
    };
  },
  behaviour() {
    const converter = new TemporalConverter(1);
    return {
      shown({ count, enable, any_sign, negative }) {
        converter.compare(count, enable === 1, any_sign === 1, negative);
        return { spike: converter.spike[0], row_sign: converter.sign[0], row_live: converter.live[0] };
      },
      clock({ take, magnitude, sign, live }) {
        if (take === 0) return;
        converter.magnitude[0] = magnitude;
        converter.sign[0] = sign;
        converter.live[0] = live;
      },
    };
  },
  work: (draw) => () => ({
    take: draw.bit(),
    magnitude: draw.below(8),
    sign: draw.bit(),
    live: draw.bit(),
    count: draw.below(8),
    enable: draw.bit(0.8),
    any_sign: draw.bit(),
    negative: draw.bit(),
  }),
  events: {
    spike: { when: (_, { spike }) => spike === 1, counted: ({ temporalCoder }) => temporalCoder },
    take: {
      when: ({ take, live }) => take === 1 && live === 1,
      counted: ({ weightLoad, preProcess }) => weightLoad + preProcess,
    },
  },
});
