import { type Bits, mux } from '../../../hardware/bits.ts';
import type { ModuleBuilder } from '../../../hardware/module.ts';
import { oneOf } from '../../../hardware/choice.ts';
import { vector } from '../../../hardware/port.ts';
import { rowAdder } from './row-adder.ts';
import { fromBits, toBits } from '../proof/arithmetic.ts';
import { COLUMNS } from '../../../vlp/array.ts';
import { CASCADE_LEVELS, CASCADE_TERMS } from '../../../vlp/row-sum.ts';
import { oneLine, unit } from '../../unit.ts';

/**
 * What the partial sums are kept and rounded in. `bf16-cascade`: BF16, where the sums of softmax rows go up four levels,
 * which stand in the first places of the ring; its hardware is `cascadeAccumulatorModule`.
 */
export type Accumulation = 'bf16' | 'fp32' | 'bf16-cascade';

/**
 * oAcc (Mugi Fig. 9): one adder per row and a ring of eight partial sums, one per column, that turns once per
 * mapping. Product c meets sum c at the head in the cycle that reads slot c. In nonlinear mode the first sum of
 * the ring collects a softmax row's exponentials.
 */
export class OutputAccumulator {
  /** [row × 8 + column] */
  readonly sum: Float32Array;
  readonly #round: boolean;
  readonly #cascade: boolean;
  /** Keys of the softmax rows that cascade now; 0 in GEMM. */
  #keys = 0;

  constructor(rows: number, accumulation: Accumulation) {
    this.sum = new Float32Array(rows * COLUMNS);
    this.#round = accumulation !== 'fp32';
    this.#cascade = accumulation === 'bf16-cascade';
  }

  /** Adds slot `column` of every row that takes part; `first` begins anew from +0. Returns the additions done. */
  addProducts(slot: Uint16Array, hit: Uint8Array, column: number, first: boolean): number {
    let added = 0;
    this.#keys = 0;
    for (let row = 0; row < hit.length; row++) {
      const at = row * COLUMNS + column;
      added += hit[row];
      this.#add(at, hit[row] === 0 ? 0 : slot[at], first);
    }
    return added;
  }

  /** Adds one result per row to the first sum. */
  addResults(result: Uint16Array, first: boolean): void {
    if (!this.#cascade) {
      for (let row = 0; row < result.length; row++) this.#add(row * COLUMNS, result[row], first);
      return;
    }
    if (first) {
      this.sum.fill(0);
      this.#keys = 0;
    }
    this.#keys++;
    for (let row = 0; row < result.length; row++) {
      const base = row * COLUMNS;
      this.#add(base, result[row], false);
      let terms = this.#keys;
      for (let level = 1; level < CASCADE_LEVELS && terms % CASCADE_TERMS === 0; level++) {
        this.#add(base + level, toBits(this.sum[base + level - 1]), false);
        this.sum[base + level - 1] = 0;
        terms /= CASCADE_TERMS;
      }
    }
  }

  /** What a row's ring shows at its head when column `column` is there, as BF16. */
  head(row: number, column: number): number {
    const base = row * COLUMNS;
    if (this.#keys === 0 || column > 0) return toBits(this.sum[base + column]);
    // After the last key of a row all levels are added, the lowest first.
    return toBits(
      this.sum
        .subarray(base, base + CASCADE_LEVELS)
        .reduce((total, level) => fromBits(toBits(level + total))),
    );
  }

  #add(at: number, value: number, first: boolean): void {
    const { sum } = this;
    sum[at] = (first ? 0 : sum[at]) + fromBits(value);
    if (this.#round) sum[at] = fromBits(toBits(sum[at]));
  }
}

/**
 * Eight sums of `width` bits in registers that stand still: one-hot `read` shows one at the head, and `write` clocks another,
 * which takes what `next` makes of the head.
 */
export function standingSums(
  m: ModuleBuilder,
  { read, write }: { read: readonly Bits[]; write: readonly Bits[] },
  width: number,
  next: (head: Bits, sums: readonly Bits[]) => Bits,
): { head: Bits } {
  const sums = write.map((line, c) => m.register(`sum_${c}`, width, { enable: line }));
  const head = m.wire('head', oneOf(read, sums));
  const sum = next(head, sums);
  for (const register of sums) register.next(sum);
  return { head };
}

/**
 * The RTL keeps BF16 sums, in registers that stand still: each cycle reads one of them and clocks another, by one-hot
 * lines. `read` rests where a sum begins anew, so that the adder sees +0; `write` follows the cycle that adds.
 */
export const outputAccumulator = unit({
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
  hardware: (m, { product, result, add, add_result, read, write }) => {
    return standingSums(m, { read, write }, 16, (head) => {
      const a = mux(add_result, result, product);
      return m.instance('adder', rowAdder.module, { a, b: head, enable: add }).sum;
    });
  },
  /** Columns take turns, and a sum is written in the cycle behind the one that adds. */
  behaviour() {
    const sums = new OutputAccumulator(1, 'bf16');
    let column = 0;
    return {
      shown: ({ read }) => ({ head: read.includes(1) ? sums.head(0, column) : 0 }),
      clock({ product, result, add, add_result, read }) {
        const first = !read.includes(1);
        const slots = new Uint16Array(COLUMNS).fill(product);
        if (add_result === 1) sums.addResults(Uint16Array.of(result), first);
        else if (add === 1) sums.addProducts(slots, Uint8Array.of(1), column, first);
        column = (column + 1) % COLUMNS;
      },
    };
  },
  work(draw) {
    let column = COLUMNS - 1;
    let added = false;
    return () => {
      const write = oneLine(column, COLUMNS, added);
      column = (column + 1) % COLUMNS;
      const result = column === 0 && draw.flag(0.2);
      added = result || draw.flag(0.8);
      // A sum that nothing is added to may be shown.
      const shown = draw.flag(added ? 0.95 : 0.5);
      return {
        product: draw.bf16(),
        result: draw.bf16(),
        add: added ? 1 : 0,
        add_result: result ? 1 : 0,
        read: oneLine(column, COLUMNS, shown),
        write,
      };
    };
  },
  events: {
    write: {
      when: ({ write }) => write.includes(1),
      counted: ({ accumulate, sum, rows }) => accumulate + sum * rows,
    },
  },
});
