import { APPROXIMATIONS } from '../../approximation/index.ts';
import { type ApproximationRequest, costsOf, unavailable } from '../../compare/approximation-errors.ts';
import { unknownName } from '../../errors.ts';
import type { ApproximationFlags } from '../options/approximate-options.ts';
import type { VlpOptions } from '../../vlp/mode.ts';
import { vlpOptionsOf } from '../options/vlp-options.ts';
import { computedBy } from './arithmetic.ts';

const METHODS = Object.keys(APPROXIMATIONS);

/** VLP as the flags have it; softmax rows are summed as the design sums them. */
function vlpOptions(name: string, flags: ApproximationFlags): VlpOptions {
  const options = vlpOptionsOf(flags, name);
  if (name !== 'softmax' || flags.mode === 'artifact') return options;
  return { ...options, accumulate: computedBy(flags).softmax.sum };
}

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
    options: { vlp: vlpOptions(name, flags), segments, start, range: interval, centre, degree },
  };
  const missing = unavailable(asked);
  if (all) return { ...asked, methods: asked.methods.filter((method) => !missing.has(method)) };
  for (const error of missing.values()) throw error;
  return asked;
}
