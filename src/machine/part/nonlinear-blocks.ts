import { mux } from '../../hardware/bits.ts';
import { module } from '../../hardware/module.ts';
import { vector } from '../../hardware/port.ts';
import { exponentClamp } from '../mugi/unit/e-proc.ts';
import { mProc } from '../mugi/unit/m-proc.ts';
import { slidingWindow } from '../mugi/unit/sliding-window.ts';
import { LUT_EXPONENTS } from '../../vlp/array.ts';

/*
 * Mugi's nonlinear blocks as the published cost table cuts them, made of the node's units. That table names blocks
 * but not what is in them: the cuts are our reading.
 */

/** vlp_round: M-proc with its outputs in registers. */
export const registeredRound = module(
  { name: 'registered_round', doc: 'M-proc, registered.', inputs: { x: 16 } },
  (m, { x }) => {
    const { magnitude, exponent, sign } = m.instance('split', mProc.module, { x });
    return {
      magnitude: m.delay('magnitude_held', magnitude),
      exponent: m.delay('exponent_held', exponent),
      sign: m.delay('sign_held', sign),
    };
  },
);

/** vlp_clamp: place of an exponent in the sliding window, registered. */
export const registeredClamp = module(
  { name: 'registered_clamp', doc: 'Exponent clamp, registered.', inputs: { exponent: 8, window_low: 8 } },
  (m, inputs) => {
    const { place, under, over } = m.instance('clamp', exponentClamp.module, inputs);
    return {
      place: m.delay('place_held', place),
      under: m.delay('under_held', under),
      over: m.delay('over_held', over),
    };
  },
);

/** vlp_max_min: a node of the exponent tree, which follows the larger or the smaller of two. */
export const extremeNode = module(
  {
    name: 'extreme_node',
    doc: 'The larger of two exponents, or the smaller.',
    inputs: { a: 8, b: 8, follow_min: 1 },
  },
  (_m, { a, b, follow_min }) => ({ extreme: mux(a.lt(b).xor(follow_min), b, a) }),
);

/** vlp_window: eight of twelve LUT entries, registered. */
export const registeredWindow = module(
  {
    name: 'registered_window',
    doc: 'Sliding window, registered.',
    inputs: { row: vector(LUT_EXPONENTS, 16), offset: 3 },
  },
  (m, inputs) => {
    const { values } = m.instance('window', slidingWindow.module, inputs);
    return { values: values.map((value, i) => m.delay(`value_${i}`, value)) };
  },
);

/** exp_norm: keeps a row's place in the window, and says when the slot of that place is read. */
export const exponentSubscription = module(
  {
    name: 'exponent_subscription',
    doc: 'Place of a row in the window, held, and its equality with the slot counter.',
    inputs: { take: 1, place: 3, in_window: 1, count: 3 },
  },
  (m, { take, place, in_window, count }) => {
    const held = m.delay('held_place', place, { enable: take });
    const waits = m.delay('waits', in_window, { enable: take });
    return { hit: waits.and(held.eq(count)) };
  },
);

/** exp_select: the result register, which takes a special value at the start and the LUT's at the hit. */
export const resultSelection = module(
  {
    name: 'result_selection',
    doc: 'Result register: a special value at the start of a mapping, the slot that is read at the hit.',
    inputs: { first: 1, special: 16, hit: 1, slot: 16 },
  },
  (m, { first, special, hit, slot }) => {
    const result = m.register('result', 16);
    result.next(mux(first, special, mux(hit, slot, result)));
    return { result };
  },
);
