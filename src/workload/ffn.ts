import { addElementwise, type At, linear, nonlinear } from './build.ts';
import type { Ffn } from './model.ts';
import { type Operator, ROUTER_SOFTMAX } from './operator.ts';
import type { WorkloadOptions } from './options.ts';

/** Operators of a feed-forward network over `m` tokens. */
export function ffnOperators(
  hidden: number,
  ffn: Ffn,
  m: number,
  at: At,
  options: WorkloadOptions,
): Operator[] {
  if (m === 0) return [];
  const operators: Operator[] = [];
  const network = (rows: number, networks: number, width: number, prefix: string, input = hidden): void => {
    const shape = { group: 'ffn', ...at, batch: networks, m: rows } as const;
    operators.push(linear({ ...shape, name: `${prefix}up`, k: input, n: width }, options));
    if (ffn.gated) operators.push(linear({ ...shape, name: `${prefix}gate`, k: input, n: width }, options));
    operators.push(
      linear({ ...shape, name: `${prefix}down`, k: width, n: input }, options),
      nonlinear(ffn.activation, prefix + ffn.activation, networks * width, rows, at),
    );
    const products = (ffn.gated ? 1 : 0) + (ffn.squared === true ? 1 : 0);
    if (products > 0) {
      const elements = networks * width * rows;
      addElementwise(
        operators,
        options,
        'gate',
        `${prefix}gate-product`,
        elements,
        { multiplies: products },
        at,
      );
    }
  };
  if (ffn.experts === undefined) {
    network(m, 1, ffn.hidden, '');
    return operators;
  }
  const { total, active, shared, sharedHidden = ffn.hidden, width = hidden } = ffn.experts;
  const shape = { group: 'ffn', ...at, m } as const;
  operators.push(
    linear({ ...shape, name: 'router', k: hidden, n: total }, options),
    nonlinear('softmax', ROUTER_SOFTMAX, m, total, at),
  );
  if (width !== hidden)
    operators.push(linear({ ...shape, name: 'latent-down', k: hidden, n: width }, options));
  // Expected number of different experts that m tokens touch when each picks `active` of `total` at random;
  // the m × active assignments are spread over them as evenly as whole numbers allow.
  const assignments = m * active;
  const touched = Math.max(1, Math.min(assignments, Math.round(total * (1 - (1 - active / total) ** m))));
  const low = Math.floor(assignments / touched);
  const high = assignments - low * touched;
  if (high > 0) network(low + 1, high, ffn.hidden, 'expert-', width);
  if (touched > high) network(low, touched - high, ffn.hidden, high > 0 ? 'expert-low-' : 'expert-', width);
  // Every chosen expert's result is weighed by its router score and added to the token's sum.
  addElementwise(
    operators,
    options,
    'combine',
    'expert-sum',
    assignments * width,
    { multiplies: 1, adds: 1 },
    at,
  );
  if (width !== hidden) operators.push(linear({ ...shape, name: 'latent-up', k: width, n: hidden }, options));
  if (shared > 0) network(m, shared, sharedHidden, 'shared-');
  if (ffn.experts.sharedGate === true) {
    operators.push(linear({ ...shape, name: 'shared-weight', k: hidden, n: 1 }, options));
  }
  return operators;
}
