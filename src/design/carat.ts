import { arrayArithmetic, SCALE_BITS } from '../vlp/arithmetic.ts';
import type { Design } from './design.ts';
import { caratTail } from '../machine/carat/carat-array.ts';
import { drainCycles } from './drain.ts';
import { fifo, fires, type Mesh, part, register, sram, sramWord } from './parts.ts';
import { vlpGemm } from './vlp-array.ts';
import { CODE_CYCLES, COLUMNS } from '../vlp/array.ts';
import { changedArithmetic, type OwnArithmetic } from './own-arithmetic.ts';
import {
  type OwnVector,
  vectorApproximation,
  vectorElementwise,
  vectorEvents,
  vectorNonlinear,
  vectorScaling,
} from './vector-unit.ts';

const W = COLUMNS;

export interface CaratOptions {
  /** Rows of the array, H. */
  height: number;
  nodes: Mesh;
}

/** Accumulator pipeline rows: 1, 1, 3 for 64, 128, 256 rows (artifact), one for 64 rows beyond. */
export const caratStages = (height: number): number => Math.max(1, Math.ceil(height / 64) - 1);

/** What a design file may change of it. */
export type OwnCarat = Pick<OwnArithmetic, 'chain' | 'group'> & OwnVector;

/**
 * Carat (ASPLOS 2024) as Mugi compares it: value-level parallelism for GEMM only, accumulators changed to BF16,
 * inputs on columns, INT4 weights through its FP8 path, a vector array for nonlinear work (Mugi §5.2.1).
 */
export function carat({ height: H, nodes, ...own }: CaratOptions & OwnCarat): Design {
  const { vector_lanes: V = H, method = 'precise' } = own;
  const depth = Math.max(1, Math.ceil(H / 32));
  const stages = caratStages(H);
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
        cycles: caratTail(stages),
        perTile: drainCycles({ columns: W, rows: H, lanes: V, wordBits: word }),
      },
      weightBits: 4,
    },
    components: [
      fifo('ififo', W, 16, depth),
      fifo('wfifo', H, 8, depth),
      fifo('ofifo', H, 16, depth),
      fifo('sign_fifo', 2 * H, 8, 1),
      fifo('pe_fifo', 2 * H, 16, 8),
      part('comparator', 'comparator', H, 'tc', { width: 3 }),
      register('ireg', H, 12, 'tc'),
      part('z_flag', 'or_bitwise', H, 'tc', { width: 7 }),
      part('nan_flag', 'and_bitwise', H, 'tc', { width: 7 }),
      register('temporal_register', W * H, 1, 'pe'),
      part('and_gate', 'and_bitwise', W * H, 'pe', { width: 16 }),
      register('areg', W * H, 1.5, 'pe'),
      part('or_gate', 'or_bitwise', 2 * W * H, 'pe', { width: 16 }),
      part('sign_xor', 'xnor_bitwise', H, 'pe', { width: 1 }),
      part('accumulator', 'adderbf16', W, 'value_reuse'),
      register('accumulator_register', W * stages, 16, 'value_reuse'),
      register('wreg', W, 16, 'value_reuse'),
      part('counter', 'counter', 1, 'value_reuse', { width: 3 }),
      register('creg', H, 3, 'value_reuse'),
      part('adder', 'adderbf16', H, 'accumulator'),
      part('exp_scale', 'adder', W, 'accumulator', { width: 8 }),
      part('shifterexp', 'adder', H, 'accumulator', { width: 8 }),
      part('multiplier_vector', 'multiplierbf16', V, 'vector'),
      part('accumulator_vector', 'adderbf16', V, 'vector'),
      register('register_vector', V, 16, 'vector'),
      register('mac_register_vector', V, 16, 'vector'),
      ...vectorApproximation(V, method),
    ],
    sram: { input: sram(64, 128), weight: sram(64, word), output: sram(64, word) },
    events: {
      'input load': fires({ ififo: W }),
      counter: fires({ counter: 1, creg: H }),
      'input value reuse': fires({
        accumulator: W * CODE_CYCLES,
        exp_scale: W * CODE_CYCLES,
        wreg: W * CODE_CYCLES,
        accumulator_register: W * CODE_CYCLES * stages,
      }),
      'weight load': fires({ wfifo: H }),
      'temporal coder': fires({
        comparator: H,
        ireg: H,
        z_flag: H,
        nan_flag: H,
        sign_fifo: 2 * H,
      }),
      array: fires({
        temporal_register: W * H,
        and_gate: W * H,
        or_gate: W * H,
        areg: W * H,
        pe_fifo: W * H,
        sign_xor: W * H,
        shifterexp: W * H,
        adder: W * H,
        ofifo: W * H,
      }),
      vector: fires({ multiplier_vector: V, register_vector: V }),
      ...vectorEvents(V, method),
    },
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
