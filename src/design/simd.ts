import { SCALE_BITS, VECTOR_ARITHMETIC } from '../vlp/arithmetic.ts';
import type { Design } from './design.ts';
import { sidesOf } from '../machine/sides.ts';
import { MAC_ARRAY_GEMM, macCells, macProvenance, macSrams } from './mac-array.ts';
import { fifo, fires, type Mesh, part, register } from './parts.ts';
import { changedArithmetic, type OwnArithmetic } from './own-arithmetic.ts';
import {
  type OwnVector,
  vectorApproximation,
  vectorElementwise,
  vectorEvents,
  vectorNonlinear,
  vectorScaling,
} from './vector-unit.ts';

export interface SimdOptions {
  /** Rows and columns, N. */
  size: number;
  figna: boolean;
  nodes: Mesh;
}

/** What a design file may change of it. */
export type OwnSimd = Pick<OwnArithmetic, 'group'> & OwnVector;

/** BF16 adders in the trees of all columns. */
export const simdAdders = (size: number): number => size * (size - 1);

/** SIMD array of N × N multipliers with adder trees, weight stationary, and a vector array (Mugi Table 2, SD). */
export function simd({ size: N, figna: fpInt, nodes, ...own }: SimdOptions & OwnSimd): Design {
  const { vector_lanes: V = N, method = 'precise' } = own;
  const sides = sidesOf(N);
  const mac = macCells({ ...sides, adders: simdAdders(N), figna: fpInt });
  return {
    name: `sd-${fpInt ? 'f-' : ''}${N}`,
    title: `SIMD array${fpInt ? ' with FIGNA' : ''}, ${N} × ${N}`,
    family: fpInt ? 'sd-f' : 'sd',
    nodes,
    array: {
      columns: N,
      rows: N,
      depth: 1,
      stepCycles: 1,
      stationary: 'weight',
      // The adder tree's levels and the output adder behind it.
      pipeline: { kind: 'tail', cycles: Math.ceil(Math.log2(N)) + 1 },
      weightBits: 16,
    },
    components: [
      fifo('ififo', N, 16, N),
      fifo('wfifo', N, 4, N),
      fifo('ofifo', N, 16, N),
      ...mac.components,
      register('accumulator_register', N, 16, 'pe'),
      part('adder', 'adderbf16', N, 'accumulator'),
      part('multiplier_vector', 'multiplierbf16', V, 'vector'),
      part('accumulator_vector', 'adderbf16', V, 'vector'),
      register('mac_register_vector', V, 16, 'vector'),
      register('register_vector', V, 16, 'vector'),
      ...vectorApproximation(V, method),
    ],
    sram: macSrams(sides),
    events: {
      'input load': fires({ ififo: N, ...mac['input load'] }),
      'weight load': fires({ wfifo: N, ...mac['weight load'] }),
      array: fires({
        ...mac.array,
        accumulator_register: N,
        adder: N,
        ofifo: N,
      }),
      vector: fires({ multiplier_vector: V, register_vector: V }),
      ...vectorEvents(V, method),
    },
    gemm: MAC_ARRAY_GEMM,
    scaling: vectorScaling(V, { lanes: N, kind: 'rows' }),
    nonlinear: vectorNonlinear(V, method),
    elementwise: vectorElementwise(V),
    method,
    arithmetic: changedArithmetic(VECTOR_ARITHMETIC, own),
    scaleBits: SCALE_BITS,
    provenance: macProvenance(sides),
  };
}
