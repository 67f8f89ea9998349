import { SCALE_BITS, VECTOR_ARITHMETIC } from '../vlp/arithmetic.ts';
import type { Design } from './design.ts';
import { MAC_ARRAY_GEMM, macCells, macProvenance, macSrams, sidesOf } from './mac-array.ts';
import { fifo, fires, type Mesh, part, register } from './parts.ts';
import { vectorElementwise, vectorEvents, vectorNonlinear } from './vector-unit.ts';

export interface SimdOptions {
  /** Rows and columns, N. */
  size: number;
  figna: boolean;
  nodes: Mesh;
}

/** BF16 adders in the trees of all columns. */
export const simdAdders = (size: number): number => size * (size - 1);

/** SIMD array of N × N multipliers with adder trees, weight stationary, and a vector array (Mugi Table 2, SD). */
export function simd({ size: N, figna: fpInt, nodes }: SimdOptions): Design {
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
      part('multiplier_vector', 'multiplierbf16', N, 'vector'),
      part('accumulator_vector', 'adderbf16', N, 'vector'),
      register('mac_register_vector', N, 16, 'vector'),
      register('register_vector', N, 16, 'vector'),
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
      vector: fires({ multiplier_vector: N, register_vector: N }),
      ...vectorEvents(N, 'precise'),
    },
    gemm: MAC_ARRAY_GEMM,
    scaling: { kind: 'rows' },
    nonlinear: vectorNonlinear(N, 'precise'),
    elementwise: vectorElementwise(N),
    method: 'precise',
    arithmetic: VECTOR_ARITHMETIC,
    scaleBits: SCALE_BITS,
    provenance: macProvenance(sides),
  };
}
