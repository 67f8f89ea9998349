import { SCALE_BITS, VECTOR_ARITHMETIC } from '../vlp/arithmetic.ts';
import type { Component, Design } from './design.ts';
import { drainCycles } from './drain.ts';
import {
  MAC_ARRAY_GEMM,
  macCells,
  macProvenance,
  macSrams,
  type Sides,
  sidesName,
  sidesOf,
} from './mac-array.ts';
import { fifo, fires, type Mesh, part, register } from './parts.ts';
import { vectorElementwise, vectorEvents, vectorNonlinear, type VectorMethod } from './vector-unit.ts';

export interface SystolicOptions {
  /** Rows and columns, N, or the sides of a rectangle. */
  size: number | Sides;
  /** FP-INT cells after FIGNA instead of plain BF16 multiply-accumulate. */
  figna: boolean;
  method: VectorMethod;
  /** Weight-stationary in the paper; output-stationary is ours, for a fair look at small batches. */
  dataflow: 'weight-stationary' | 'output-stationary';
  nodes: Mesh;
}

/** Control of a cell, for inputs and for weights: a counter, a comparator and an adder each. */
export const CONTROLS = {
  icnt: 'counter',
  icmp: 'comparator',
  iadd: 'adder',
  wcnt: 'counter',
  wcmp: 'comparator',
  wadd: 'adder',
} as const;

/**
 * Systolic array of BF16 multiply-accumulate cells with a vector array (Mugi Table 2, SA and SA-F: squares of N × N). Its
 * columns are lanes of activations and its rows lanes of weights and results, in both dataflows.
 */
export function systolic(options: SystolicOptions): Design {
  const { method, dataflow, nodes } = options;
  const sides = sidesOf(options.size);
  const { columns: C, rows: R } = sides;
  const cells = C * R;
  const memories = macSrams(sides);
  const control = Math.ceil(Math.log2(Math.max(C, R))) - 1;
  const outputStationary = dataflow === 'output-stationary';
  const controls = Object.entries(CONTROLS).map(([name, kind]) =>
    part(name, kind, cells, 'pe', { width: control }),
  );
  const mac = macCells({ ...sides, adders: cells, figna: options.figna });
  const suffix = `${method === 'precise' ? '' : `-${method}`}${outputStationary ? '-os' : ''}`;
  return {
    name: `sa-${options.figna ? 'f-' : ''}${sidesName(sides)}${suffix}`,
    title: `systolic array${options.figna ? ' with FIGNA' : ''}, ${C} × ${R}, ${dataflow}${
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
            perTile: drainCycles({ ...sides, lanes: R, wordBits: memories.output.wordBits }),
          }
        : { kind: 'weight-stationary' },
      weightBits: 16,
    },
    components: [
      fifo('ififo', C, 16, C),
      fifo('wfifo', R, 4, R),
      fifo('ofifo', R, 16, R),
      ...mac.components,
      ...controls,
      part('adder', 'adderbf16', R, 'accumulator'),
      part('multiplier_vector', 'multiplierbf16', R, 'vector'),
      part('accumulator_vector', 'adderbf16', R, 'vector'),
      register('mac_register_vector', R, 16, 'vector'),
      register('register_vector', 2 * R, 16, 'vector'),
      ...approximation(R, method),
    ],
    sram: memories,
    events: {
      'input load': fires({ ififo: C, ...mac['input load'] }),
      'weight load': fires({ wfifo: R, ...mac['weight load'] }),
      array: fires({
        ...mac.array,
        adder: R,
        ofifo: R,
        ...Object.fromEntries(controls.map(({ name }) => [name, cells])),
      }),
      vector: fires({ multiplier_vector: R, register_vector: R }),
      ...vectorEvents(R, method),
    },
    gemm: MAC_ARRAY_GEMM,
    scaling: { kind: 'rows' },
    nonlinear: vectorNonlinear(R, method),
    elementwise: vectorElementwise(R),
    method,
    arithmetic: VECTOR_ARITHMETIC,
    scaleBits: SCALE_BITS,
    provenance: outputStationary
      ? 'ours: the published components with an output-stationary dataflow'
      : macProvenance(sides),
  };
}

/** What PWL (22 segments) and Taylor (degree 9) add to the vector array. */
function approximation(N: number, method: VectorMethod): Component[] {
  if (method === 'precise') return [];
  const adder = part('adder_vector', 'adderbf16', N, 'nonlinear');
  if (method === 'taylor') return [adder, register('taylor_register', 9, 16, 'nonlinear')];
  return [
    adder,
    part('pwl_comparator', 'pwl_bf_max', 21 * N, 'nonlinear'),
    part('pwl_encoder', 'pwl_22_seg_encoder', N, 'nonlinear'),
    register('pwl_register', 22 * N, 32, 'nonlinear'),
    register('pipeline_register', 22 * N, 16, 'nonlinear'),
  ];
}
