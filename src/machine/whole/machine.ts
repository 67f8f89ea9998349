import type { AnyModule } from '../../hardware/index.ts';

/** The values of a machine's pins in one cycle; vectors a value a lane. */
export type Pins = Readonly<Record<string, number | ArrayLike<number>>>;

/** A matrix product as a machine runs it. */
export interface Product {
  m: number;
  k: number;
  n: number;
  /** BF16 patterns, [m][k]. */
  activations: Uint16Array;
  /** INT4, −7 to 7, [n][k]. */
  weights: Int8Array;
  /** Inner indices that share a scale; k when absent. */
  group?: number;
  /** BF16, [n][group]; 1 when absent. */
  scales?: Uint16Array;
}

/** A result of a product: which pin's lane holds it in which cycle. */
export interface Result {
  cycle: number;
  lane: number;
  m: number;
  n: number;
  /** Group of k whose scaled sum it is, added to those before. */
  group: number;
}

/** Pins of every cycle, and where results appear; earlier groups' results come back as data by the caller. */
export interface Program {
  cycles: number;
  /**
   * The pins of a cycle, asked for once each in order. `earlier` gives what a result pin held at a result of the program,
   * which the memory would give back.
   */
  pins(cycle: number, earlier: (result: Result) => number): Pins;
  /** By cycle. */
  results: ReadonlyMap<number, readonly Result[]>;
}

/** What a machine does in one cycle, in plain TypeScript. */
export interface Behaviour {
  /** The result pins before the clock edge. */
  result(lane: number): number;
  clock(pins: Pins): void;
}

/**
 * A whole accelerator without its memories: weight path, edges, array, sums across tiles, drain, and the vector array
 * that scales results and computes nonlinear functions. Once as behaviour and once as hardware.
 */
export interface Machine {
  name: string;
  title: string;
  /** Multiply-accumulates a cycle of the full array. */
  macs: number;
  /** Outputs (n) of a tile, and results side by side. */
  outputs: number;
  lanes: number;
  module: AnyModule;
  behaviour(): Behaviour;
  program(product: Product): Program;
}
