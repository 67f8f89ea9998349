import { mux } from '../../../hardware/bits.ts';
import { module } from '../../../hardware/module.ts';
import { oneOf } from '../../../hardware/choice.ts';
import { vector } from '../../../hardware/port.ts';
import { rowAdderModule } from './row-adder.ts';
import { fromBits, toBits } from '../proof/arithmetic.ts';
import { COLUMNS } from '../../../vlp/array.ts';

/** What the partial sums are kept and rounded in. */
export type Accumulation = 'bf16' | 'fp32';

/**
 * oAcc (Mugi Fig. 9): one adder per row and a ring of eight partial sums, one per column, that turns once per
 * mapping. Product c meets sum c at the head in the cycle that reads slot c. In nonlinear mode the first sum of
 * the ring collects a softmax row's exponentials.
 */
export class OutputAccumulator {
  /** [row × 8 + column] */
  readonly sum: Float32Array;
  readonly #round: boolean;

  constructor(rows: number, accumulation: Accumulation) {
    this.sum = new Float32Array(rows * COLUMNS);
    this.#round = accumulation === 'bf16';
  }

  /** Adds slot `column` of every row that takes part; `first` begins anew from +0. Returns the additions done. */
  addProducts(slot: Uint16Array, hit: Uint8Array, column: number, first: boolean): number {
    let added = 0;
    for (let row = 0; row < hit.length; row++) {
      const at = row * COLUMNS + column;
      added += hit[row];
      this.#add(at, hit[row] === 0 ? 0 : slot[at], first);
    }
    return added;
  }

  /** Adds one result per row to the first sum. */
  addResults(result: Uint16Array, first: boolean): void {
    for (let row = 0; row < result.length; row++) this.#add(row * COLUMNS, result[row], first);
  }

  /** What a row's ring shows at its head when column `column` is there, as BF16. */
  head(row: number, column: number): number {
    return toBits(this.sum[row * COLUMNS + column]);
  }

  #add(at: number, value: number, first: boolean): void {
    const { sum } = this;
    sum[at] = (first ? 0 : sum[at]) + fromBits(value);
    if (this.#round) sum[at] = fromBits(toBits(sum[at]));
  }
}

/**
 * The RTL keeps BF16 sums, in registers that stand still: each cycle reads one of them and clocks another, by one-hot
 * lines. `read` rests where a sum begins anew, so that the adder sees +0; `write` follows the cycle that adds.
 */
export const outputAccumulatorModule = module(
  {
    name: 'output_accumulator',
    doc: 'oAcc: a BF16 adder and eight partial sums, of which one is read and one is written in a cycle.',
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
    const sums = write.map((line, c) => m.register(`sum_${c}`, 16, { enable: line }));
    const head = m.wire('head', oneOf(read, sums));
    const { sum } = m.instance('adder', rowAdderModule, {
      a: mux(add_result, result, product),
      b: head,
      enable: add,
    });
    for (const register of sums) register.next(sum);
    return { head };
  },
);
