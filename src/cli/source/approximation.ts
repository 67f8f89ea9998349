import { APPROXIMATIONS } from '../../approximation/index.ts';
import { type ApproximationRequest, costsOf, unavailable } from '../../compare/approximation-errors.ts';
import { unknownName } from '../../errors.ts';
import type { ApproximationFlags } from '../options/approximate-options.ts';
import { vlpOptionsOf } from '../options/vlp-options.ts';

const METHODS = Object.keys(APPROXIMATIONS);

/** The methods that `--method` names and their parameters; `all` leaves out what the function has not. */
export function approximationRequest(name: string, flags: ApproximationFlags): ApproximationRequest {
  const all = flags.method.includes('all');
  for (const method of flags.method) {
    if (method !== 'all' && !METHODS.includes(method))
      throw unknownName('method', method, [...METHODS, 'all'], 'method');
  }
  const { segments, start, interval, centre, degree } = flags;
  const asked: ApproximationRequest = {
    name,
    methods: [...new Set(all ? METHODS : flags.method)],
    costs: costsOf(name),
    options: { vlp: vlpOptionsOf(flags, name), segments, start, range: interval, centre, degree },
  };
  const missing = unavailable(asked);
  if (all) return { ...asked, methods: asked.methods.filter((method) => !missing.has(method)) };
  for (const error of missing.values()) throw error;
  return asked;
}
