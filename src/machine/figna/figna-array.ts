import { type Bits, constant } from '../../hardware/bits.ts';
import { module } from '../../hardware/module.ts';
import { vector } from '../../hardware/port.ts';
import { cellRow, type Columns } from '../systolic/cell-row.ts';
import {
  align,
  alignmentDistance,
  exponentOf,
  alignmentLatency,
  alignVector,
  sharedExponent,
} from './figna-align.ts';
import { FignaPe, fignaPe, SUM_BITS } from './figna-pe.ts';
import { exponentRestore, integerToBf16, integerConverter } from '../part/integer-to-bf16.ts';
import { Pipeline } from '../part/registered.ts';

/** Cycles that the shared exponent waits for the first column's sum. */
const waiting = (size: number): number => size + 1;

/** Cycles from a vector to the result of column 0: exponent tree, alignment, the rows, conversion. */
export const fignaLatency = (size: number): number => alignmentLatency(size) + waiting(size) + 1;

/**
 * N × N weight-stationary systolic array of integer cells after FIGNA (HPCA 2024), N a power of two. The activations
 * of a vector (axis K, one a row) are aligned to their largest exponent at the left edge; sums are converted back to
 * BF16 at the bottom. A vector enters every cycle; column n's result leaves n cycles after column 0's. Weights enter
 * at the top as rows of INT4 while `load` is high, the last row first.
 */
export class FignaArray {
  readonly size: number;
  readonly #cells: FignaPe[];
  /** Vectors while their exponent is searched, the youngest first. */
  readonly #searched: number[][];
  readonly #aligned: number[];
  readonly #skew: Pipeline[];
  readonly #shared: Pipeline;
  /** The exponent that belongs to each column's present sum. */
  readonly #held: number[];
  readonly results: number[];

  constructor(size: number) {
    const zeros = (): number[] => Array.from({ length: size }, () => 0);
    this.size = size;
    this.#cells = Array.from({ length: size * size }, () => new FignaPe());
    this.#searched = Array.from({ length: Math.log2(size) }, zeros);
    this.#aligned = zeros();
    this.#skew = Array.from({ length: size }, (_, row) => new Pipeline(Math.max(1, row)));
    this.#shared = new Pipeline(waiting(size));
    this.#held = zeros();
    this.results = zeros();
  }

  /** The clock edge: BF16 patterns and INT4 weights, N each. */
  clock(activations: readonly number[], nibbles: ArrayLike<number>, load: boolean): void {
    const { size } = this;
    const cells = this.#cells;
    for (let column = size - 1; column >= 0; column--) {
      this.results[column] = integerToBf16(cells[(size - 1) * size + column].partial, this.#held[column]);
      this.#held[column] = column === 0 ? this.#shared.output : this.#held[column - 1];
    }
    for (let row = size - 1; row >= 0; row--) {
      for (let column = size - 1; column >= 0; column--) {
        const at = row * size + column;
        const above = cells[at - size];
        const first = row === 0 ? this.#aligned[0] : this.#skew[row].output;
        cells[at].clock({
          activation: column === 0 ? first : cells[at - 1].activation,
          partial: above?.partial ?? 0,
          weight: above?.weight ?? nibbles[column],
          load,
        });
      }
      this.#skew[row].clock(this.#aligned[row]);
    }
    const found = this.#searched.pop()!;
    const shared = sharedExponent(found);
    this.#shared.clock(shared);
    found.forEach((x, row) => {
      this.#aligned[row] = align(x, alignmentDistance(shared, exponentOf(x)));
    });
    this.#searched.unshift([...activations]);
  }
}

export const fignaArrayModule = (size: number) =>
  module(
    {
      name: `figna_array_${size}`,
      doc: `${size} × ${size} integer systolic array: alignment at the left edge, BF16 again at the bottom.`,
      inputs: { activation: vector(size, 16), nibble: vector(size, 4), load: 1 },
    },
    (m, { activation, nibble, load }) => {
      const { aligned, shared: root } = alignVector(m, activation);
      let columns: Columns = { weights: nibble, partials: nibble.map(() => constant(0, SUM_BITS)) };
      for (let row = 0; row < size; row++) {
        let passing = aligned[row];
        for (let i = 0; i < row; i++) passing = m.delay(`skew_${row}_${i}`, passing);
        columns = cellRow(m, fignaPe.module, row, passing, load, columns);
      }
      const { partials } = columns;
      let shared: Bits = root;
      for (let i = 0; i < waiting(size); i++) shared = m.delay(`waiting_${i}`, shared);
      const result = partials.map((sum, column) => {
        const { held, base, special } = m.instance(`restore_${column}`, exponentRestore.module, { shared });
        shared = held;
        return m.instance(`convert_${column}`, integerConverter.module, { sum, base, special }).value;
      });
      return { result };
    },
  );
