import type { Repairs } from '../preset.ts';
import type { Activation, ElementwiseUnit, NonlinearUnit } from './design.ts';
import { byFunction, fires } from './parts.ts';

/**
 * The vector array that conventional designs need for nonlinear functions (Mugi §5.2.2). Cycles of one element:
 * exact 30 for the exponential, 14 for the division, 1 to accumulate; PWL 4 + 1; Taylor of degree 9, 9 + 1.
 */
const CYCLES = { precise: 45, pwl: 5, taylor: 10 } as const;
/** Multiplications of one division on the vector array (artifact). */
const DIVIDE = 14;

export type VectorMethod = keyof typeof CYCLES;

export function vectorNonlinear(lanes: number, method: VectorMethod, repairs: Repairs): NonlinearUnit {
  const max = repairs['softmax-max'];
  return {
    lanes,
    throughWeightSram: false,
    rules: byFunction((softmax) => {
      // Maximum search and subtraction are one pass of the adders each.
      const extra = softmax && max ? 2 : 0;
      return [
        {
          event: method === 'precise' || softmax ? 'vector softmax' : 'vector activation',
          energy: 'stepsUsed',
          time: 'steps',
          cycles: CYCLES[method] + extra,
          resource: 'vector',
        },
        ...(extra > 0
          ? [
              {
                event: 'vector add',
                energy: 'stepsUsed',
                time: 'steps',
                cycles: 0,
                resource: 'vector',
                share: extra,
              } as const,
            ]
          : []),
      ];
    }),
    passes: byFunction((softmax) => (softmax ? { reads: max ? 3 : 2, writes: 2 } : { reads: 1, writes: 1 })),
    lutWords: { read: 0, write: 0 },
  };
}

/**
 * Activations of the vector array. `registers` is how many of its operand registers the published model fires at
 * once: all lanes, or 2 in the systolic array (quirk Q9).
 */
export function vectorEvents(
  lanes: number,
  method: VectorMethod,
  registers: number,
  repairs: Repairs,
): Record<string, Activation[]> {
  const perLane = repairs['lane-counts'] ? lanes : 1;
  const sum = { accumulator_vector: lanes, mac_register_vector: lanes };
  const events: Record<VectorMethod, Record<string, number>> = {
    precise: { multiplier_vector: 44 * lanes, register_vector: 44 * registers },
    pwl: {
      multiplier_vector: lanes,
      adder_vector: lanes,
      register_vector: 5 * registers,
      pwl_comparator: 21 * perLane,
      pwl_encoder: lanes,
      pwl_register: 22 * perLane,
      pipeline_register: 22 * perLane,
    },
    taylor: {
      multiplier_vector: 9 * lanes,
      adder_vector: 9 * lanes,
      register_vector: 10 * registers,
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
