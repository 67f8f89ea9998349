import type { Sides } from '../sides.ts';
import { History } from '../part/gated.ts';
import { HeldWeights } from '../part/held-weight.ts';
import type { HeldBehaviour, HeldCycle } from './held.ts';

/**
 * Behaviour of an array whose columns take whole vectors at once, `done` cycles after they are registered: `sum` adds the
 * products of a vector with the weights of a column, INT4 patterns.
 */
export class HeldTree implements HeldBehaviour {
  readonly done: number;
  readonly #sides: Sides;
  readonly #weights: HeldWeights;
  readonly #past: History<HeldCycle>;
  readonly #swaps: History<boolean>;
  readonly #writes: History<boolean>;
  readonly #sum: (vector: ArrayLike<number>, weights: Uint8Array) => number;

  constructor(sides: Sides, done: number, sum: (vector: ArrayLike<number>, weights: Uint8Array) => number) {
    const { columns: K, rows: N } = sides;
    this.done = done;
    this.#sides = sides;
    this.#sum = sum;
    this.#weights = new HeldWeights(K, N);
    this.#past = new History(done);
    this.#swaps = new History(done);
    this.#writes = new History(K);
  }

  clock(inputs: HeldCycle): number[] | undefined {
    const { columns: K, rows: N } = this.#sides;
    this.#past.push(inputs);
    this.#swaps.push(inputs.swapping);
    this.#writes.push(inputs.write);
    const vector = this.#past.ago(this.done);
    const present = this.#weights.present;
    const sums =
      vector?.valid === true
        ? Array.from({ length: N }, (_, n) =>
            this.#sum(
              vector.activation,
              Uint8Array.from({ length: K }, (__, k) => present[k][n]),
            ),
          )
        : undefined;
    const swap = this.#swaps.ago(this.done) === true;
    for (let k = 0; k < K; k++) {
      this.#weights.clock(k, swap, this.#writes.ago(k) === true ? inputs.nibble : undefined);
    }
    return sums;
  }
}
