import { type Bits, concat } from '../../hardware/bits.ts';
import { module } from '../../hardware/module.ts';
import { type Sides, sidesName } from '../sides.ts';
import { add, multiply } from '../part/float.ts';
import { gatedAdder, gatedMultiplier, History, taps } from '../part/gated.ts';
import { heldWeight, HeldWeights, skewedNibbles } from '../part/held-weight.ts';
import { int4ToBf16, int4Converter } from '../part/int4-to-bf16.ts';
import { FLOAT_LATENCY } from '../part/registered.ts';
import type { HeldArray, HeldBehaviour, HeldCycle } from '../whole/held.ts';

/** Cycles of an activation in a cell: its register, product and sum. */
const STAGES = 1 + 2 * FLOAT_LATENCY;

/** Cycles by which lane k gets its activation late: its product meets the sum from above. Lane 0 only multiplies. */
const late = (k: number): number => FLOAT_LATENCY * Math.max(0, k - 1);

/**
 * Cell of a weight-stationary array with double-buffered weights. All cells that do the same in a cycle lie on a diagonal;
 * each of them gets its enables from there. `take` belongs to the register of the activation; the bits of `work` to the
 * stages of the multiplier and, but in lane 0, of the adder.
 */
const cell = (first: boolean) =>
  module(
    {
      name: first ? 'stationary_cell_first' : 'stationary_cell',
      doc: `Weight-stationary cell: product of the held weight and the passing activation${first ? '' : ', added to the sum from above'}.`,
      inputs: { activation: 16, partial: 16, nibble: 4, write: 1, swap: 1, take: 1, work: 2 * FLOAT_LATENCY },
    },
    (m, { activation, partial, nibble, write, swap, take, work }) => {
      const { weight } = m.instance('weight', heldWeight.module, { nibble, write, swap });
      const passed = m.delay('passed', activation, { enable: take });
      const { value } = m.instance('convert', int4Converter.module, { nibble: weight });
      const enable = work.low(FLOAT_LATENCY);
      const { product } = m.instance('multiply', gatedMultiplier.module, { a: passed, b: value, enable });
      if (first) return { activation_right: passed, partial_below: product };
      const { sum } = m.instance('accumulate', gatedAdder.module, {
        a: partial,
        b: product,
        enable: work.high(FLOAT_LATENCY),
      });
      return { activation_right: passed, partial_below: sum };
    },
  );

/**
 * Weight-stationary systolic array of any sides of at least two: `columns` lanes of activations (axis K) by `rows` lanes of weights and
 * results (axis N). A vector enters every cycle; lane k of it is late by two cycles a lane and column n by one a column.
 * The weights of the next tile are written a lane of k a cycle while the present ones multiply.
 */
export function weightStationary(sides: Sides): HeldArray {
  const { columns: K, rows: N } = sides;
  const [first, other] = [cell(true), cell(false)];
  return {
    name: `sa-${sidesName(sides)}`,
    title: `weight-stationary systolic array, ${K} lanes of k x ${N} of n, BF16`,
    sides,
    latency: late(K - 1) + STAGES,
    skew: 1,
    writeAhead: 2,
    build(m, { activation, nibble, valid, swap, write, writing }) {
      const span = late(K - 1) + N;
      const valids = taps(m, 'valid', valid, span + STAGES);
      const swaps = taps(m, 'swap', swap, span);
      const writes = taps(m, 'write', write, K + N);
      const nibbles = skewedNibbles(m, nibble, writing);
      let partials: (Bits | number)[] = nibble.map(() => 0);
      for (let k = 0; k < K; k++) {
        let passing = activation[k];
        for (let i = 0; i < late(k); i++) {
          passing = m.delay(`skew_${k}_${i}`, passing, { enable: valids[i] });
        }
        partials = nibbles.map((x, n) => {
          const time = late(k) + n;
          const { activation_right, partial_below } = m.instance(`cell_${k}_${n}`, k === 0 ? first : other, {
            activation: passing,
            partial: partials[n],
            nibble: x,
            write: writes[k + n],
            swap: swaps[time],
            take: valids[time],
            work: concat(valids[time + 4], valids[time + 3], valids[time + 2], valids[time + 1]),
          });
          passing = activation_right;
          return partial_below;
        });
      }
      return partials as Bits[];
    },
    behaviour: () => new WeightStationary(sides),
  };
}

/** Behaviour, every column at its own time: what enters column n is late by n cycles, and so is what leaves it. */
class WeightStationary implements HeldBehaviour {
  readonly done: number;
  readonly #weights: HeldWeights;
  readonly #past: History<HeldCycle & { sums: number[] }>;
  readonly #writes: History<boolean>;
  readonly #sides: Sides;

  constructor(sides: Sides) {
    const { columns: K, rows: N } = sides;
    this.#sides = sides;
    this.done = late(K - 1);
    this.#weights = new HeldWeights(K, N);
    this.#past = new History(late(K - 1));
    this.#writes = new History(K);
  }

  clock(inputs: HeldCycle): number[] | undefined {
    const { columns: K, rows: N } = this.#sides;
    this.#past.push({ ...inputs, sums: [] });
    this.#writes.push(inputs.write);
    for (let k = 0; k < K; k++) {
      const vector = this.#past.ago(late(k));
      const written = this.#writes.ago(k) === true ? inputs.nibble : undefined;
      this.#weights.clock(k, vector?.swap ?? false, written);
      if (vector?.valid !== true) continue;
      const weights = this.#weights.present[k];
      for (let n = 0; n < N; n++) {
        const product = multiply(vector.activation[k], int4ToBf16(weights[n]));
        vector.sums[n] = k === 0 ? product : add(vector.sums[n], product);
      }
    }
    const leaving = this.#past.ago(this.done);
    return leaving?.valid === true ? leaving.sums : undefined;
  }
}
