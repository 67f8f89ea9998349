import { vlp as arithmetic } from '../vlp/vlp.ts';
import type { VlpOptions } from '../vlp/mode.ts';
import type { Approximation } from './approximation.ts';

/** Value-level parallelism (Mugi §3) as one of the approximations; options in `src/vlp/mode.ts`. */
export function vlp(options: VlpOptions = {}): Approximation {
  const config = arithmetic.configure(options);
  return {
    method: 'vlp',
    label: arithmetic.label(config),
    supports: () => true,
    interval(name) {
      // From here on the rounded mantissa carries out of the window.
      const to = 2 ** (config.window.hi + 1) * (1 - 2 ** -(config.mantissaBits + 2));
      return name === 'softmax' || name === 'exp' ? { from: -to, to: 0 } : { from: -to, to };
    },
    elementwise(fn) {
      // Range reduction belongs to softmax; the linear limit to functions that have one.
      const below = config.below === 'linear' && fn.slope === undefined ? 'zero' : config.below;
      const range = fn.name === 'exp' ? config.range : 'window';
      const f = arithmetic.create(fn, { ...config, below, range });
      return {
        name: fn.name,
        apply: f.apply,
      };
    },
    softmax() {
      const operator = arithmetic.softmax({ ...options, below: 'zero' });
      return {
        name: 'softmax',
        apply(scores, out, rows, cols, rest = {}) {
          operator.apply({ ...rest, scores, out, rows, cols });
        },
      };
    },
  };
}
