import { arrayArithmetic, CHAIN, integerSums, SCALE_BITS } from '../vlp/arithmetic.ts';
import { ACCUMULATE } from '../machine/array/sums.ts';
import { type Sides, sidesName, sidesOf } from '../machine/sides.ts';
import { register } from '../artifact/inventory.ts';
import { systolicInventory } from '../artifact/systolic.ts';
import type { VectorMethod } from '../artifact/vector.ts';
import type { Design } from './design.ts';
import { systolicDrain } from './drain.ts';
import { MAC_ARRAY_GEMM, macCells, macProvenance, macSrams, RESTORE } from './mac-array.ts';
import type { Mesh } from './parts.ts';
import { changedArithmetic, type OwnArithmetic } from './own-arithmetic.ts';
import { type OwnVector, vectorElementwise, vectorNonlinear, vectorScaling } from './vector-unit.ts';

export interface SystolicOptions {
  /** Rows and columns, N, or the sides of a rectangle. */
  size: number | Sides;
  /** FP-INT cells after FIGNA instead of plain BF16 multiply-accumulate. */
  figna: boolean;
  method: VectorMethod;
  /** Weight-stationary in the paper; output-stationary is ours, for a fair look at small batches. */
  dataflow: 'weight-stationary' | 'output-stationary';
  /** A second weight register a cell, so that weights are loaded while the fold before runs (ours). */
  doubleBuffered?: boolean;
  nodes: Mesh;
}

/** What a design file may change of it. */
export type OwnSystolic = Pick<OwnArithmetic, 'chain' | 'group'> &
  OwnVector & { dataflow?: SystolicOptions['dataflow'] };

/**
 * Systolic array of BF16 multiply-accumulate cells with a vector array (Mugi Table 2, SA and SA-F: squares of N × N). Its
 * columns are lanes of activations and its rows lanes of weights and results, in both dataflows.
 */
export function systolic(options: SystolicOptions & OwnSystolic): Design {
  const sides = sidesOf(options.size);
  const { columns: C, rows: R } = sides;
  const { method, dataflow, nodes, vector_lanes: V = R } = options;
  const cells = C * R;
  const memories = macSrams(sides);
  const outputStationary = dataflow === 'output-stationary';
  const buffered = options.doubleBuffered === true && !outputStationary;
  const mac = macCells({ ...sides, adders: cells, figna: options.figna });
  const suffix = `${method === 'precise' ? '' : `-${method}`}${outputStationary ? '-os' : ''}${buffered ? '-db' : ''}`;
  return {
    name: `sa-${options.figna ? 'f-' : ''}${sidesName(sides)}${suffix}`,
    title: `systolic array${options.figna ? ' with FIGNA' : ''}, ${C} × ${R}, ${dataflow}${buffered ? ', double-buffered' : ''}${
      method === 'precise' ? '' : `, ${method === 'pwl' ? 'PWL' : 'Taylor'} vector array`
    }`,
    family: options.figna ? 'sa-f' : 'sa',
    nodes,
    array: {
      columns: C,
      rows: R,
      depth: 1,
      stepCycles: 1,
      stationary: outputStationary ? 'output' : 'weight',
      pipeline: outputStationary
        ? {
            kind: 'output-stationary',
            ...systolicDrain({ ...sides, lanes: V, wordBits: memories.output.wordBits }),
            tail: options.figna ? RESTORE : 0,
          }
        : {
            kind: 'weight-stationary',
            ...(buffered ? { registers: 2 as const } : {}),
            tail: ACCUMULATE + (options.figna ? RESTORE : 0),
            reloads: true,
          },
      weightBits: 16,
    },
    ...systolicInventory({
      ...sides,
      lanes: V,
      method,
      cells: mac,
      ...(buffered ? { second: register('next_weight_register', cells, options.figna ? 4 : 16, 'pe') } : {}),
    }),
    sram: memories,
    gemm: MAC_ARRAY_GEMM,
    scaling: vectorScaling(V, { lanes: R, kind: 'rows' }),
    nonlinear: vectorNonlinear(V, method),
    elementwise: vectorElementwise(V),
    method,
    arithmetic: changedArithmetic(arrayArithmetic(sumsOf(options, sides)), options),
    scaleBits: SCALE_BITS,
    provenance: outputStationary
      ? 'ours: the published components with an output-stationary dataflow'
      : buffered
        ? 'ours: the published components and a second weight register a cell'
        : macProvenance(sides),
  };
}

/** What the cells add: down a column where weights stay, with an accumulator below; in place where sums do. */
function sumsOf({ dataflow, figna, chain = CHAIN }: SystolicOptions & OwnSystolic, { columns }: Sides) {
  if (dataflow === 'output-stationary') return figna ? integerSums(Math.min(chain, CHAIN)) : {};
  return figna ? integerSums(columns) : { vector: { lanes: columns, order: 'chain' } as const };
}
