import { type Bits, concat, mux } from '../../hardware/bits.ts';
import { oneOf } from '../../hardware/choice.ts';
import { module, type ModuleBuilder } from '../../hardware/module.ts';
import { vector } from '../../hardware/port.ts';
import { add, multiply } from './float.ts';
import { gatedAdder, GatedPipeline, gatedMultiplier, History, taps } from './gated.ts';
import { FLOAT_LATENCY } from './registered.ts';

/** Cycles from an operand that is taken to its place in the multiplier, the adder and on the result pins. */
const MULTIPLIES = 1;
export const ADDS = MULTIPLIES + FLOAT_LATENCY;
export const LANE_LATENCY = ADDS + FLOAT_LATENCY;

/** Pins of a vector array beside `data`, and when they count. */
export const LANE_PINS = {
  /** Each takes the operand of a lane: from the sums that drain, from `data`, or the lane's own result. */
  drain: 1,
  take_data: 1,
  take_back: 1,
  /** With the operand: it meets the lane's scale; else `coefficient`, which all lanes share, a cycle later. */
  by_scale: 1,
  coefficient: 16,
  /** With the operand: `data` of ADDS cycles later is added, or the lane's own result then. */
  with_data: 1,
  accumulate: 1,
  /** The lane's scale takes `scale`. */
  load_scale: 1,
} as const;

/** One cycle of a vector array. */
export interface LanePins {
  drain: boolean;
  take_data: boolean;
  take_back: boolean;
  by_scale: boolean;
  with_data: boolean;
  accumulate: boolean;
  load_scale: boolean;
  coefficient: number;
  data: ArrayLike<number>;
  scale: ArrayLike<number>;
}

/**
 * A lane of the vector array that scales results and computes nonlinear functions (Mugi §5.2.2): operand register, BF16
 * multiplier and adder. Results of the array meet the scale of their group and the sum of earlier groups; functions are
 * polynomials and iterations on the same lanes, with coefficients that all lanes share.
 */
const lane = module(
  {
    name: 'scaling_lane',
    doc: 'Lane of a vector array: operand from the array, the memory or its own result; BF16 multiplier and adder.',
    inputs: {
      shown: 16,
      data: 16,
      new_scale: 16,
      coefficient: 16,
      take: vector(3, 1),
      load_scale: 1,
      by_scale: 1,
      with_data: 1,
      accumulate: 1,
      busy: vector(LANE_LATENCY, 1),
    },
  },
  (m, io) => {
    const back = m.declare('own_result', 16);
    const operand = m.delay('operand', oneOf(io.take, [io.shown, io.data, back]), { enable: io.busy[0] });
    const scale = m.delay('scale', io.new_scale, { enable: io.load_scale });
    const { product } = m.instance('multiply', gatedMultiplier.module, {
      a: operand,
      b: mux(io.by_scale, scale, io.coefficient),
      enable: concat(io.busy[MULTIPLIES + 1], io.busy[MULTIPLIES]),
    });
    const { sum } = m.instance('add', gatedAdder.module, {
      a: product,
      b: oneOf([io.with_data, io.accumulate], [io.data, back]),
      enable: concat(io.busy[ADDS + 1], io.busy[ADDS]),
    });
    back.drive(sum);
    return { sum };
  },
);

/** Lanes beside each other, inside another module; gives their results. */
export function vectorArray(
  m: ModuleBuilder,
  shown: readonly Bits[],
  io: { readonly [K in keyof typeof LANE_PINS]: Bits } & {
    readonly data: readonly Bits[];
    readonly scale: readonly Bits[];
  },
): Bits[] {
  const take = [io.drain, io.take_data, io.take_back];
  const busy = taps(m, 'lanes_busy', take[0].or(take[1]).or(take[2]), LANE_LATENCY - 1);
  const byScale = m.delay('scales', io.by_scale);
  const late = (name: string, value: Bits) => taps(m, name, value, ADDS)[ADDS];
  const withData = late('with_data', io.with_data.and(busy[0]));
  const accumulate = late('accumulates', io.accumulate.and(busy[0]));
  return shown.map(
    (value, i) =>
      m.instance(`lane_${i}`, lane, {
        shown: value,
        data: io.data[i],
        new_scale: io.scale[i],
        coefficient: io.coefficient,
        take,
        load_scale: io.load_scale,
        by_scale: byScale,
        with_data: withData,
        accumulate,
        busy,
      }).sum,
  );
}

/** The pins of a cycle by name, as the lanes read them. */
export function lanePins(pins: Readonly<Record<string, number | ArrayLike<number>>>): LanePins {
  const high = (name: keyof typeof LANE_PINS): boolean => pins[name] === 1;
  return {
    drain: high('drain'),
    take_data: high('take_data'),
    take_back: high('take_back'),
    by_scale: high('by_scale'),
    with_data: high('with_data'),
    accumulate: high('accumulate'),
    load_scale: high('load_scale'),
    coefficient: pins.coefficient as number,
    data: pins.data as ArrayLike<number>,
    scale: pins.scale as ArrayLike<number>,
  };
}

/** Behaviour of all lanes. */
export class VectorArray {
  readonly #operand: Uint16Array;
  readonly #scale: Uint16Array;
  readonly #product: GatedPipeline[];
  readonly #sum: GatedPipeline[];
  readonly #past = new History<LanePins>(LANE_LATENCY);

  constructor(lanes: number) {
    this.#operand = new Uint16Array(lanes);
    this.#scale = new Uint16Array(lanes);
    this.#product = Array.from({ length: lanes }, () => new GatedPipeline());
    this.#sum = Array.from({ length: lanes }, () => new GatedPipeline());
  }

  result(lane: number): number {
    return this.#sum[lane].output;
  }

  /** The clock edge. `shown` gives what drains into a lane. */
  clock(pins: LanePins, shown: (lane: number) => number): void {
    this.#past.push(pins);
    const busy = (ago: number): boolean => {
      const past = this.#past.ago(ago);
      return past !== undefined && (past.drain || past.take_data || past.take_back);
    };
    const scaling = this.#past.ago(MULTIPLIES)?.by_scale ?? false;
    const adding = busy(ADDS) ? this.#past.ago(ADDS) : undefined;
    for (let i = 0; i < this.#operand.length; i++) {
      const back = this.result(i);
      // At most one of each pair is high; both together are joined bit by bit, as one-hot lines are.
      const addend = (adding?.with_data ? pins.data[i] : 0) | (adding?.accumulate ? back : 0);
      this.#sum[i].clock(add(this.#product[i].output, addend), busy(ADDS), busy(ADDS + 1));
      const factor = scaling ? this.#scale[i] : pins.coefficient;
      this.#product[i].clock(multiply(this.#operand[i], factor), busy(MULTIPLIES), busy(MULTIPLIES + 1));
      if (busy(0)) {
        this.#operand[i] =
          (pins.drain ? shown(i) : 0) | (pins.take_data ? pins.data[i] : 0) | (pins.take_back ? back : 0);
      }
      if (pins.load_scale) this.#scale[i] = pins.scale[i];
    }
  }
}
