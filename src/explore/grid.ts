/** One dimension of a space: its name and the values that it takes. */
export interface Dimension<Value = unknown> {
  name: string;
  values: readonly Value[];
}

/**
 * All combinations of the values of some dimensions, numbered from 0 like the digits of a clock: the last dimension
 * runs fastest. Nothing is stored a point, so that a space of 10⁸ points costs nothing until it is walked.
 */
export class Grid<Value = unknown> {
  readonly dimensions: readonly Dimension<Value>[];
  /** Number of combinations. */
  readonly size: number;
  readonly #strides: number[];

  /** @throws RangeError for a dimension without values, or a space beyond 2^53 points */
  constructor(dimensions: readonly Dimension<Value>[]) {
    this.dimensions = dimensions;
    let size = 1;
    const strides: number[] = [];
    for (const { name, values } of dimensions.toReversed()) {
      if (values.length === 0) throw new RangeError(`dimension "${name}" has no values`);
      strides.unshift(size);
      size *= values.length;
    }
    if (!Number.isSafeInteger(size)) throw new RangeError(`a space of ${size} points cannot be numbered`);
    this.size = size;
    this.#strides = strides;
  }

  /** Positions of a point's values in their dimensions, written into `digits`. */
  digits(index: number, digits: Int32Array = new Int32Array(this.dimensions.length)): Int32Array {
    let rest = index;
    for (let i = 0; i < digits.length; i++) {
      const stride = this.#strides[i]!;
      const digit = Math.floor(rest / stride);
      digits[i] = digit;
      rest -= digit * stride;
    }
    return digits;
  }

  /** Number of the point with these positions. */
  index(digits: ArrayLike<number>): number {
    let index = 0;
    for (let i = 0; i < this.#strides.length; i++) index += digits[i]! * this.#strides[i]!;
    return index;
  }

  /** Values of a point by dimension. */
  point(index: number): Record<string, Value> {
    const digits = this.digits(index);
    return Object.fromEntries(this.dimensions.map(({ name, values }, i) => [name, values[digits[i]!]!]));
  }
}
