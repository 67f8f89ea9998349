/** What an expression does with its arguments. Every operation has one fixed result width. */
export type Operation =
  | 'constant'
  | 'signal'
  | 'not'
  | 'and'
  | 'or'
  | 'xor'
  | 'add'
  | 'sub'
  | 'mul'
  | 'eq'
  | 'lt'
  | 'shiftLeft'
  | 'shiftRight'
  | 'slice'
  | 'concat'
  | 'mux'
  | 'select'
  | 'reduceAnd'
  | 'reduceOr'
  | 'reduceXor'
  | 'read';

/** What `Bits` hold, without the operations on them: as much as error messages and back ends read. */
export interface Expression {
  readonly op: Operation;
  readonly width: number;
  readonly args: readonly Expression[];
  /** Of a constant. */
  readonly value: bigint;
  /** Of a slice: its lowest bit in the argument. */
  readonly from: number;
  readonly signal: Signal | undefined;
  readonly memory: Memory | undefined;
}

/**
 * One named value of a module. A lane of a vector port is a signal of its own that knows its place in the
 * port's packed bus, so that the simulator handles narrow numbers while the Verilog keeps one readable bus.
 */
export interface Signal {
  readonly kind: 'input' | 'wire' | 'register' | 'instance';
  /** `weight` or, for a lane, `weight[3]`; an instance's output is `instance.port`. */
  readonly name: string;
  readonly width: number;
  /** The name of the module it belongs to. */
  readonly module: string;
  /** The Verilog net that carries it, that net's width, and this signal's lowest bit in it. */
  readonly net: string;
  readonly netWidth: number;
  readonly offset: number;
}

/** A register file or ROM: asynchronous reads, synchronous writes. */
export interface Memory {
  readonly name: string;
  readonly module: string;
  readonly width: number;
  readonly depth: number;
  readonly addressWidth: number;
  /** Contents of a ROM; undefined for a register file, which starts at zero in the simulator. */
  readonly contents: readonly bigint[] | undefined;
  readonly writes: readonly WritePort[];
}

export interface WritePort {
  readonly enable: Expression;
  readonly address: Expression;
  readonly data: Expression;
}
