import type { PresetName } from './preset.ts';
import { type DesignArithmetic, PUBLISHED_ARITHMETIC, REPAIRED_ARITHMETIC } from '../vlp/arithmetic.ts';
import { namedFamily } from '../design/index.ts';

/**
 * The arithmetic of a design by name. Cells, accumulators and vector lanes of all designs are BF16 (Mugi Table 2), so
 * that chains of sums are alike; where softmax runs on a vector array its row sums are not modelled, and count as FP32,
 * to the advantage of those designs.
 * @throws MugiError for a design that is not built in
 */
export function designArithmetic(name: string, preset: PresetName): DesignArithmetic {
  const { family } = namedFamily(name);
  const arithmetic = preset === 'as-published' ? PUBLISHED_ARITHMETIC : REPAIRED_ARITHMETIC;
  if (/^mugi-(l-)?\{/.test(family.pattern)) return arithmetic;
  return { ...arithmetic, softmax: { ...arithmetic.softmax, sum: 'fp32' } };
}
