import type { Bits } from '../../hardware/bits.ts';
import type { ModuleBuilder } from '../../hardware/module.ts';
import { gatedBf16Adder } from '../../hardware/units/bf16-adder.ts';
import { gatedBf16Multiplier } from '../../hardware/units/bf16-multiplier.ts';
import { FLOAT_LATENCY } from './registered.ts';
import { unit } from '../unit.ts';
import { add, multiply } from './float.ts';

/*
 * The floating-point units of whole machines: those of `registered.ts`, whose registers hold where nothing is computed.
 * Bit i of an enable belongs to stage i, and comes i cycles after the operands.
 */
const OPTIONS = { subnormals: 'flush', stages: 1 } as const;

export const gatedAdder = unit({
  name: 'gated_adder',
  doc: `BF16 sum, subnormals as zero, in a register; latency ${FLOAT_LATENCY}, with an enable a stage.`,
  inputs: { a: 16, b: 16, enable: FLOAT_LATENCY },
  hardware: (m, { a, b, enable }) => {
    const { sum } = m.instance('adder', gatedBf16Adder(OPTIONS), { a, b, enable: enable.bit(0) });
    return { sum: m.delay('sum', sum, { enable: enable.bit(1) }) };
  },
  behaviour() {
    const sum = new GatedPipeline();
    return {
      shown: () => ({ sum: sum.output }),
      clock({ a, b, enable }) {
        sum.clock(add(a, b), (enable & 1) === 1, (enable & 2) === 2);
      },
    };
  },
  work: (draw) => () => ({ ...draw.summands(), enable: draw.below(4) }),
  events: {},
});

export const gatedMultiplier = unit({
  name: 'gated_multiplier',
  doc: `BF16 product, subnormals as zero, in a register; latency ${FLOAT_LATENCY}, with an enable a stage.`,
  inputs: { a: 16, b: 16, enable: FLOAT_LATENCY },
  hardware: (m, { a, b, enable }) => {
    const { product } = m.instance('multiplier', gatedBf16Multiplier(OPTIONS), {
      a,
      b,
      enable: enable.bit(0),
    });
    return { product: m.delay('product', product, { enable: enable.bit(1) }) };
  },
  behaviour() {
    const product = new GatedPipeline();
    return {
      shown: () => ({ product: product.output }),
      clock({ a, b, enable }) {
        product.clock(multiply(a, b), (enable & 1) === 1, (enable & 2) === 2);
      },
    };
  },
  work: (draw) => () => ({ a: draw.bf16(), b: draw.bf16(), enable: draw.below(4) }),
  events: {},
});

/** Behaviour of both: a result that moves on only where its stage is enabled. */
export class GatedPipeline {
  #inner = 0;
  /** What leaves in this cycle, before the clock edge. */
  output = 0;

  clock(value: number, first: boolean, second: boolean): void {
    if (second) this.output = this.#inner;
    if (first) this.#inner = value;
  }
}

/** A signal now and in each of the `length` cycles after it. */
export function taps(m: ModuleBuilder, name: string, value: Bits, length: number): Bits[] {
  const all = [value];
  for (let i = 1; i <= length; i++) all.push(m.delay(`${name}_${i}`, all[i - 1]));
  return all;
}

/** Behaviour of taps: what came so many cycles ago, undefined before the first. */
export class History<T> {
  readonly #kept: T[] = [];
  readonly #length: number;

  constructor(length: number) {
    this.#length = length;
  }

  /** What came `ago` cycles before the last `push`. */
  ago(ago: number): T | undefined {
    return this.#kept[ago];
  }

  push(value: T): void {
    this.#kept.unshift(value);
    if (this.#kept.length > this.#length + 1) this.#kept.pop();
  }
}
