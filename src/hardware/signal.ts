import type { Bits } from './bits.ts';

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
  readonly enable: Bits;
  readonly address: Bits;
  readonly data: Bits;
}

/** A named expression, or a declared wire driven later. */
export interface WireStatement {
  readonly kind: 'wire';
  readonly signal: Signal;
  /** Undefined only while the module is being built. */
  value: Bits | undefined;
}

/** `next` is taken at the clock edge when `enable` is high; `reset` (synchronous) wins over both. */
export interface RegisterStatement {
  readonly kind: 'register';
  readonly signal: Signal;
  readonly reset: bigint | undefined;
  readonly enable: Bits | undefined;
  next: Bits | undefined;
}
