import { mux } from '../../../hardware/bits.ts';
import { module } from '../../../hardware/module.ts';
import { bf16Adder } from '../../../hardware/units/bf16-adder.ts';
import { fromBits, toBits } from '../proof/arithmetic.ts';
import { COLUMNS } from '../../../vlp/array.ts';

/** Cycles through the adder of a row or of a vector lane. */
export const ADDER_STAGES = 2;

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
 * The RTL keeps BF16 sums. Six registers and the two adder stages make the ring of eight; a sum that is not added
 * to passes beside the adder in as many cycles.
 */
export const outputAccumulatorModule = module(
  {
    name: 'output_accumulator',
    doc: 'oAcc: a BF16 adder and a ring of eight partial sums that turns once in eight cycles.',
    inputs: { product: 16, result: 16, add_product: 1, add_result: 1, first: 1 },
  },
  (m, { product, result, add_product, add_result, first }) => {
    const ring = Array.from({ length: COLUMNS - ADDER_STAGES }, (_, i) =>
      m.register(`sum_${i}`, 16, { reset: 0 }),
    );
    const [head] = ring;
    const { sum } = m.instance('adder', bf16Adder({ stages: ADDER_STAGES }), {
      a: mux(add_result, result, product),
      b: head.gate(first.not()),
    });
    const beside = m.delay('beside_2', m.delay('beside_1', head, { reset: 0 }), { reset: 0 });
    const adds = m.delay('adds_2', m.delay('adds_1', add_product.or(add_result), { reset: 0 }), { reset: 0 });
    ring.forEach((place, i) => {
      place.next(i + 1 < ring.length ? ring[i + 1] : mux(adds, sum, beside));
    });
    return { head };
  },
);
