import { describe, expectBit, invalid } from './explain.ts';
import type { Expression, Memory, Operation, Signal } from './expression.ts';

/** A bit vector, or a number that takes the width of whatever it meets. */
export type Operand = Bits | number | bigint;

interface Extra {
  value?: bigint;
  from?: number;
  signal?: Signal;
  memory?: Memory;
}

/**
 * An immutable bit-vector expression: a node of the one intermediate representation that every back end
 * reads. Bit 0 is the least significant. Values are unsigned; widths are checked here, when the hardware is
 * built, and no operation extends or truncates silently.
 */
export class Bits implements Expression {
  readonly op: Operation;
  readonly width: number;
  readonly args: readonly Bits[];
  /** Of a constant. */
  readonly value: bigint;
  /** Of a slice: its lowest bit in the argument. */
  readonly from: number;
  readonly signal: Signal | undefined;
  readonly memory: Memory | undefined;

  constructor(op: Operation, width: number, args: readonly Bits[], extra: Extra = {}) {
    this.op = op;
    this.width = width;
    this.args = args;
    this.value = extra.value ?? 0n;
    this.from = extra.from ?? 0;
    this.signal = extra.signal;
    this.memory = extra.memory;
  }

  // Bitwise: equal widths.
  and(other: Operand): Bits {
    return this.#same('and', other);
  }
  or(other: Operand): Bits {
    return this.#same('or', other);
  }
  xor(other: Operand): Bits {
    return this.#same('xor', other);
  }
  not(): Bits {
    return new Bits('not', this.width, [this]);
  }

  // Arithmetic: `add` and `sub` keep the width and wrap; `addCarry` is one bit wider; `mul` is as wide as both.
  add(other: Operand): Bits {
    return this.#same('add', other);
  }
  sub(other: Operand): Bits {
    return this.#same('sub', other);
  }
  addCarry(other: Operand): Bits {
    const right = this.#checked('addCarry', other);
    return this.extend(this.width + 1).add(right.extend(this.width + 1));
  }
  mul(other: Bits): Bits {
    return new Bits('mul', this.width + other.width, [this, other]);
  }
  /** Two's complement negation, same width. */
  negate(): Bits {
    return constant(0, this.width).sub(this);
  }

  // Comparison: equal widths, unsigned, one bit.
  eq(other: Operand): Bits {
    return new Bits('eq', 1, [this, this.#checked('eq', other)]);
  }
  ne(other: Operand): Bits {
    return this.eq(other).not();
  }
  lt(other: Operand): Bits {
    return new Bits('lt', 1, [this, this.#checked('lt', other)]);
  }
  gt(other: Operand): Bits {
    return new Bits('lt', 1, [this.#checked('gt', other), this]);
  }
  le(other: Operand): Bits {
    return this.gt(other).not();
  }
  ge(other: Operand): Bits {
    return this.lt(other).not();
  }

  // Shifts by a signal keep the width and fill with zeros; `amount` may have any width.
  shiftLeft(amount: Bits): Bits {
    return new Bits('shiftLeft', this.width, [this, amount]);
  }
  shiftRight(amount: Bits): Bits {
    return new Bits('shiftRight', this.width, [this, amount]);
  }

  // Wiring.
  /** Bits `high` down to `low`, both included, as in Verilog's `[high:low]`. */
  slice(high: number, low: number): Bits {
    if (!Number.isInteger(high) || !Number.isInteger(low) || low < 0 || high < low || high >= this.width) {
      throw invalid(
        `slice [${high}:${low}] lies outside ${describe(this)}, which is ${this.width} bits wide`,
        this,
      );
    }
    if (low === 0 && high === this.width - 1) return this;
    if (this.op === 'constant') {
      const kept = (this.value >> BigInt(low)) & ((1n << BigInt(high - low + 1)) - 1n);
      return new Bits('constant', high - low + 1, [], { value: kept });
    }
    if (this.op === 'concat') {
      // A slice of one part is a slice of that part: wide intermediate buses vanish.
      let bottom = this.width;
      for (const part of this.args) {
        bottom -= part.width;
        if (low >= bottom && high < bottom + part.width) return part.slice(high - bottom, low - bottom);
      }
    }
    if (this.op === 'slice') return this.args[0].slice(high + this.from, low + this.from);
    return new Bits('slice', high - low + 1, [this], { from: low });
  }
  bit(index: number): Bits {
    return this.slice(index, index);
  }
  /** The most significant bit. */
  get msb(): Bits {
    return this.bit(this.width - 1);
  }
  /** The `width` most significant bits. */
  high(width: number): Bits {
    return this.slice(this.width - 1, this.width - width);
  }
  /** The `width` least significant bits. */
  low(width: number): Bits {
    return this.slice(width - 1, 0);
  }
  /** Zero-extended to `width` bits. */
  extend(width: number): Bits {
    if (width === this.width) return this;
    if (width < this.width) {
      throw invalid(`${describe(this)} is ${this.width} bits wide and cannot be extended to ${width}`, this);
    }
    return concat(constant(0, width - this.width), this);
  }
  /** Sign-extended to `width` bits (the top bit repeats). */
  extendSigned(width: number): Bits {
    if (width === this.width) return this;
    if (width < this.width) {
      throw invalid(`${describe(this)} is ${this.width} bits wide and cannot be extended to ${width}`, this);
    }
    return concat(this.msb.repeat(width - this.width), this);
  }
  repeat(times: number): Bits {
    return concat(...Array.from({ length: times }, () => this));
  }

  // Reduction to one bit.
  all(): Bits {
    return this.width === 1 ? this : new Bits('reduceAnd', 1, [this]);
  }
  any(): Bits {
    return this.width === 1 ? this : new Bits('reduceOr', 1, [this]);
  }
  parity(): Bits {
    return this.width === 1 ? this : new Bits('reduceXor', 1, [this]);
  }
  isZero(): Bits {
    return this.any().not();
  }

  // Choice.
  /** This one-bit condition chooses: `condition.choose(whenTrue, whenFalse)`. */
  choose(whenTrue: Operand, whenFalse: Operand): Bits {
    return mux(this, whenTrue, whenFalse);
  }
  /** All bits zero unless `enable` (one bit) is high: an AND with a repeated bit. */
  gate(enable: Bits): Bits {
    expectBit('gate', enable);
    return this.and(enable.repeat(this.width));
  }

  #same(op: Operation, other: Operand): Bits {
    return new Bits(op, this.width, [this, this.#checked(op, other)]);
  }
  #checked(op: string, other: Operand): Bits {
    const right = bits(other, this.width, () => `${op} with ${describe(this)}`);
    if (right.width === this.width) return right;
    throw invalid(
      `${op}: ${describe(this)} is ${this.width} bits wide but ${describe(right)} is ${right.width}`,
      this,
    );
  }
}

/** The constant `value` in `width` bits; refuses a value that does not fit. */
export function constant(value: number | bigint, width: number): Bits {
  if (!Number.isInteger(width) || width < 1) throw invalid(`a width must be at least 1, got ${width}`);
  const exact = typeof value === 'bigint' ? value : exactInteger(value);
  if (exact < 0n || exact >= 1n << BigInt(width)) {
    throw invalid(`the constant ${value} does not fit in ${width} unsigned bits`);
  }
  return new Bits('constant', width, [], { value: exact });
}

/**
 * Concatenation, most significant part first, as in Verilog's `{a, b}`.
 * @throws MugiError without parts
 */
export function concat(...parts: readonly Bits[]): Bits {
  if (parts.length === 0) throw invalid('concat needs at least one part');
  if (parts.length === 1) return parts[0];
  const width = parts.reduce((sum, part) => sum + part.width, 0);
  return new Bits('concat', width, parts);
}

/**
 * `condition ? whenTrue : whenFalse`; a number takes the other branch's width.
 * @throws MugiError for a condition wider than one bit, and branches of different widths
 */
export function mux(condition: Bits, whenTrue: Operand, whenFalse: Operand): Bits {
  expectBit('mux condition', condition);
  const known = whenTrue instanceof Bits ? whenTrue : whenFalse;
  if (!(known instanceof Bits)) throw invalid('mux: one branch must have a width (use constant)', condition);
  const yes = bits(whenTrue, known.width, () => 'mux');
  const no = bits(whenFalse, known.width, () => 'mux');
  if (yes.width !== no.width) {
    throw invalid(
      `mux: ${describe(yes)} is ${yes.width} bits wide but ${describe(no)} is ${no.width}`,
      condition,
    );
  }
  return new Bits('mux', yes.width, [condition, yes, no]);
}

/** Numbers become constants of `width` bits. */
export function bits(operand: Operand, width: number, where: () => string): Bits {
  if (operand instanceof Bits) return operand;
  const exact = typeof operand === 'bigint' ? operand : exactInteger(operand);
  if (exact < 0n || exact >= 1n << BigInt(width)) {
    throw invalid(`${where()}: the constant ${operand} does not fit in ${width} unsigned bits`);
  }
  return constant(exact, width);
}

function exactInteger(value: number): bigint {
  if (!Number.isSafeInteger(value)) throw invalid(`${value} is not a whole number that a constant can hold`);
  return BigInt(value);
}
