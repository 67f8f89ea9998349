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
import { DIVIDE_MULTIPLIES } from './vector-unit.ts';
import { CODE_CYCLES } from '../vlp/array.ts';
import { CASCADE_LEVELS, CASCADE_TERMS, type Normalisation } from '../vlp/row-sum.ts';
import type { VlpSwitches } from '../vlp/switches.ts';

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
  /** How exp and 1/sum are computed. */
  range: VlpSwitches['range'];
  normalise: Normalisation;
}

/** The node of a design of Mugi, its sums apart. */
export const nodeOf = ({
  array,
  elementwise,
  arithmetic: { functions },
}: Pick<Design, 'array' | 'elementwise' | 'arithmetic'>): Omit<SoftmaxNode, 'rowSum'> => ({
  rows: array.rows,
  vector: elementwise.multiplyLanes,
  range: functions.range,
  normalise: functions.normalise,
});

/** Turns that the vector unit takes for a result of each row: eight where it has a lane for eight rows. */
const turns = ({ rows, vector }: Pick<SoftmaxNode, 'rows' | 'vector'>): number => Math.ceil(rows / vector);

/** Multiplications of a Newton step for 1/x, and the subtraction between them: y·(2 − x·y). */
const RECIPROCAL_STEP = { multiplies: 2, adds: 1 };

/** Multiplications of a reduction by ln 2, and its subtraction: k = ⌊|x|/ln 2⌋, r = |x| − k·ln 2. */
const REDUCTION = { multiplies: 2, adds: 1 };

/**
 * Cycles of a tile of rows beyond those of its keys. By the vector unit each turn of reciprocals takes a frame; by VLP one
 * frame looks up those of all rows, and they come back as those of any function do. A Newton step takes the multipliers twice
 * for every row, and the adders once. (The simulated node has the first alone: the others are of its latencies.)
 */
export const tileCycles = (node: SoftmaxNode): number => {
  const idle = (softmaxTileFrames(node.rowSum) - DRAIN_FRAMES) * INITIATION_INTERVAL;
  if (!node.normalise.startsWith('vlp')) return idle + turns(node) * INITIATION_INTERVAL;
  const refined =
    node.normalise === 'vlp-newton' ? RECIPROCAL_STEP.multiplies * turns(node) + RECIPROCAL_STEP.adds : 0;
  return idle + INITIATION_INTERVAL + FUNCTION_FILL_AND_DRAIN + refined;
};

/**
 * Cycles of a key: its last pass, the scaling, takes the frames that so many turns of a cycle fill; so do the
 * multiplications of a reduction by ln 2.
 */
const keyCycles = (node: SoftmaxNode): number => {
  const pass = Math.ceil(turns(node) / INITIATION_INTERVAL);
  const reduced = node.range === 'reduced' ? REDUCTION.multiplies * pass : 0;
  return (SOFTMAX_FRAMES_PER_KEY - 1 + divisionsOf(node) * pass + reduced) * INITIATION_INTERVAL;
};

/** Multiplications that an element's scaling takes: one, or those of a division. */
const divisionsOf = ({ normalise }: SoftmaxNode): number => (normalise === 'divide' ? DIVIDE_MULTIPLIES : 1);

/** Additions of a key in the levels above the first: every eighth, every 64th and every 512th time. */
const CASCADE_ADDITIONS = Array.from(
  { length: CASCADE_LEVELS - 1 },
  (_, level) => CASCADE_TERMS ** -(level + 1),
).reduce((sum, additions) => sum + additions);

/** Softmax on the array and the multipliers behind it: maximum, exponential and sum, scaling (Mugi §4.3). */
export function softmaxRun(node: SoftmaxNode): NonlinearRun {
  const { rows, vector, rowSum, range, normalise } = node;
  const reduced = range === 'reduced' ? REDUCTION : { multiplies: 0, adds: 0 };
  const multiplies = divisionsOf(node) + reduced.multiplies;
  const cycles = CODE_CYCLES + MAXIMUM_CYCLES;
  return {
    rules: [
      lutRowLoad(1),
      step('counter', cycles),
      used('pre-process', cycles),
      used('temporal coder, nonlinear', cycles),
      used('array select', cycles),
      // Maximum, difference and sum each pass the adders, and every level of the cascade does.
      used(
        'sum',
        cycles,
        1 + MAXIMUM_CYCLES + reduced.adds + (rowSum === 'bf16-cascade' ? CASCADE_ADDITIONS : 0),
      ),
      {
        event: 'vector',
        energy: 'elements',
        time: 'elements',
        cycles: multiplies / vector,
        resource: 'vector',
        share: multiplies / vector,
      },
      modeSwitch,
      ...(normalise.startsWith('vlp') ? [reciprocalRow, ...lookUpRules('tiles', 'tiles')] : []),
      ...(normalise === 'vlp-newton' ? newtonRules(rows / vector) : []),
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

/** A row of the table of 1/x enters the array, for all rows of a tile. */
const reciprocalRow: Rule<NonlinearCount> = {
  ...lutRowLoad(1),
  energy: 'tiles',
  time: 'tiles',
  cycles: CODE_CYCLES,
};

/** A pass of the array over one half of a table, by the count that it goes with. */
const lookUpRules = (all: 'steps' | 'tiles', used: 'stepsUsed' | 'tiles'): Rule<NonlinearCount>[] =>
  (
    [
      ['counter', all],
      ['pre-process', used],
      ['temporal coder, nonlinear', used],
      ['array select', used],
    ] as const
  ).map(([event, energy]) => ({ event, energy, time: all, cycles: CODE_CYCLES, resource: 'array' }));

/** A Newton step for the reciprocals of a tile, whose rows take the multipliers so many turns. */
const newtonRules = (turnsOfRows: number): Rule<NonlinearCount>[] => [
  {
    event: 'vector',
    energy: 'tiles',
    time: 'tiles',
    cycles: RECIPROCAL_STEP.multiplies * turnsOfRows,
    resource: 'vector',
    share: RECIPROCAL_STEP.multiplies * turnsOfRows,
  },
  { event: 'sum', energy: 'tiles', time: 'tiles', cycles: 1, resource: 'array' },
];

/** Functions whose exponents an adder handles, with one sign: 1/√x of norms, sin and cos of reduced angles. */
export const lookUpRun: NonlinearRun = {
  rules: [lutRowLoad(1), ...lookUpRules('steps', 'stepsUsed'), modeSwitch],
  reads: 1,
  writes: 1,
  sequence: { step: INITIATION_INTERVAL, perTile: 0, tail: FUNCTION_FILL_AND_DRAIN, lutPasses: 1 },
};

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
