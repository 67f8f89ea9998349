import type { Activation, Component, Design, ElementwiseUnit, NonlinearUnit, Rule } from './design.ts';
import type { VectorPass } from '../machine/array/vector-run.ts';
import type { NonlinearCount } from './mapping/counts.ts';
import { fires, part, register } from './parts.ts';

/** Multiplications of one division or reciprocal root by iteration, on a vector array or a vector unit (artifact). */
export const DIVIDE_MULTIPLIES = 14;

/**
 * The vector array that conventional designs need for nonlinear functions (Mugi §5.2.2). Cycles of one element: exact 30
 * for the exponential, 1 to accumulate, 14 for the division; PWL 4 + 1; Taylor of degree 9, 9 + 1. The division of a PWL or
 * Taylor softmax is charged no cycle (artifact).
 */
const ELEMENT = {
  precise: { evaluate: 30, accumulate: 1, divide: DIVIDE_MULTIPLIES },
  pwl: { evaluate: 4, accumulate: 1, divide: 0 },
  taylor: { evaluate: 9, accumulate: 1, divide: 0 },
} as const;
export type VectorMethod = keyof typeof ELEMENT;

const cyclesOf = (method: VectorMethod): number =>
  vectorPasses(method, false).reduce((sum, { cycles }) => sum + cycles, 0);

/** Maximum search and subtraction of softmax: one pass of the adders each. */
const SEARCH: readonly VectorPass[] = [
  { name: 'maximum', cycles: 1 },
  { name: 'subtract', cycles: 1 },
];
export const MAXIMUM_PASSES = SEARCH.length;

/** The cycles of an element one by one, for a cycle model of the vector array; softmax has two passes before them. */
export function vectorPasses(method: VectorMethod, softmax: boolean): VectorPass[] {
  const { evaluate, accumulate, divide } = ELEMENT[method];
  return [
    ...(softmax ? SEARCH : []),
    { name: 'evaluate', cycles: evaluate },
    { name: 'accumulate', cycles: accumulate },
    { name: 'divide', cycles: divide },
  ];
}

/** Operations of an element of exact softmax: exponential and division; maximum, difference and sum. */
export const EXACT_SOFTMAX = {
  multiplies: ELEMENT.precise.evaluate + ELEMENT.precise.divide,
  adds: MAXIMUM_PASSES + ELEMENT.precise.accumulate,
} as const;

/** What a design file may change of a vector array. */
export interface OwnVector {
  /** Width of the vector array; a lane each row of results when absent. */
  vector_lanes?: number;
  method?: VectorMethod;
}

/**
 * What dequantises results: every row (or the plane), as the paper has it, or a vector array of another width.
 * @param usual with the lanes that a design has unless told
 */
export const vectorScaling = (
  lanes: number,
  usual: { lanes: number; kind: 'rows' | 'plane' },
): Design['scaling'] => (lanes === usual.lanes ? { kind: usual.kind } : { kind: 'vector', lanes });

export function vectorNonlinear(lanes: number, method: VectorMethod): NonlinearUnit {
  const rule = (event: string, cycles: number, share = 1): Rule<NonlinearCount> => ({
    event,
    energy: 'stepsUsed',
    time: 'steps',
    cycles,
    resource: 'vector',
    share,
  });
  return {
    lanes,
    throughWeightSram: false,
    softmax: {
      rules: [
        rule('vector softmax', cyclesOf(method) + MAXIMUM_PASSES),
        rule('vector add', 0, MAXIMUM_PASSES),
      ],
      reads: 3,
      writes: 2,
    },
    activation: {
      // Exact activations switch what exact softmax switches (artifact).
      rules: [rule(method === 'precise' ? 'vector softmax' : 'vector activation', cyclesOf(method))],
      reads: 1,
      writes: 1,
    },
    lutWords: { read: 0, write: 0 },
  };
}

/**
 * Parts of the vector array.
 * @param registers of its multipliers, where a lane has more than one
 */
export const vectorParts = (lanes: number, method: VectorMethod, registers = lanes): Component[] => [
  part('multiplier_vector', 'multiplierbf16', lanes, 'vector'),
  part('accumulator_vector', 'adderbf16', lanes, 'vector'),
  register('mac_register_vector', lanes, 16, 'vector'),
  register('register_vector', registers, 16, 'vector'),
  ...vectorApproximation(lanes, method),
];

/** Activations of the vector array. */
export function vectorEvents(lanes: number, method: VectorMethod): Record<string, Activation[]> {
  const sum = { accumulator_vector: lanes, mac_register_vector: lanes };
  const events: Record<VectorMethod, Record<string, number>> = {
    precise: { multiplier_vector: 44 * lanes, register_vector: 44 * lanes },
    pwl: {
      multiplier_vector: lanes,
      adder_vector: lanes,
      register_vector: 5 * lanes,
      pwl_comparator: 21 * lanes,
      pwl_encoder: lanes,
      pwl_register: 22 * lanes,
      pipeline_register: 22 * lanes,
    },
    taylor: {
      multiplier_vector: 9 * lanes,
      adder_vector: 9 * lanes,
      register_vector: 10 * lanes,
      taylor_register: 9,
    },
  };
  return {
    'vector softmax': fires({ ...events[method], ...sum }),
    'vector activation': fires(events[method]),
    'vector add': fires(sum),
    'element multiply': fires({ multiplier_vector: 1, register_vector: 1 }),
    'element add': fires({ accumulator_vector: 1, mac_register_vector: 1 }),
  };
}

export const vectorElementwise = (lanes: number): ElementwiseUnit => ({
  multiplyLanes: lanes,
  addLanes: lanes,
  divideMultiplies: DIVIDE_MULTIPLIES,
});

/** What PWL (22 segments) and Taylor (degree 9) add to the vector array. */
export function vectorApproximation(lanes: number, method: VectorMethod): Component[] {
  if (method === 'precise') return [];
  const adder = part('adder_vector', 'adderbf16', lanes, 'nonlinear');
  if (method === 'taylor') return [adder, register('taylor_register', 9, 16, 'nonlinear')];
  return [
    adder,
    part('pwl_comparator', 'pwl_bf_max', 21 * lanes, 'nonlinear'),
    part('pwl_encoder', 'pwl_22_seg_encoder', lanes, 'nonlinear'),
    register('pwl_register', 22 * lanes, 32, 'nonlinear'),
    register('pipeline_register', 22 * lanes, 16, 'nonlinear'),
  ];
}
