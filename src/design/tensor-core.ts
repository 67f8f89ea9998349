import { arrayArithmetic, SCALE_BITS } from '../vlp/arithmetic.ts';
import type { Design } from './design.ts';
import { MAC_ARRAY_GEMM } from './mac-array.ts';
import { fifo, fires, type Mesh, part, register, sram } from './parts.ts';
import { changedArithmetic, type OwnArithmetic } from './own-arithmetic.ts';
import {
  type OwnVector,
  vectorElementwise,
  vectorEvents,
  vectorNonlinear,
  vectorParts,
  vectorScaling,
} from './vector-unit.ts';

const W = 8;
const H = 16;
const D = 16;
const PLANE = W * H;
const CELLS = PLANE * D;

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
    components: [
      fifo('ififo', W * D, 16, 8),
      fifo('wfifo', H * D, 4, 8),
      fifo('ofifo', PLANE, 16, 8),
      register('input_register', CELLS, 16, 'pe'),
      register('weight_register', CELLS, 16, 'pe'),
      register('pe_register', CELLS, 16, 'pe'),
      part('multiplier', 'multiplierbf16', CELLS, 'pe'),
      part('accumulator', 'adderbf16', PLANE * (D - 1), 'pe'),
      register('accumulator_register', PLANE, 16, 'pe'),
      part('int_to_fp', 'int_to_bf16', H * D, 'pe'),
      part('adder', 'adderbf16', PLANE, 'accumulator'),
      ...vectorParts(V, method),
    ],
    sram: { input: memory, weight: memory, output: memory },
    events: {
      'input load': fires({ ififo: W * D, input_register: CELLS }),
      'weight load': fires({ wfifo: H * D, weight_register: CELLS, int_to_fp: H * D }),
      array: fires({
        multiplier: CELLS,
        pe_register: CELLS,
        accumulator: PLANE * (D - 1),
        accumulator_register: PLANE,
        adder: PLANE,
        ofifo: PLANE,
      }),
      vector: fires({ multiplier_vector: V, register_vector: V }),
      ...vectorEvents(V, method),
    },
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
