import * as bf16 from '../number/bf16.ts';
import type { VlpConfig } from './mode.ts';
import { INVERSE_SQRT, inverseSqrtTable, type LutSeed, RECIPROCAL, reciprocalTable } from './reciprocal.ts';
import { COSINE, SINE, sineTables } from './sine.ts';

/** A function that VLP evaluates without a window: exponents are handled by arithmetic, or the range is bounded. */
export interface WindowlessFunction {
  name: string;
  title: string;
  exact: (x: number) => number;
  /** Inputs that it is meant for. */
  interval: { from: number; to: number };
  /** [65536] answers to all BF16 patterns. */
  table: (config: Pick<VlpConfig, 'mantissaBits' | 'entries'>) => Uint16Array;
  /** What its look-up table holds. */
  seed: LutSeed;
}

const POSITIVE = { from: bf16.MIN_NORMAL, to: Infinity };
const EIGHTH = { from: 0, to: Math.PI / 4 };

export const WINDOWLESS: Readonly<Record<string, WindowlessFunction>> = {
  reciprocal: {
    name: 'reciprocal',
    title: '1/x, the softmax division',
    exact: (x) => 1 / x,
    interval: POSITIVE,
    table: ({ mantissaBits, entries }) => reciprocalTable({ mantissaBits, entries }),
    seed: RECIPROCAL,
  },
  'reciprocal-newton': {
    name: 'reciprocal-newton',
    title: '1/x with one Newton step',
    exact: (x) => 1 / x,
    interval: POSITIVE,
    table: ({ mantissaBits, entries }) => reciprocalTable({ mantissaBits, entries, newton: 1 }),
    seed: RECIPROCAL,
  },
  'inverse-sqrt': {
    name: 'inverse-sqrt',
    title: '1/√x, for RMSNorm and LayerNorm',
    exact: (x) => 1 / Math.sqrt(x),
    interval: POSITIVE,
    table: ({ mantissaBits, entries }) => inverseSqrtTable({ mantissaBits, entries }),
    seed: INVERSE_SQRT,
  },
  'inverse-sqrt-newton': {
    name: 'inverse-sqrt-newton',
    title: '1/√x with one Newton step',
    exact: (x) => 1 / Math.sqrt(x),
    interval: POSITIVE,
    table: ({ mantissaBits, entries }) => inverseSqrtTable({ mantissaBits, entries, newton: 1 }),
    seed: INVERSE_SQRT,
  },
  sin: {
    name: 'sin',
    title: 'sin of a reduced angle, for RoPE',
    exact: Math.sin,
    interval: EIGHTH,
    table: ({ mantissaBits }) => sineTables({ mantissaBits }).sin,
    seed: SINE,
  },
  cos: {
    name: 'cos',
    title: 'cos of a reduced angle, for RoPE',
    exact: Math.cos,
    interval: EIGHTH,
    table: ({ mantissaBits }) => sineTables({ mantissaBits }).cos,
    seed: COSINE,
  },
};
