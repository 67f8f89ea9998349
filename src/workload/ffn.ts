import { type At, elementwise, linear } from './build.ts';
import type { Ffn } from './model.ts';
import type { Operator } from './operator.ts';
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
  const network = (rows: number, networks: number, width: number, prefix: string): void => {
    const shape = { group: 'ffn', ...at, batch: networks, m: rows } as const;
    operators.push(linear({ ...shape, name: `${prefix}up`, k: hidden, n: width }, options));
    if (ffn.gated) operators.push(linear({ ...shape, name: `${prefix}gate`, k: hidden, n: width }, options));
    operators.push(linear({ ...shape, name: `${prefix}down`, k: width, n: hidden }, options), {
      kind: 'nonlinear',
      name: `${prefix}${ffn.activation}`,
      group: 'nonlinear',
      function: ffn.activation,
      ...at,
      rows: networks * width,
      columns: rows,
    });
    if (ffn.gated && options.gateProducts) {
      operators.push(
        elementwise('gate', `${prefix}gate-product`, networks * width * rows, { multiplies: 1 }, at),
      );
    }
  };
  if (ffn.experts === undefined) {
    network(m, 1, ffn.hidden, '');
    return operators;
  }
  const { total, active, shared, sharedHidden = ffn.hidden } = ffn.experts;
  operators.push(linear({ name: 'router', group: 'ffn', ...at, m, k: hidden, n: total }, options));
  // Expected number of different experts that m tokens touch when each picks `active` of `total` at random;
  // the m × active assignments are spread over them as evenly as whole numbers allow.
  const assignments = m * active;
  const touched = Math.max(1, Math.min(assignments, Math.round(total * (1 - (1 - active / total) ** m))));
  const low = Math.floor(assignments / touched);
  const high = assignments - low * touched;
  if (high > 0) network(low + 1, high, ffn.hidden, 'expert-');
  if (touched > high) network(low, touched - high, ffn.hidden, high > 0 ? 'expert-low-' : 'expert-');
  if (shared > 0) network(m, shared, sharedHidden, 'shared-');
  return operators;
}
