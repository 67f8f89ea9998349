/** Relation of one point to another: no worse in every cost and better in one, the reverse, equal in all, or none. */
export type Relation = 'dominates' | 'dominated' | 'equal' | 'incomparable';

/** Compares two points of `width` costs each (less is better), at `i` of `a` and at `j` of `b`. */
export function relate(
  a: ArrayLike<number>,
  i: number,
  b: ArrayLike<number>,
  j: number,
  width: number,
): Relation {
  let better = false;
  let worse = false;
  for (let k = 0; k < width; k++) {
    const difference = a[i + k]! - b[j + k]!;
    if (difference < 0) better = true;
    else if (difference > 0) worse = true;
    if (better && worse) return 'incomparable';
  }
  return better ? 'dominates' : worse ? 'dominated' : 'equal';
}

/**
 * The points that no other point dominates (Pareto front), kept while points stream by. Points with equal costs are
 * all kept: none of them is worse than another. The result does not depend on the order in which points come, nor on
 * how they were split over several fronts that are merged later.
 */
export class Front {
  /** Costs of a point: less is better. */
  readonly width: number;
  #costs: Float64Array;
  #ids: Float64Array;
  #size = 0;

  /** @param width number of costs of a point, at least 1 */
  constructor(width: number) {
    if (!Number.isInteger(width) || width < 1)
      throw new RangeError(`a front needs at least one objective, got ${width}`);
    this.width = width;
    this.#costs = new Float64Array(16 * width);
    this.#ids = new Float64Array(16);
  }

  get size(): number {
    return this.#size;
  }

  /**
   * Offers a point; true if it is on the front of all points offered so far.
   * @param id what the point is called: its index in the space
   * @param costs `width` numbers from `at`; none may be NaN, for which there is no better or worse
   * @throws RangeError for NaN
   */
  add(id: number, costs: ArrayLike<number>, at = 0): boolean {
    const { width } = this;
    for (let k = 0; k < width; k++)
      if (Number.isNaN(costs[at + k])) throw new RangeError(`cost ${k} of point ${id} is not a number`);
    for (let i = 0; i < this.#size; ) {
      const relation = relate(this.#costs, i * width, costs, at, width);
      if (relation === 'dominates') {
        // Whoever dominates one point likely dominates the next: it moves towards the front of the scan.
        if (i > 0) this.#swap(i, i >> 1);
        return false;
      }
      if (relation === 'dominated') this.#remove(i);
      else i++;
    }
    this.#append(id, costs, at);
    return true;
  }

  /** Takes in all points of another front of the same width. */
  merge(other: Front): void {
    if (other.width !== this.width)
      throw new RangeError(`a front of ${other.width} objectives cannot join one of ${this.width}`);
    for (let i = 0; i < other.#size; i++) this.add(other.#ids[i]!, other.#costs, i * other.width);
  }

  /** True if a point of the front dominates these costs. */
  dominates(costs: ArrayLike<number>, at = 0): boolean {
    for (let i = 0; i < this.#size; i++)
      if (relate(this.#costs, i * this.width, costs, at, this.width) === 'dominates') return true;
    return false;
  }

  /** The points of the front in the order of their ids. */
  points(): { id: number; costs: number[] }[] {
    const { width } = this;
    return Array.from({ length: this.#size }, (_, i) => ({
      id: this.#ids[i]!,
      costs: [...this.#costs.subarray(i * width, (i + 1) * width)],
    })).sort((a, b) => a.id - b.id);
  }

  #append(id: number, costs: ArrayLike<number>, at: number): void {
    const { width } = this;
    if (this.#size === this.#ids.length) {
      const [ids, old] = [this.#ids, this.#costs];
      this.#ids = new Float64Array(2 * this.#size);
      this.#costs = new Float64Array(2 * this.#size * width);
      this.#ids.set(ids);
      this.#costs.set(old);
    }
    this.#ids[this.#size] = id;
    for (let k = 0; k < width; k++) this.#costs[this.#size * width + k] = costs[at + k]!;
    this.#size++;
  }

  #remove(i: number): void {
    this.#size--;
    this.#move(this.#size, i);
  }

  #move(from: number, to: number): void {
    const { width } = this;
    this.#ids[to] = this.#ids[from]!;
    this.#costs.copyWithin(to * width, from * width, (from + 1) * width);
  }

  #swap(i: number, j: number): void {
    const { width } = this;
    const id = this.#ids[i]!;
    this.#ids[i] = this.#ids[j]!;
    this.#ids[j] = id;
    for (let k = 0; k < width; k++) {
      const cost = this.#costs[i * width + k]!;
      this.#costs[i * width + k] = this.#costs[j * width + k]!;
      this.#costs[j * width + k] = cost;
    }
  }
}
