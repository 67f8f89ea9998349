import type { Bits } from './bits.ts';
import type { Signal } from './expression.ts';

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
