import { Front } from './front.ts';

export interface Scored {
  index: number;
  costs: number[];
  /** What the point computes, where the loss is asked for. */
  arithmetic?: string;
}

/** What a tally keeps of fronts. */
export interface FrontTally {
  /** Where the loss is asked for, the fronts of exact costs of all arithmetics, each by itself. */
  front: Scored[];
  /** Points that keep all constraints, by arithmetic, where the loss is asked for. */
  arithmetics?: [string, number][];
}

/** A front, or one of each arithmetic, with the number of points that it is of. */
export class Fronts {
  readonly #width: number;
  readonly #all = new Map<string, Front>();
  readonly #counts: Map<string, number> | undefined;

  constructor(width: number, byArithmetic: boolean) {
    this.#width = width;
    this.#counts = byArithmetic ? new Map() : undefined;
  }

  get size(): number {
    let size = 0;
    for (const front of this.#all.values()) size += front.size;
    return size;
  }

  add(index: number, costs: ArrayLike<number>, arithmetic = '', times = 1): void {
    const name = this.#counts === undefined ? '' : arithmetic;
    let front = this.#all.get(name);
    if (front === undefined) this.#all.set(name, (front = new Front(this.#width)));
    front.add(index, costs);
    if (this.#counts !== undefined) this.count(arithmetic, times);
  }

  count(arithmetic: string, times: number): void {
    this.#counts?.set(arithmetic, (this.#counts.get(arithmetic) ?? 0) + times);
  }

  tallied(): FrontTally {
    const front = [...this.#all].flatMap(([arithmetic, own]) =>
      own.points().map(({ id, costs }): Scored => {
        const scored = { index: id, costs };
        return this.#counts === undefined ? scored : { ...scored, arithmetic };
      }),
    );
    front.sort((a, b) => a.index - b.index);
    if (this.#counts === undefined) return { front };
    return { front, arithmetics: [...this.#counts].sort(byName) };
  }
}

/** Counts under names, by name. */
export const byName = ([a]: [string, number], [b]: [string, number]): number => (a < b ? -1 : a > b ? 1 : 0);
