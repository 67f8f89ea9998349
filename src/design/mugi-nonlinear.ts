import {
  DRAIN_FRAMES,
  FUNCTION_FILL_AND_DRAIN,
  INITIATION_INTERVAL,
  SOFTMAX_FILL_AND_DRAIN,
  SOFTMAX_FRAMES_PER_KEY,
  softmaxTileFrames,
} from '../machine/mugi/program/latency.ts';
import type { Design, NonlinearRun, Rule } from './design.ts';
import type { NonlinearCount } from './mapping/counts.ts';
import { CODE_CYCLES } from '../vlp/array.ts';
import { CASCADE_LEVELS, CASCADE_TERMS } from '../vlp/row-sum.ts';

/** Maximum search and subtraction of softmax: a cycle of the array each in every step. */
export const MAXIMUM_CYCLES = 2;

const step = (event: string, cycles: number, share = 1): Rule<NonlinearCount> => ({
  event,
  energy: 'steps',
  time: 'steps',
  cycles,
  resource: 'array',
  share,
});
/** The same, weighed with the rows in use. */
const used = (event: string, cycles: number, share = 1): Rule<NonlinearCount> => ({
  ...step(event, cycles, share),
  energy: 'stepsUsed',
});
const modeSwitch: Rule<NonlinearCount> = {
  event: 'mode switch',
  energy: 'mappings',
  time: 'mappings',
  cycles: 1,
  resource: 'array',
};
/** A row of the table enters the array; its time is that of the whole sequence. */
const lutRowLoad = (share: number): Rule<NonlinearCount> => ({
  ...step('LUT row load', 1, share),
  time: 'arrayCycles',
});

/** Of a node of Mugi, what decides the passes of its softmax. */
export interface SoftmaxNode {
  /** Rows of the array. */
  rows: number;
  /** Multipliers of the vector unit. */
  vector: number;
  rowSum: 'bf16' | 'bf16-cascade';
}

/** The node of a design of Mugi, its sums apart. */
export const nodeOf = ({
  array,
  elementwise,
}: Pick<Design, 'array' | 'elementwise'>): Omit<SoftmaxNode, 'rowSum'> => ({
  rows: array.rows,
  vector: elementwise.multiplyLanes,
});

/** Turns that the vector unit takes for a result of each row: eight where it has a lane for eight rows. */
const turns = ({ rows, vector }: Omit<SoftmaxNode, 'rowSum'>): number => Math.ceil(rows / vector);

/** Cycles of a tile of rows beyond those of its keys: each turn of reciprocals takes a frame. */
export const tileCycles = ({ rowSum, ...node }: SoftmaxNode): number =>
  (softmaxTileFrames(rowSum) - DRAIN_FRAMES + turns(node)) * INITIATION_INTERVAL;

/** Cycles of a key: its last pass, the scaling, takes the frames that so many turns of a cycle fill. */
const keyCycles = (node: SoftmaxNode): number =>
  (SOFTMAX_FRAMES_PER_KEY - 1 + Math.ceil(turns(node) / INITIATION_INTERVAL)) * INITIATION_INTERVAL;

/** Additions of a key in the levels above the first: every eighth, every 64th and every 512th time. */
const CASCADE_ADDITIONS = Array.from(
  { length: CASCADE_LEVELS - 1 },
  (_, level) => CASCADE_TERMS ** -(level + 1),
).reduce((sum, additions) => sum + additions);

/** Softmax on the array and the multipliers behind it: maximum, exponential and sum, scaling (Mugi §4.3). */
export function softmaxRun(node: SoftmaxNode): NonlinearRun {
  const { vector, rowSum } = node;
  const cycles = CODE_CYCLES + MAXIMUM_CYCLES;
  return {
    rules: [
      lutRowLoad(1),
      step('counter', cycles),
      used('pre-process', cycles),
      used('temporal coder, nonlinear', cycles),
      used('array select', cycles),
      // Maximum, difference and sum each pass the adders, and every level of the cascade does.
      used('sum', cycles, 1 + MAXIMUM_CYCLES + (rowSum === 'bf16-cascade' ? CASCADE_ADDITIONS : 0)),
      {
        event: 'vector',
        energy: 'elements',
        time: 'elements',
        cycles: 1 / vector,
        resource: 'vector',
        share: 1 / vector,
      },
      modeSwitch,
    ],
    reads: 3,
    writes: 2,
    sequence: {
      step: keyCycles(node),
      perTile: tileCycles(node),
      tail: SOFTMAX_FILL_AND_DRAIN,
      lutPasses: 1,
    },
  };
}

/** SiLU or GELU: both signs have a half of the table, so inputs are pre-processed and coded twice (artifact). */
export const activationRun: NonlinearRun = {
  rules: [
    lutRowLoad(2),
    step('counter', CODE_CYCLES, 2),
    used('pre-process', CODE_CYCLES * 2),
    used('temporal coder, nonlinear', CODE_CYCLES, 2),
    used('array select', CODE_CYCLES),
    modeSwitch,
  ],
  reads: 1,
  writes: 1,
  sequence: { step: 2 * INITIATION_INTERVAL, perTile: 0, tail: FUNCTION_FILL_AND_DRAIN, lutPasses: 2 },
};

/**
 * The same where the sequence is not known cycle by cycle: the longest of the steps sets the time, the table is loaded
 * and counted once for both signs, and outputs are selected once for the mantissa and once for the exponent (artifact).
 */
export function withoutSequence({ sequence: _unknown, ...run }: NonlinearRun): NonlinearRun {
  const counter = run.rules.find(({ event }) => event === 'counter')!;
  return {
    ...run,
    rules: run.rules.map((rule): Rule<NonlinearCount> => {
      if (rule.event === 'LUT row load') return { ...counter, event: rule.event, share: 1 };
      if (rule.event === 'counter') return { ...rule, share: 1 };
      return rule.event === 'array select' ? { ...rule, share: 2 } : rule;
    }),
  };
}
