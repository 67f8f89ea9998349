import { concat, constant, mux } from '../../../hardware/bits.ts';
import { oneOf } from '../../../hardware/choice.ts';
import { module } from '../../../hardware/module.ts';
import { vector } from '../../../hardware/port.ts';
import { COLUMNS } from '../../../vlp/array.ts';
import { CASCADE_LEVELS, CASCADE_TERMS } from '../../../vlp/row-sum.ts';
import { floatAdder } from '../../part/float-adder.ts';
import { standingSums } from './output-accumulator.ts';
import { rowAdder } from './row-adder.ts';

/*
 * Output accumulators that could stand in place of oAcc (output-accumulator.ts), each with its eight sums a row. What
 * they cost and what they do for a model's loss is in docs/sums.md.
 */

/** Cycles from an addition to the next one that may read its sum. */
const SUM_LATENCY = 2;

/** One addition of a frame: the sum in slot `read` and what is added to it go to slot `write`. */
export interface CascadeStep {
  /** Cycle of the frame. */
  cycle: number;
  /** The key's exponential, or what stands in slot 0. */
  adds: 'result' | 'slot 0';
  /** Slot of the other operand; undefined: +0. */
  read: number | undefined;
  write: number;
}

/**
 * The additions of one softmax key, counted from 0, the same in every row. The key goes to slot 0, level 0 of the cascade;
 * when a level is complete its sum goes up, through slot 0, to the next. After the last key all levels are added. Never
 * more than four additions, two cycles apart: a frame has eight cycles.
 */
export function cascadeSteps(key: number, last: boolean): CascadeStep[] {
  const fresh = (level: number): boolean => key % CASCADE_TERMS ** (level + 1) < CASCADE_TERMS ** level;
  const steps: CascadeStep[] = [
    { cycle: 0, adds: 'result', read: key % CASCADE_TERMS === 0 ? undefined : 0, write: 0 },
  ];
  for (let level = 1; level < CASCADE_LEVELS; level++) {
    const complete = (key + 1) % CASCADE_TERMS ** level === 0;
    if (!complete && !last) break;
    const top = level === CASCADE_LEVELS - 1;
    // The sum of a level begins anew with the first that comes up to it; the last level never does.
    const begins = top ? key < CASCADE_TERMS ** level : fresh(level);
    const goesOn = last || (!top && (key + 1) % CASCADE_TERMS ** (level + 1) === 0);
    steps.push({
      cycle: SUM_LATENCY * steps.length,
      adds: 'slot 0',
      read: begins ? undefined : level,
      write: goesOn ? 0 : level,
    });
  }
  return steps;
}

/** oAcc with a way from slot 0 back to its adder: sums of softmax rows cascade in the ring. */
export const cascadeAccumulatorModule = module(
  {
    name: 'cascade_accumulator',
    doc: 'A BF16 adder and eight partial sums, the first of which can also be added to another.',
    inputs: {
      product: 16,
      result: 16,
      add: 1,
      add_result: 1,
      carry: 1,
      read: vector(COLUMNS, 1),
      write: vector(COLUMNS, 1),
    },
  },
  (m, { product, result, add, add_result, carry, read, write }) => {
    return standingSums(m, { read, write }, 16, (head, sums) => {
      const a = mux(carry, sums[0], mux(add_result, result, product));
      return m.instance('adder', rowAdder.module, { a, b: head, enable: add }).sum;
    });
  },
);

/** oAcc with sums of `mantissa` mantissa bits: 23 is FP32, 15 a format of 24 bits. The vector unit reads BF16. */
export const wideAccumulatorModule = (mantissa: number) => {
  const width = 9 + mantissa;
  return module(
    {
      name: `wide_accumulator_m${mantissa}`,
      doc: `An adder and eight partial sums of ${width} bits.`,
      inputs: {
        product: 16,
        result: 16,
        add: 1,
        add_result: 1,
        read: vector(COLUMNS, 1),
        write: vector(COLUMNS, 1),
      },
    },
    (m, { product, result, add, add_result, read, write }) => {
      return standingSums(m, { read, write }, width, (head) => {
        const a = concat(mux(add_result, result, product), constant(0, mantissa - 7));
        return m.instance('adder', floatAdder(mantissa), { a, b: head, enable: add }).sum;
      });
    },
  );
};

/**
 * oAcc for a compensated softmax sum: four dependent additions a key, which fill a frame, of operands that both come from
 * the ring, with either sign. In GEMM every product would need them, four frames of eight cycles instead of one.
 */
export const compensatedAccumulatorModule = module(
  {
    name: 'compensated_accumulator',
    doc: 'A BF16 adder and eight partial sums, two of which are read in a cycle, either of them negated.',
    inputs: {
      product: 16,
      result: 16,
      add: 1,
      add_result: 1,
      carry: 1,
      negate: 2,
      read: vector(COLUMNS, 1),
      second: vector(COLUMNS, 1),
      write: vector(COLUMNS, 1),
    },
  },
  (m, { product, result, add, add_result, carry, negate, read, second, write }) => {
    return standingSums(m, { read, write }, 16, (head, sums) => {
      const other = mux(carry, oneOf(second, sums), mux(add_result, result, product));
      return m.instance('adder', rowAdder.module, {
        a: concat(other.msb.xor(negate.bit(0)), other.low(15)),
        b: concat(head.msb.xor(negate.bit(1)), head.low(15)),
        enable: add,
      }).sum;
    });
  },
);
