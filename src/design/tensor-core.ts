import { arrayArithmetic, SCALE_BITS } from '../vlp/arithmetic.ts';
import { TENSOR, tensorInventory } from '../artifact/tensor.ts';
import type { Design } from './design.ts';
import { MAC_ARRAY_GEMM } from './mac-array.ts';
import { type Mesh, sram } from './parts.ts';
import { changedArithmetic, type OwnArithmetic } from './own-arithmetic.ts';
import { type OwnVector, vectorElementwise, vectorNonlinear, vectorScaling } from './vector-unit.ts';

const { columns: W, rows: H, depth: D } = TENSOR;
const PLANE = W * H;

/** What a design file may change of it. */
export type OwnTensor = Pick<OwnArithmetic, 'group'> & OwnVector;

/** Tensor core: a fully pipelined 8 × 16 × 16 multiply-accumulate block (Mugi Table 2). */
export function tensorCore({ nodes, ...own }: { nodes: Mesh } & OwnTensor): Design {
  const { vector_lanes: V = PLANE, method = 'precise' } = own;
  const memory = sram(1024, 2048);
  return {
    name: 'tensor',
    title: `tensor core, ${W} × ${H} × ${D}`,
    family: 'tensor',
    nodes,
    array: {
      columns: W,
      rows: H,
      depth: D,
      stepCycles: 1,
      stationary: 'weight',
      // Multiplier, the levels of the adder tree over D products, and the accumulator.
      pipeline: { kind: 'tail', cycles: 2 + Math.log2(D) },
      weightBits: 16,
    },
    ...tensorInventory(V, method),
    sram: { input: memory, weight: memory, output: memory },
    gemm: MAC_ARRAY_GEMM,
    scaling: vectorScaling(V, { lanes: PLANE, kind: 'plane' }),
    nonlinear: vectorNonlinear(V, method),
    elementwise: vectorElementwise(V),
    method,
    arithmetic: changedArithmetic(arrayArithmetic({ vector: { lanes: D, order: 'tree' } }), own),
    scaleBits: SCALE_BITS,
    provenance: 'published',
  };
}
