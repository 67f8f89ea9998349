import { CUT_AXES, type MeshPlan } from '../../src/design/mesh/split.ts';
import type { MeshCut, MeshLayout } from '../../src/machine/mesh/layout.ts';
import type { GemmOperator } from '../../src/workload/operator.ts';

/** A whole number of `from`…`to`. */
export const whole = (next: () => number, from: number, to: number): number =>
  from + Math.floor(next() * (to - from + 1));

/** Products of weights, alike in shape. */
export const meshProduct = (
  batch: number,
  { m, n, k }: { m: number; n: number; k: number },
): GemmOperator => ({
  kind: 'gemm',
  name: 'one',
  group: 'ffn',
  phase: 'decode',
  repeat: 1,
  layers: 1,
  batch,
  m,
  k,
  n,
  operand: 'weights',
  activationBits: 16,
  weightBits: 4,
  outputBits: 16,
});

/** A split as a simulation is told it. */
export const layoutOf = (
  plan: MeshPlan,
): Pick<MeshLayout, 'lines' | 'length' | 'across' | 'along' | 'parts'> => ({
  ...plan.sides,
  ...plan.split,
  parts: Object.fromEntries(
    CUT_AXES.map((cut) => {
      const [{ full, used, lastTo }] = plan.shares[cut].cuts;
      return [cut, [...Array.from({ length: used - 1 }, () => full), lastTo]];
    }),
  ) as Record<MeshCut, number[]>,
});
