import { arrayArithmetic, SCALE_BITS } from '../vlp/arithmetic.ts';
import { caratInventory, caratStages } from '../artifact/carat.ts';
import type { Design } from './design.ts';
import { caratTail } from '../machine/carat/carat-array.ts';
import { drainCycles } from './drain.ts';
import { type Mesh, sram, sramWord } from './parts.ts';
import { vlpGemm } from './vlp-array.ts';
import { CODE_CYCLES, COLUMNS } from '../vlp/array.ts';
import { changedArithmetic, type OwnArithmetic } from './own-arithmetic.ts';
import { type OwnVector, vectorElementwise, vectorNonlinear, vectorScaling } from './vector-unit.ts';

const W = COLUMNS;

export interface CaratOptions {
  /** Rows of the array, H. */
  height: number;
  nodes: Mesh;
}

/** What a design file may change of it. */
export type OwnCarat = Pick<OwnArithmetic, 'chain' | 'group'> & OwnVector;

/**
 * Carat (ASPLOS 2024) as Mugi compares it: value-level parallelism for GEMM only, accumulators changed to BF16,
 * inputs on columns, INT4 weights through its FP8 path, a vector array for nonlinear work (Mugi §5.2.1).
 */
export function carat({ height: H, nodes, ...own }: CaratOptions & OwnCarat): Design {
  const { vector_lanes: V = H, method = 'precise' } = own;
  const word = sramWord(Math.max(128, H));
  return {
    name: `carat-${H}`,
    title: `Carat, ${H} × ${W} array`,
    family: 'carat',
    nodes,
    array: {
      columns: W,
      rows: H,
      depth: 1,
      stepCycles: CODE_CYCLES,
      stationary: 'output',
      // Its only queue of results holds the sums, which leave before those of the next tile come.
      pipeline: {
        kind: 'tail',
        cycles: caratTail(caratStages(H)),
        perTile: drainCycles({ columns: W, rows: H, lanes: V, wordBits: word }),
      },
      weightBits: 4,
    },
    ...caratInventory({ height: H, vector: V, method }),
    sram: { input: sram(64, 128), weight: sram(64, word), output: sram(64, word) },
    gemm: vlpGemm(1),
    scaling: vectorScaling(V, { lanes: H, kind: 'rows' }),
    nonlinear: vectorNonlinear(V, method),
    elementwise: vectorElementwise(V),
    method,
    arithmetic: changedArithmetic(arrayArithmetic({ product: 'repeated' }), own),
    scaleBits: SCALE_BITS,
    provenance: [64, 128, 256].includes(H)
      ? 'published'
      : 'ours: the published rules at a height that the paper does not price',
  };
}
