import type { Activation, ElementwiseUnit, NonlinearUnit, Rule } from './design.ts';
import type { NonlinearCount } from './mapping/counts.ts';
import { fires } from './parts.ts';

/**
 * The vector array that conventional designs need for nonlinear functions (Mugi §5.2.2). Cycles of one element:
 * exact 30 for the exponential, 14 for the division, 1 to accumulate; PWL 4 + 1; Taylor of degree 9, 9 + 1.
 */
const CYCLES = { precise: 45, pwl: 5, taylor: 10 } as const;
/** Maximum search and subtraction of softmax: one pass of the adders each. */
export const MAXIMUM_PASSES = 2;
/** Multiplications of one division on the vector array (artifact). */
const DIVIDE = 14;

export type VectorMethod = keyof typeof CYCLES;

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
      rules: [rule('vector softmax', CYCLES[method] + MAXIMUM_PASSES), rule('vector add', 0, MAXIMUM_PASSES)],
      reads: 3,
      writes: 2,
    },
    activation: {
      // Exact activations switch what exact softmax switches (artifact).
      rules: [rule(method === 'precise' ? 'vector softmax' : 'vector activation', CYCLES[method])],
      reads: 1,
      writes: 1,
    },
    lutWords: { read: 0, write: 0 },
  };
}

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
  divideMultiplies: DIVIDE,
});
