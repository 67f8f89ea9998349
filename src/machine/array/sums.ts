import { decode, flush, fromBits, quiet, toBits } from '../../number/bf16.ts';
import { product, sum } from '../part/bf16-value.ts';
import type { ArrayActivity } from './activity.ts';
import type { ArrayJob, ArrayTile } from './job.ts';

/**
 * Cycles in which an accumulator behind an array takes a sum that leaves it. One, as of every cell here: on gates an adder
 * takes two (`whole/`; docs/rivals.md tells what that changes).
 */
export const ACCUMULATE = 1;

/** Operands as values: subnormals are zeros, NaN is one. */
export const activationsOf = ({ activations }: ArrayJob): Float32Array =>
  decode(activations.map((bits) => flush(quiet(bits))));

/** The accumulators behind an array and the vector unit behind them, whose time is that of another resource. */
export class Sums {
  readonly #n: number;
  readonly #chains: number;
  readonly #scales: Uint16Array | undefined;
  readonly #length: number;
  readonly #activity: ArrayActivity;
  /** Of the chain at work, and of all chains before it. */
  readonly #partial: Float32Array;
  readonly #total: Float32Array;
  readonly #added: ArrayJob['added'];

  constructor({ m, k, n, scales, before, added }: ArrayJob, tile: ArrayTile, activity: ArrayActivity) {
    this.#n = n;
    this.#length = tile.k;
    this.#chains = Math.ceil(k / tile.k);
    this.#scales = scales;
    this.#activity = activity;
    this.#partial = new Float32Array(m * n);
    // −0 + v is v, also for v = −0: the first scaled sum is loaded.
    this.#total = before?.slice() ?? new Float32Array(m * n).fill(-0);
    this.#added = added;
  }

  /** An accumulator takes a sum of products that begin at inner index `k`; `last`: the chain ends with it. */
  add(m: number, n: number, k: number, value: number, last: boolean): void {
    const at = m * this.#n + n;
    this.#partial[at] = sum(k % this.#length === 0 ? 0 : this.#partial[at], value);
    this.#activity.accumulate += 1;
    if (last) this.finish(m, n, k, this.#partial[at]);
  }

  /** The vector unit takes the sum of the chain that holds inner index `k`. */
  finish(m: number, n: number, k: number, value: number): void {
    const at = m * this.#n + n;
    const chain = Math.floor(k / this.#length);
    const scale =
      this.#scales === undefined ? 1 : fromBits(flush(quiet(this.#scales[n * this.#chains + chain])));
    this.#total[at] = sum(this.#total[at], product(value, scale));
    this.#activity.scaling += 1;
    this.#added?.(m, n, chain);
  }

  output(): Uint16Array {
    return Uint16Array.from(this.#total, toBits);
  }
}
