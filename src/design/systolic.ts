import { VECTOR_ARITHMETIC } from '../vlp/arithmetic.ts';
import type { Component, Design } from './design.ts';
import { MAC_ARRAY_GEMM, macCells, macProvenance, macSram } from './mac-array.ts';
import { fifo, fires, type Mesh, part, register } from './parts.ts';
import { vectorElementwise, vectorEvents, vectorNonlinear, type VectorMethod } from './vector-unit.ts';

export interface SystolicOptions {
  /** Rows and columns, N. */
  size: number;
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

/** Systolic array of N × N BF16 multiply-accumulate cells with a vector array (Mugi Table 2, SA and SA-F). */
export function systolic(options: SystolicOptions): Design {
  const { size: N, method, dataflow, nodes } = options;
  const cells = N * N;
  const control = Math.ceil(Math.log2(N)) - 1;
  const outputStationary = dataflow === 'output-stationary';
  const controls = Object.entries(CONTROLS).map(([name, kind]) =>
    part(name, kind, cells, 'pe', { width: control }),
  );
  const mac = macCells({ size: N, adders: cells, figna: options.figna });
  const memory = macSram(N);
  const suffix = `${method === 'precise' ? '' : `-${method}`}${outputStationary ? '-os' : ''}`;
  return {
    name: `sa-${options.figna ? 'f-' : ''}${N}${suffix}`,
    title: `systolic array${options.figna ? ' with FIGNA' : ''}, ${N} × ${N}, ${dataflow}${
      method === 'precise' ? '' : `, ${method === 'pwl' ? 'PWL' : 'Taylor'} vector array`
    }`,
    family: options.figna ? 'sa-f' : 'sa',
    nodes,
    array: {
      columns: N,
      rows: N,
      depth: 1,
      stepCycles: 1,
      stationary: outputStationary ? 'output' : 'weight',
      pipeline: { kind: dataflow },
      weightBits: 16,
    },
    components: [
      fifo('ififo', N, 16, N),
      fifo('wfifo', N, 4, N),
      fifo('ofifo', N, 16, N),
      ...mac.components,
      ...controls,
      part('adder', 'adderbf16', N, 'accumulator'),
      part('multiplier_vector', 'multiplierbf16', N, 'vector'),
      part('accumulator_vector', 'adderbf16', N, 'vector'),
      register('mac_register_vector', N, 16, 'vector'),
      register('register_vector', 2 * N, 16, 'vector'),
      ...approximation(N, method),
    ],
    sram: { input: memory, weight: memory, output: memory },
    events: {
      'input load': fires({ ififo: N, ...mac['input load'] }),
      'weight load': fires({ wfifo: N, ...mac['weight load'] }),
      array: fires({
        ...mac.array,
        adder: N,
        ofifo: N,
        ...Object.fromEntries(controls.map(({ name }) => [name, cells])),
      }),
      vector: fires({ multiplier_vector: N, register_vector: N }),
      ...vectorEvents(N, method),
    },
    gemm: MAC_ARRAY_GEMM,
    scaling: { kind: 'rows' },
    nonlinear: vectorNonlinear(N, method),
    elementwise: vectorElementwise(N),
    method,
    arithmetic: VECTOR_ARITHMETIC,
    provenance: outputStationary
      ? 'ours: the published components with an output-stationary dataflow'
      : macProvenance(N),
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
