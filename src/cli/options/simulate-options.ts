import type { Accumulation } from '../../machine/mugi/unit/output-accumulator.ts';

export const OPERATIONS = ['gemm', 'softmax', 'silu', 'gelu', 'exp'] as const;
export type Operation = (typeof OPERATIONS)[number];

/** The flags of `mugi simulate`. */
export interface Options {
  design: string;
  input?: string;
  seed: number;
  m: number;
  k: number;
  n: number;
  group?: number;
  window?: string;
  anchor?: 'max' | 'min';
  /** A file of mugi tune, and the place in it. */
  windows?: string;
  layer?: number;
  head?: number;
  accumulate: Accumulation;
  trace?: string;
  ascii?: boolean;
  svg?: string;
  from: number;
  cycles: number;
  json?: boolean;
}
