import { type Activation, type Component, fires, part, register } from './inventory.ts';

/** How a vector array computes nonlinear functions: exactly, piecewise linearly, or by a Taylor series. */
export type VectorMethod = 'precise' | 'pwl' | 'taylor';

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

/** Activations of the vector array: what it multiplies for the array, functions, and operators element by element. */
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
    vector: fires({ multiplier_vector: lanes, register_vector: lanes }),
    'vector softmax': fires({ ...events[method], ...sum }),
    'vector activation': fires(events[method]),
    'vector add': fires(sum),
    'element multiply': fires({ multiplier_vector: 1, register_vector: 1 }),
    'element add': fires({ accumulator_vector: 1, mac_register_vector: 1 }),
  };
}

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
