import { arrayArithmetic, integerSums, SCALE_BITS } from '../vlp/arithmetic.ts';
import { simdInventory } from '../artifact/simd.ts';
import type { Design } from './design.ts';
import { ACCUMULATE } from '../machine/array/sums.ts';
import { type Sides, sidesName, sidesOf } from '../machine/sides.ts';
import { treeLevels } from '../machine/simd/adder-tree.ts';
import { MAC_ARRAY_GEMM, macCells, macProvenance, macSrams, RESTORE } from './mac-array.ts';
import type { Mesh } from './parts.ts';
import { changedArithmetic, type OwnArithmetic } from './own-arithmetic.ts';
import { type OwnVector, vectorElementwise, vectorNonlinear, vectorScaling } from './vector-unit.ts';

export interface SimdOptions {
  /** Rows and columns, N, or the sides of a rectangle: lanes of activations (axis K) × trees (axis N). */
  size: number | Sides;
  figna: boolean;
  nodes: Mesh;
}

/** What a design file may change of it. */
export type OwnSimd = Pick<OwnArithmetic, 'group'> & OwnVector;

/** Cycles behind the last row of activations: the levels of the trees, and the output adder. */
export const treeTail = (columns: number): number => treeLevels(columns) + ACCUMULATE;

/** BF16 adders in the trees of all rows. */
export const simdAdders = ({ columns, rows }: Sides): number => rows * (columns - 1);

/** SIMD array of multipliers with an adder tree a row, weight stationary, and a vector array (Mugi Table 2, SD: N × N). */
export function simd({ size, figna: fpInt, nodes, ...own }: SimdOptions & OwnSimd): Design {
  const sides = sidesOf(size);
  const { columns: C, rows: N } = sides;
  const { vector_lanes: V = N, method = 'precise' } = own;
  const mac = macCells({ ...sides, adders: simdAdders(sides), figna: fpInt });
  return {
    name: `sd-${fpInt ? 'f-' : ''}${sidesName(sides)}`,
    title: `SIMD array${fpInt ? ' with FIGNA' : ''}, ${C} × ${N}`,
    family: fpInt ? 'sd-f' : 'sd',
    nodes,
    array: {
      columns: C,
      rows: N,
      depth: 1,
      stepCycles: 1,
      stationary: 'weight',
      // Of two operand registers a cell, broadcast activations need none of their own: weights are loaded into the one
      // that does not work. Behind the last row the adder tree's levels and the output adder.
      pipeline: {
        kind: 'weight-stationary',
        registers: 2,
        skew: 0,
        tail: treeTail(C) + (fpInt ? RESTORE : 0),
        reloads: true,
      },
      weightBits: 16,
    },
    ...simdInventory({ ...sides, lanes: V, method, cells: mac, inCells: fpInt }),
    sram: macSrams(sides),
    gemm: MAC_ARRAY_GEMM,
    scaling: vectorScaling(V, { lanes: N, kind: 'rows' }),
    nonlinear: vectorNonlinear(V, method),
    elementwise: vectorElementwise(V),
    method,
    arithmetic: changedArithmetic(
      arrayArithmetic(fpInt ? integerSums(C) : { vector: { lanes: C, order: 'tree' } }),
      own,
    ),
    scaleBits: SCALE_BITS,
    provenance: macProvenance(sides),
  };
}
