/** Stands for `src/files/state.ts`: a page keeps no unfinished work, so that a piece of it needs no name. */
export const keyOf = (): string => '';

/** Units of one run, which ends with it. */
export class WorkState<T> {
  readonly resumed = 0;
  readonly #units = new Map<string, T>();

  get(unit: string): T | undefined {
    return this.#units.get(unit);
  }

  set(unit: string, value: T, instead?: string): void {
    this.#units.set(unit, value);
    if (instead !== undefined) this.#units.delete(instead);
  }

  async once(unit: string, compute: () => T | Promise<T>): Promise<T> {
    const value = this.#units.get(unit) ?? (await compute());
    this.#units.set(unit, value);
    return value;
  }

  finish(): void {
    this.#units.clear();
  }
}
