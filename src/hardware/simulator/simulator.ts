import { MugiError, nearest } from '../../errors.ts';
import type { AnyModule } from '../ir.ts';
import { compile, type Program, type State } from './compile.ts';
import { elaborate, type Flat, type Slot } from './elaborate.ts';

export type Value = number | bigint;

/** A signal that can be read without looking its name up again; only for signals of at most 32 bits. */
export type Probe = () => number;

/** Builds the word-level simulator of a design: flattened, levelised, compiled to JavaScript. */
export function simulate(top: AnyModule): Simulator {
  return new Simulator(top);
}

/**
 * Cycle-accurate simulation with two values (no X, no Z): registers and memories start at zero. Pokes take effect
 * at once on combinational logic; `step` is one clock edge. Signals are named by hierarchical path
 * (`row_3.converter.spike`), lanes as `weight[3]`.
 */
export class Simulator {
  /** Clock edges so far. */
  cycle = 0;
  readonly #flat: Flat;
  readonly #program: Program;
  readonly #state: State;
  readonly #next: Int32Array;
  readonly #nextWide: bigint[];
  #settled = false;

  constructor(top: AnyModule) {
    const flat = elaborate(top);
    this.#flat = flat;
    this.#program = compile(flat);
    const narrow = flat.slots.filter((slot) => !slot.wide).length;
    const wide = flat.slots.length - narrow;
    this.#state = {
      // The last element repeats the reset, where compiled code finds it without knowing its slot.
      narrow: new Int32Array(narrow + 1),
      wide: Array.from({ length: wide }, () => 0n),
      memories: flat.memories.map(({ memory }) => {
        const words = Array.from({ length: memory.depth }, (_, i) => memory.contents?.[i] ?? 0n);
        if (memory.width > 32) return words;
        return Int32Array.from(words, (word) => Number(BigInt.asIntN(32, word)));
      }),
    };
    this.#next = new Int32Array(flat.registers.filter(({ slot }) => !slot.wide).length);
    this.#nextWide = flat.registers.filter(({ slot }) => slot.wide).map(() => 0n);
  }

  /** Sets an input of the top module, or all lanes of a vector input. */
  poke(name: string, value: Value | readonly Value[]): void {
    if (typeof value !== 'number' && typeof value !== 'bigint') {
      value.forEach((lane, i) => {
        this.poke(`${name}[${i}]`, lane);
      });
      return;
    }
    const slot = this.#find(name);
    if (!this.#flat.inputs.has(slot)) {
      throw new MugiError({
        code: 'invalid-value',
        message: `"${name}" is not an input of the top module`,
        path: name,
      });
    }
    const exact = typeof value === 'bigint' ? value : BigInt(value);
    if (exact < 0n || exact >= 1n << BigInt(slot.width)) {
      throw new MugiError({
        code: 'invalid-value',
        message: `the value does not fit in the ${slot.width} bits of "${name}"`,
        path: name,
        received: String(value),
      });
    }
    if (slot.wide) this.#state.wide[slot.index] = exact;
    else this.#state.narrow[slot.index] = Number(BigInt.asIntN(32, exact));
    this.#settled = false;
  }

  /** A setter for an input of at most 32 bits that skips name look-up and checks: for long stimuli. */
  poker(name: string): (value: number) => void {
    const slot = this.#find(name);
    if (!this.#flat.inputs.has(slot) || slot.wide) {
      throw new MugiError({
        code: 'invalid-value',
        message: `"${name}" is not an input of the top module with at most 32 bits`,
        path: name,
      });
    }
    const { narrow } = this.#state;
    return (value) => {
      narrow[slot.index] = value;
      this.#settled = false;
    };
  }

  /** The value of any signal of at most 32 bits. */
  peek(name: string): number {
    const value = this.peekBig(name);
    if (this.#find(name).wide) {
      throw new MugiError({
        code: 'invalid-value',
        message: `"${name}" is wider than 32 bits: read it with peekBig`,
        path: name,
      });
    }
    return Number(value);
  }

  /** The value of any signal. */
  peekBig(name: string): bigint {
    const slot = this.#find(name);
    this.settle();
    return slot.wide ? this.#state.wide[slot.index] : BigInt(this.#state.narrow[slot.index] >>> 0);
  }

  /** All lanes of a vector port. */
  peekLanes(name: string): number[] {
    const lanes: number[] = [];
    while (this.#flat.names.has(`${name}[${lanes.length}]`))
      lanes.push(this.peek(`${name}[${lanes.length}]`));
    if (lanes.length === 0) this.#find(`${name}[0]`);
    return lanes;
  }

  /** A fast reader of one signal of at most 32 bits. */
  probe(name: string): Probe {
    const slot = this.#find(name);
    if (slot.wide) {
      throw new MugiError({ code: 'invalid-value', message: `"${name}" is wider than 32 bits`, path: name });
    }
    const { narrow } = this.#state;
    return () => {
      if (!this.#settled) this.settle();
      return narrow[slot.index] >>> 0;
    };
  }

  /** One word of a memory or ROM. */
  peekMemory(name: string, address: number): bigint {
    const flat = this.#flat.memoryNames.get(name);
    if (flat === undefined) throw this.#unknown(name, this.#flat.memoryNames.keys());
    const word = this.#state.memories[flat.index][address] ?? 0;
    return typeof word === 'bigint' ? word : BigInt(word >>> 0);
  }

  /** Clock edges: registers and memories take their next values. */
  step(cycles = 1): void {
    const { narrow, wide, memories } = this.#state;
    const { reset, writes } = this.#flat;
    for (let i = 0; i < cycles; i++) {
      if (!this.#settled) this.settle();
      narrow[narrow.length - 1] = narrow[reset.index];
      for (const next of this.#program.next) next(narrow, wide, memories, this.#next, this.#nextWide);
      for (const { memory, enable, address, data } of writes) {
        if (narrow[enable.index] === 0) continue;
        const words = memories[memory.index];
        const at = narrow[address.index];
        if (at >= words.length) continue;
        words[at] = data.wide ? wide[data.index] : narrow[data.index];
      }
      narrow.set(this.#next);
      for (let k = 0; k < this.#nextWide.length; k++) wide[k] = this.#nextWide[k];
      this.#settled = false;
      this.cycle++;
    }
  }

  /** Holds reset high for `cycles` edges. */
  reset(cycles = 1): void {
    this.poke('reset', 1);
    this.step(cycles);
    this.poke('reset', 0);
  }

  /** Lets combinational logic settle; peeks and steps do this by themselves. */
  settle(): void {
    if (this.#settled) return;
    const { narrow, wide, memories } = this.#state;
    for (const part of this.#program.settle) part(narrow, wide, memories, this.#next, this.#nextWide);
    this.#settled = true;
  }

  /** Every signal's path and width, in a stable order. */
  signals(): { name: string; width: number }[] {
    return [...this.#flat.names].map(([name, { width }]) => ({ name, width }));
  }

  #find(name: string): Slot {
    const slot = this.#flat.names.get(name);
    if (slot === undefined) throw this.#unknown(name, this.#flat.names.keys());
    return slot;
  }

  #unknown(name: string, known: Iterable<string>): MugiError {
    return new MugiError({
      code: 'unknown-name',
      message: `no signal "${name}" in the design`,
      received: name,
      nearest: nearest(name, known),
    });
  }
}
