import type { GraphOperator } from '../model.ts';

/** As many kinds of nodes are named in a note. */
const MOST_NAMED = 12;

/** What a graph came to: operators, weights, and what was left out. */
export class Ledger {
  readonly operators: GraphOperator[] = [];
  readonly #weights = new Map<string, number>();
  readonly #left = new Map<string, Map<string, number>>();
  readonly #as = new Map<string, number>();

  /** Adds operators; those without elements do not run. */
  add(operators: readonly GraphOperator[]): void {
    this.operators.push(...operators.filter((one) => sizeOf(one) > 0));
  }

  /** Counts a weight of the file once, however often it is used. */
  weigh(name: string, elements: number): void {
    this.#weights.set(name, elements);
  }

  leave(reason: string, op: string): void {
    const ops = this.#left.get(reason) ?? new Map<string, number>();
    this.#left.set(reason, ops);
    count(ops, op);
  }

  /** A function that is priced as another one. */
  stand(as: string): void {
    count(this.#as, as);
  }

  get parameters(): number {
    return [...this.#weights.values()].reduce((sum, elements) => sum + elements, 0);
  }

  get notes(): string[] {
    return [
      ...(this.#as.size === 0
        ? []
        : [`look-ups of functions that mugi has no price for: ${named(this.#as)}`]),
      ...[...this.#left]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([reason, ops]) => `left out, ${reason}: ${named(ops)}`),
    ];
  }
}

const sizeOf = (one: GraphOperator): number =>
  one.kind === 'gemm'
    ? one.batch * one.m * one.k * one.n
    : one.kind === 'nonlinear'
      ? one.rows * one.columns
      : one.elements;

const count = (into: Map<string, number>, key: string): void => void into.set(key, (into.get(key) ?? 0) + 1);

function named(counts: ReadonlyMap<string, number>): string {
  const words = [...counts].sort(([, a], [, b]) => b - a).map(([name, times]) => `${name} ×${times}`);
  return words.length <= MOST_NAMED
    ? words.join(', ')
    : `${words.slice(0, MOST_NAMED).join(', ')} and ${words.length - MOST_NAMED} kinds more`;
}
