import { SCALE_BITS, VECTOR_ARITHMETIC } from '../../src/vlp/arithmetic.ts';
import type { Design } from '../../src/design/design.ts';
import { MAC_ARRAY_GEMM } from '../../src/design/mac-array.ts';
import { fifo, fires, part, register } from '../../src/artifact/inventory.ts';
import { vectorEvents } from '../../src/artifact/vector.ts';
import { type Mesh, sram } from '../../src/design/parts.ts';
import { vectorElementwise, vectorNonlinear } from '../../src/design/vector-unit.ts';

/** Outer-product array: N × N cells, operands broadcast to all of them, results kept in place. */
export function outerProduct({ size: N, nodes }: { size: number; nodes: Mesh }): Design {
  const cells = N * N;
  const memory = sram(64, 256);
  return {
    name: `op-${N}`,
    title: `outer-product array, ${N} × ${N}`,
    family: 'op',
    nodes,
    array: {
      columns: N,
      rows: N,
      depth: 1,
      stepCycles: 1,
      stationary: 'output',
      pipeline: { kind: 'tail', cycles: 2 + N },
      weightBits: 16,
    },
    components: [
      fifo('ififo', N, 16, 8),
      fifo('wfifo', N, 4, 8),
      part('widen', 'int_to_bf16', N, 'pe'),
      part('multiplier', 'multiplierbf16', cells, 'pe'),
      part('accumulator', 'adderbf16', cells, 'accumulator'),
      register('accumulator_register', cells, 16, 'accumulator'),
      part('multiplier_vector', 'multiplierbf16', N, 'vector'),
      part('accumulator_vector', 'adderbf16', N, 'vector'),
      register('register_vector', N, 16, 'vector'),
      register('mac_register_vector', N, 16, 'vector'),
    ],
    sram: { input: memory, weight: memory, output: memory },
    events: {
      'input load': fires({ ififo: N }),
      'weight load': fires({ wfifo: N, widen: N }),
      array: fires({ multiplier: cells, accumulator: cells, accumulator_register: cells }),
      vector: fires({ multiplier_vector: N, register_vector: N }),
      ...vectorEvents(N, 'precise'),
    },
    gemm: MAC_ARRAY_GEMM.map((rule) =>
      rule.event === 'weight load' ? { ...rule, energy: 'stepsRows', time: 'steps' } : rule,
    ),
    scaling: { kind: 'rows' },
    nonlinear: vectorNonlinear(N, 'precise'),
    elementwise: vectorElementwise(N),
    method: 'precise',
    arithmetic: VECTOR_ARITHMETIC,
    scaleBits: SCALE_BITS,
    provenance: 'ours',
  };
}
