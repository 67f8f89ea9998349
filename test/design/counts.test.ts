import { expect, it } from 'vitest';
import {
  GEMM_COUNTS,
  gemmVector,
  NONLINEAR_COUNTS,
  nonlinearVector,
} from '../../src/design/mapping/counts.ts';

/** Each count has its position as its value. */
const numbered = <Count extends string>(names: readonly Count[]): Record<Count, number> =>
  Object.fromEntries(names.map((name, i) => [name, i])) as Record<Count, number>;

it('vectors of counts are in the order of their lists, which compiled rules index', () => {
  expect(gemmVector(numbered(GEMM_COUNTS))).toEqual(GEMM_COUNTS.map((_, i) => i));
  expect(nonlinearVector(numbered(NONLINEAR_COUNTS))).toEqual(NONLINEAR_COUNTS.map((_, i) => i));
});
