import { arrayArithmetic, CHAIN, integerSums, SCALE_BITS } from '../vlp/arithmetic.ts';
import { ALIGNED_BITS } from '../machine/figna/figna-align.ts';
import { SUM_BITS } from '../machine/figna/figna-pe.ts';
import { INTEGER_BUS, ODD, PRODUCT_BITS } from '../machine/reuse/integer-products.ts';
import { TERM_BITS, termsBits } from '../machine/reuse/integer-sums.ts';
import { pickTail } from '../machine/reuse/pick-array.ts';
import { type Sides, sidesName, sidesOf } from '../machine/sides.ts';
import type { Design } from './design.ts';
import { stepDrain } from './drain.ts';
import { MAC_ARRAY_GEMM, macSrams } from './mac-array.ts';
import { changedArithmetic, type OwnArithmetic } from './own-arithmetic.ts';
import { fifo, fires, part, register } from '../artifact/inventory.ts';
import { vectorEvents, vectorParts } from '../artifact/vector.ts';
import type { Mesh } from './parts.ts';
import { type OwnVector, vectorElementwise, vectorNonlinear, vectorScaling } from './vector-unit.ts';

/** Multiples of an activation that an INT4 weight picks from: one to seven times. */
export const MULTIPLES = Math.max(...ODD);
/** Bits of a pair of terms, without its carry. */
const PAIR_BITS = TERM_BITS + 1;
/** Weights in use and to come. */
const WEIGHT_BITS = 2 * 4;

export interface PickOptions {
  /** Inner indices of a dot product and outputs, N, or the sides of a rectangle. */
  size: number | Sides;
  nodes: Mesh;
}

/** What a design file may change of it. */
export type OwnPick = Pick<OwnArithmetic, 'chain' | 'group'> & OwnVector;

/**
 * The best array of the ablation (docs/ablation.md): integer dot products of C inner indices by R outputs, whose products are
 * picked from odd multiples of the activations, made once for all rows. A step holds C × R weights for C tokens, a token a cycle,
 * while the weights of the next are written; the sums of C tokens stay in the rows. Parts are counted as the machine on gates
 * has them, with the queues that the inventories of its rivals have.
 */
export function pick({ size, nodes, ...own }: PickOptions & OwnPick): Design {
  const sides = sidesOf(size);
  const { columns: C, rows: R } = sides;
  const { vector_lanes: V = R, method = 'precise', chain = CHAIN } = own;
  const sram = macSrams(sides);
  const cells = C * R;
  const pairs = cells / 2;
  const dotBits = termsBits(C);
  /** Events are of a step: C tokens. */
  const step = (counts: Record<string, number>) =>
    fires(Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, C * count])));
  return {
    name: `pick-${sidesName(sides)}`,
    title: `dot products of integers that pick from shared multiples, ${C} × ${R}`,
    family: 'pick',
    nodes,
    array: {
      columns: C,
      rows: R,
      depth: C,
      stepCycles: C,
      stationary: 'output',
      pipeline: {
        kind: 'tail',
        cycles: pickTail(sides),
        perTile: stepDrain({ ...sides, lanes: V, wordBits: sram.output.wordBits }),
        inStep: true,
      },
      weightBits: 4,
    },
    components: [
      fifo('ififo', C, 16, C),
      fifo('wfifo', R, 4, C),
      fifo('ofifo', R, 16, C),
      register('input_register', C, 16, 'value_reuse'),
      part('ch_aloc', 'ch_aloc', C, 'value_reuse'),
      part('prealigner', 'prealigner', C, 'value_reuse'),
      register('aligned_register', C, ALIGNED_BITS + 1, 'value_reuse'),
      part('multiple_adder', 'adder', C * (ODD.length - 1), 'value_reuse', { width: PRODUCT_BITS }),
      register('multiple_register', C, INTEGER_BUS, 'value_reuse'),
      register('weight_register', cells, WEIGHT_BITS, 'pe'),
      part('pick', 'multiplexer', cells, 'pe', { width: PRODUCT_BITS, inputs: MULTIPLES }),
      part('sign', 'xor_bitwise', cells, 'pe', { width: TERM_BITS }),
      part('pair_adder', 'adder', pairs, 'pe', { width: PAIR_BITS }),
      register('pair_register', pairs, termsBits(2), 'pe'),
      part('tree_adder', 'adder', pairs - R, 'pe', { width: dotBits }),
      register('dot_register', R, dotBits, 'pe'),
      part('sum_adder', 'adder', R, 'accumulator', { width: SUM_BITS }),
      register('sum_register', cells, SUM_BITS, 'accumulator'),
      part('sum_select', 'multiplexer', R, 'accumulator', { width: SUM_BITS, inputs: C }),
      register('leaving_register', R, SUM_BITS, 'accumulator'),
      part('ch_dealoc', 'ch_dealoc', 1, 'accumulator'),
      part('int_to_fp', 'int_to_fp', R, 'accumulator'),
      ...vectorParts(V, method),
    ],
    sram,
    events: {
      'input load': step({
        ififo: C,
        input_register: C,
        ch_aloc: C,
        prealigner: C,
        aligned_register: C,
        multiple_adder: C * (ODD.length - 1),
        multiple_register: C,
      }),
      'weight load': fires({ wfifo: cells, weight_register: cells }),
      array: step({
        pick: cells,
        sign: cells,
        pair_adder: pairs,
        pair_register: pairs,
        tree_adder: pairs - R,
        dot_register: R,
        sum_adder: R,
        sum_select: R,
        sum_register: R,
      }),
      ...vectorEvents(V, method),
      // Sums leave once a chain, and join those of the chain before.
      vector: fires({
        leaving_register: V,
        ch_dealoc: 1,
        int_to_fp: V,
        ofifo: V,
        multiplier_vector: V,
        register_vector: V,
        accumulator_vector: V,
        mac_register_vector: V,
      }),
    },
    gemm: MAC_ARRAY_GEMM,
    scaling: vectorScaling(V, { lanes: R, kind: 'rows' }),
    nonlinear: vectorNonlinear(V, method),
    elementwise: vectorElementwise(V),
    method,
    arithmetic: changedArithmetic(arrayArithmetic(integerSums(Math.min(chain, CHAIN))), own),
    scaleBits: SCALE_BITS,
    provenance: 'ours: the best array of the ablation on gates, no design of the paper',
  };
}
