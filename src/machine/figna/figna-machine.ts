import { type Bits, concat, constant } from '../../hardware/bits.ts';
import { module } from '../../hardware/module.ts';
import { addWithCarry } from '../../hardware/units/shift.ts';
import { type Sides, sidesName } from '../sides.ts';
import { History, taps } from '../part/gated.ts';
import { int4Value } from '../part/int4-to-bf16.ts';
import { heldWeight, HeldWeights, skewedNibbles } from '../part/held-weight.ts';
import { exponentRestore, integerToBf16, integerConverter } from '../part/integer-to-bf16.ts';
import { HeldTree } from '../whole/held-tree.ts';
import type { HeldArray, HeldBehaviour, HeldCycle } from '../whole/held.ts';
import { ALIGNED_BITS, alignmentLatency, alignVector, signedSignificands } from './figna-align.ts';
import { SUM_BITS } from './figna-pe.ts';
import { integerProduct } from './integer-product.ts';

/** Adds a product of sign and magnitude to a two's complement sum of `width` bits. */
const plus = (sum: Bits, magnitude: Bits, negative: Bits): Bits => {
  const wide = concat(constant(0, sum.width - magnitude.width), magnitude);
  return addWithCarry(sum, wide.xor(negative.repeat(sum.width)), negative);
};

/** Cell of the array: as of `figna-pe.ts`, with double-buffered weights and enables from its diagonal. */
const cell = module(
  {
    name: 'integer_cell',
    doc: 'Integer cell: held INT4 weight times the passing aligned significand, added to the sum from above.',
    inputs: {
      activation: ALIGNED_BITS + 1,
      partial: SUM_BITS,
      nibble: 4,
      write: 1,
      swap: 1,
      take: 1,
      work: 1,
    },
  },
  (m, { activation, partial, nibble, write, swap, take, work }) => {
    const { weight } = m.instance('weight', heldWeight.module, { nibble, write, swap });
    const passed = m.delay('passed', activation, { enable: take });
    const { magnitude, negative } = m.instance('multiply', integerProduct.module, {
      activation: passed,
      weight,
    });
    const sum = m.delay('sum', plus(partial, magnitude, negative), { enable: work });
    return { activation_right: passed, partial_below: sum };
  },
);

/**
 * Weight-stationary systolic array of integer cells after FIGNA (HPCA 2024), of any sides, `columns` a power of two:
 * alignment at the left edge, lanes of k a cycle late each, sums converted back to BF16 at the bottom.
 */
export function fignaSystolic(sides: Sides): HeldArray {
  const { columns: K, rows: N } = sides;
  const front = alignmentLatency(K);
  return {
    name: `sa-f-${sidesName(sides)}`,
    title: `weight-stationary systolic array of integer cells after FIGNA, ${K} lanes of k x ${N} of n`,
    sides,
    latency: front + K + 1 + 1,
    skew: 1,
    writeAhead: 1 - front,
    build(m, { activation, nibble, valid, swap, write, writing }) {
      const valids = taps(m, 'valid', valid, front + K + N + 1);
      const swaps = taps(m, 'swap', swap, front + K + N);
      const writes = taps(m, 'write', write, K + N);
      const { aligned, shared } = alignVector(m, activation, valids);
      const nibbles = skewedNibbles(m, nibble, writing);
      let partials: (Bits | number)[] = nibble.map(() => 0);
      for (let k = 0; k < K; k++) {
        let passing = aligned[k];
        for (let i = 0; i < k; i++) {
          passing = m.delay(`skew_${k}_${i}`, passing, { enable: valids[front + i] });
        }
        partials = nibbles.map((x, n) => {
          const time = front + k + n;
          const { activation_right, partial_below } = m.instance(`cell_${k}_${n}`, cell, {
            activation: passing,
            partial: partials[n],
            nibble: x,
            write: writes[k + n],
            swap: swaps[time],
            take: valids[time],
            work: valids[time + 1],
          });
          passing = activation_right;
          return partial_below;
        });
      }
      let exponent: Bits = shared;
      for (let i = 0; i <= K; i++)
        exponent = m.delay(`waiting_${i}`, exponent, { enable: valids[front - 1 + i] });
      return (partials as Bits[]).map((sum, n) => {
        const { held, base, special } = m.instance(`restore_${n}`, exponentRestore.module, {
          shared: exponent,
        });
        exponent = held;
        return m.instance(`to_bf16_${n}`, integerConverter.module, { sum, base, special }).value;
      });
    },
    behaviour: () => new FignaSystolic(sides),
  };
}

/** Behaviour, every column at its own time. */
class FignaSystolic implements HeldBehaviour {
  readonly done: number;
  readonly #sides: Sides;
  readonly #front: number;
  readonly #weights: HeldWeights;
  readonly #past: History<HeldCycle & { aligned: Int32Array; shared: number; sums: Int32Array }>;
  readonly #writes: History<boolean>;

  constructor(sides: Sides) {
    const { columns: K, rows: N } = sides;
    this.#sides = sides;
    this.#front = alignmentLatency(K);
    this.done = this.#front + K - 1;
    this.#weights = new HeldWeights(K, N);
    this.#past = new History(this.done);
    this.#writes = new History(K);
  }

  clock(inputs: HeldCycle): number[] | undefined {
    const { columns: K, rows: N } = this.#sides;
    this.#past.push({ ...inputs, ...signedSignificands(inputs.activation), sums: new Int32Array(N) });
    this.#writes.push(inputs.write);
    for (let k = 0; k < K; k++) {
      const vector = this.#past.ago(this.#front + k);
      const written = this.#writes.ago(k) === true ? inputs.nibble : undefined;
      this.#weights.clock(k, vector?.swap ?? false, written);
      if (vector?.valid !== true) continue;
      const weights = this.#weights.present[k];
      for (let n = 0; n < N; n++) {
        vector.sums[n] = wrapped(vector.sums[n] + vector.aligned[k] * int4Value(weights[n]));
      }
    }
    const leaving = this.#past.ago(this.done);
    if (leaving?.valid !== true) return undefined;
    return Array.from(leaving.sums, (sum) => integerToBf16(sum, leaving.shared));
  }
}

/** Two products of a column and their sum. */
const pair = module(
  {
    name: 'integer_pair',
    doc: 'Two INT4 weights with double buffering, their products with aligned significands, and the sum in a register.',
    inputs: { left: ALIGNED_BITS + 1, right: ALIGNED_BITS + 1, nibble: 4, write: 2, swap: 1, work: 1 },
  },
  (m, { left, right, nibble, write, swap, work }) => {
    const product = (name: string, activation: Bits, enable: Bits) => {
      const { weight } = m.instance(`weight_${name}`, heldWeight.module, { nibble, write: enable, swap });
      return m.instance(`multiply_${name}`, integerProduct.module, { activation, weight });
    };
    const [a, b] = [product('left', left, write.bit(0)), product('right', right, write.bit(1))];
    const width = a.magnitude.width + 2;
    const first = plus(constant(0, width), a.magnitude, a.negative);
    return { sum: m.delay('sum', plus(first, b.magnitude, b.negative), { enable: work }) };
  },
);

/** Sum of a column's pairs, and BF16. */
const column = (pairs: number, width: number) =>
  module(
    {
      name: `integer_column_${pairs}`,
      doc: `Sum of ${pairs} pairs of integer products in a register, then BF16 of it.`,
      inputs: {
        ...Object.fromEntries(Array.from({ length: pairs }, (_, i) => [`pair_${i}`, width])),
        work: 1,
        base: 9,
        special: 1,
      },
    },
    (m, io) => {
      const extended = (x: Bits): Bits => concat(x.msb.repeat(SUM_BITS - width), x);
      const named = io as unknown as Readonly<Record<string, Bits>>;
      let values = Array.from({ length: pairs }, (_, i) => extended(named[`pair_${i}`]));
      while (values.length > 1) {
        values = Array.from({ length: values.length / 2 }, (_, i) => values[2 * i].add(values[2 * i + 1]));
      }
      const sum = m.delay('sum', values[0], { enable: named.work });
      const { base, special } = named;
      return { value: m.instance('to_bf16', integerConverter.module, { sum, base, special }).value };
    },
  );

/**
 * Dot products of integers after FIGNA: each of `rows` columns multiplies the `columns` aligned activations that all share
 * with INT4 weights of its own and adds them as integers. `columns` is a power of two of at least four.
 */
export function fignaDots(sides: Sides): HeldArray {
  const { columns: K, rows: N } = sides;
  const front = alignmentLatency(K);
  const width = ALIGNED_BITS + 3 + 2;
  return {
    name: `sd-f-${sidesName(sides)}`,
    title: `dot products of integers after FIGNA, ${K} products of k x ${N} of n`,
    sides,
    latency: front + 3,
    skew: 0,
    writeAhead: K + 1 - front,
    build(m, { activation, nibble, valid, swapping, write }) {
      const valids = taps(m, 'valid', valid, front + 3);
      const swaps = taps(m, 'swapping', swapping, front);
      const writes = taps(m, 'write', write, K);
      const { aligned, shared } = alignVector(m, activation, valids);
      let exponent: Bits = shared;
      for (let i = 0; i < 2; i++)
        exponent = m.delay(`waiting_${i}`, exponent, { enable: valids[front - 1 + i] });
      const restored = m.instance('restore', exponentRestore.module, { shared: exponent });
      const sum = column(K / 2, width);
      return nibble.map((x, n) => {
        const pairs = Array.from({ length: K / 2 }, (_, i) => {
          const one = m.instance(`pair_${n}_${i}`, pair, {
            left: aligned[2 * i],
            right: aligned[2 * i + 1],
            nibble: x,
            write: concat(writes[2 * i + 1], writes[2 * i]),
            swap: swaps[front],
            work: valids[front],
          });
          return [`pair_${i}`, one.sum] as const;
        });
        return m.instance(`column_${n}`, sum, {
          ...Object.fromEntries(pairs),
          work: valids[front + 1],
          base: restored.base,
          special: restored.special,
        }).value;
      });
    },
    behaviour: () => new HeldTree(sides, front, integerDot),
  };
}

function integerDot(vector: ArrayLike<number>, weights: Uint8Array): number {
  const { aligned, shared } = signedSignificands(vector);
  return integerToBf16(
    wrapped(aligned.reduce((sum, value, k) => sum + value * int4Value(weights[k]), 0)),
    shared,
  );
}

const wrapped = (sum: number): number => (sum << (32 - SUM_BITS)) >> (32 - SUM_BITS);
