import { addElementwise, addNorm, type At, linear, nonlinear } from './build.ts';
import type { Recurrence } from './model.ts';
import { CONVOLVED, type Operator } from './operator.ts';
import type { WorkloadOptions } from './options.ts';

/** Bits of one element of an element-wise operator. */
const ELEMENT_BITS = 16;

/**
 * Operators of a layer that keeps a state instead of keys and values: its projections, a short causal convolution,
 * the state's update and read-out, a gated norm and the last product. The state's products are rank-one updates
 * and matrix–vector products in the state's own precision, so that they run on the vector unit. In decode the
 * state crosses the chip's edge once each way a step; a prompt is taken through it in one pass (engines cut it
 * into chunks, which turns a part of this work into small matrix products).
 */
export function recurrenceOperators(
  hidden: number,
  { projections, convolution, state, output }: Recurrence,
  m: number,
  at: At,
  options: WorkloadOptions,
): Operator[] {
  if (m === 0) return [];
  const shape = { group: 'projection', ...at, m } as const;
  const operators: Operator[] = projections.map(({ name, k = hidden, n }) =>
    linear({ ...shape, name, k, n }, options),
  );
  if (convolution !== undefined) {
    const { channels, taps } = convolution;
    const work = { multiplies: taps, adds: taps };
    addElementwise(operators, options, 'convolution', 'convolution', m * channels, work, at);
    operators.push(nonlinear('silu', CONVOLVED, channels, m, at));
  }
  const products = m * state.elements * state.passes;
  operators.push({
    kind: 'elementwise',
    name: 'state',
    group: 'other',
    function: 'recurrence',
    phase: at.phase,
    repeat: at.repeat,
    layers: at.layers,
    elements: (options.batch * state.elements * state.bits) / ELEMENT_BITS + m * output,
    // Every element also decays: a product without a sum.
    multiplies: products + m * state.elements,
    adds: products,
    divides: 0,
    angles: 0,
  });
  addNorm(operators, options, 'rmsnorm', 'state-norm', m, output, at);
  operators.push(nonlinear('silu', 'state-gate-silu', output, m, at));
  addElementwise(operators, options, 'gate', 'state-gate-product', m * output, { multiplies: 1 }, at);
  operators.push(linear({ ...shape, name: 'out', k: output, n: hidden }, options));
  return operators;
}
