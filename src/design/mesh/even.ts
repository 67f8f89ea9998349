import type { Design } from '../design.ts';
import type { Traffic } from '../mapping/gemm.ts';
import { type Links, sidesOf } from './split.ts';

/**
 * Links of an operator that all nodes share evenly, element by element: norms, residual sums, new keys and values. All
 * channels run along the lines, of which each has its part of the traffic.
 */
export function evenLinks(design: Design, { input, weight, output }: Traffic): Omit<Links, 'partials'> {
  const { lines, length } = sidesOf(design);
  return {
    bitHops: ((input + weight + output) * (length + 1)) / 2,
    busiest: Math.max(input, weight, output) / lines,
  };
}
