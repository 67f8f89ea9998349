import type { VectorMethod } from '../artifact/vector.ts';
import type { Design, ElementwiseUnit, NonlinearUnit, Rule } from './design.ts';
import type { VectorPass } from '../machine/array/vector-run.ts';
import type { NonlinearCount } from './mapping/counts.ts';

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
} as const satisfies Record<VectorMethod, unknown>;

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

export const vectorElementwise = (lanes: number): ElementwiseUnit => ({
  multiplyLanes: lanes,
  addLanes: lanes,
  divideMultiplies: DIVIDE_MULTIPLIES,
});
