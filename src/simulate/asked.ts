import type { PresetName } from '../published/preset.ts';
import type { Entries } from '../vlp/lut.ts';
import type { ExponentWindow } from '../vlp/window.ts';
import type { Values } from './values.ts';

export const OPERATIONS = ['gemm', 'softmax', 'silu', 'gelu', 'exp'] as const;
export type Operation = (typeof OPERATIONS)[number];

/** What the cycle model of a node is to run. */
export interface Simulation {
  /** mugi-H. */
  design: string;
  operation: Operation;
  preset: PresetName;
  /** `exact-sums`: the experiment with FP32 accumulators. */
  arithmetic: 'design' | 'exact-sums';
  /** Values of one's own; without them, seeded ones of these sizes. */
  values?: Values;
  seed: number;
  m: number;
  k: number;
  n: number;
  /** Inner indices of a GEMM that share a scale. */
  group?: number;
  /** The LUT of a nonlinear operation. */
  window?: ExponentWindow;
  anchor?: 'max' | 'min';
  entries?: Entries;
  /** Where the window was read; stands beside the inputs. */
  windowFrom?: { file: string; layer?: number; head?: number };
  /** Whether every signal is kept, which bounds the length of a run. */
  traced?: boolean;
  /** Whether every cycle is kept to be shown, which bounds it too. */
  filmed?: boolean;
}
