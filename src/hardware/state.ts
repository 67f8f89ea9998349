import { Bits, bits, type Operand } from './bits.ts';
import { describe, expectBit, invalid } from './explain.ts';
import type { Memory, WritePort } from './expression.ts';
import type { RegisterStatement, WireStatement } from './statement.ts';

export interface MutableMemory extends Memory {
  readonly writes: WritePort[];
}

/** A register is its current value; `next` gives the value after the clock edge, once. */
export class Register extends Bits {
  readonly #statement: RegisterStatement;
  constructor(statement: RegisterStatement) {
    super('signal', statement.signal.width, [], { signal: statement.signal });
    this.#statement = statement;
  }
  next(value: Operand): this {
    if (this.#statement.next !== undefined)
      throw invalid(`register ${describe(this)} is given a second next value`, this);
    this.#statement.next = sized(`next of register ${describe(this)}`, value, this);
    return this;
  }
}

/** A wire that is used before it is driven. */
export class DeclaredWire extends Bits {
  readonly #statement: WireStatement;
  constructor(statement: WireStatement) {
    super('signal', statement.signal.width, [], { signal: statement.signal });
    this.#statement = statement;
  }
  drive(value: Operand): this {
    if (this.#statement.value !== undefined) throw invalid(`wire ${describe(this)} is driven twice`, this);
    this.#statement.value = sized(`drive of wire ${describe(this)}`, value, this);
    return this;
  }
}

export class ReadOnlyMemory {
  protected readonly memory: Memory;
  constructor(memory: Memory) {
    this.memory = memory;
  }
  /** The word at `address`, in the same cycle. Beyond the last word: zero. */
  read(address: Bits): Bits {
    this.checkAddress(address);
    return new Bits('read', this.memory.width, [address], { memory: this.memory });
  }
  protected checkAddress(address: Bits): void {
    if (address.width === this.memory.addressWidth) return;
    throw invalid(
      `memory "${this.memory.name}" has ${this.memory.addressWidth}-bit addresses but ${describe(address)} is ${address.width} bits wide`,
      address,
    );
  }
}

export class RegisterFile extends ReadOnlyMemory {
  readonly #writes: WritePort[];
  constructor(memory: MutableMemory) {
    super(memory);
    this.#writes = memory.writes;
  }
  /** Adds a write port: `data` lands at `address` at the clock edge when `enable` is high. */
  write(enable: Bits, address: Bits, data: Bits): void {
    expectBit(`write enable of memory "${this.memory.name}"`, enable);
    this.checkAddress(address);
    if (data.width !== this.memory.width) {
      throw invalid(
        `memory "${this.memory.name}" is ${this.memory.width} bits wide but ${describe(data)} is ${data.width}`,
        data,
      );
    }
    this.#writes.push({ enable, address, data });
  }
}

function sized(where: string, value: Operand, target: Bits): Bits {
  const given = bits(value, target.width, () => where);
  if (given.width === target.width) return given;
  throw invalid(`${where} is ${target.width} bits wide but ${describe(given)} is ${given.width}`, target);
}
