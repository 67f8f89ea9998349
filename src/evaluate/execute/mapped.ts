import { type Design, type MemoryName } from '../../design/design.ts';
import { tileOf } from '../../design/mapping/gemm.ts';
import { tileCapacity } from '../../design/mapping/nonlinear.ts';
import type { Operator } from '../../workload/operator.ts';
import { logicEnergy } from '../energy.ts';
import { LOAD, repeatExecution } from './execution.ts';
import { execute } from './operator.ts';
import type { PricedDesign, PricedSram } from '../price.ts';

export type Memories = Readonly<Record<MemoryName, PricedSram>>;

/** An operator as one mapping leaves it, whatever its memories cost. */
export interface Mapped {
  /** Executions in all layers. */
  times: number;
  /** Cycles of array and vector unit, all executions. */
  units: number;
  /** Words of each SRAM's busier port and the nodes that share them; bits at the chip's edge and on the busiest link, one execution. */
  ports: readonly number[];
  over: number;
  edge: number;
  link: number;
  /** All executions. */
  words: readonly number[];
  logic: number;
  routing: number;
  bits: number;
  macs: number;
}

/** Maps an operator onto a design with some memories. */
export function mapOn(design: PricedDesign, operator: Operator, { input, weight, output }: Memories): Mapped {
  const priced: PricedDesign = {
    ...design,
    srams: { input: input.row, weight: weight.row, output: output.row },
    accessCycles: {
      input: input.row.accessCycles,
      weight: weight.row.accessCycles,
      output: output.row.accessCycles,
    },
  };
  // Bandwidth and links do not touch what is kept of the execution.
  const work = execute(priced, operator, { dramBitsPerCycle: 1, linkBits: 1 });
  const { dram } = work;
  const edge = dram.input + dram.weight + dram.output;
  const times = operator.repeat * operator.layers;
  const { ports, over, link } = work;
  repeatExecution(work, times);
  return {
    times,
    units: Math.max(work.load[LOAD.array], work.load[LOAD.vector]),
    ports,
    over,
    edge,
    link,
    words: work.words,
    logic: logicEnergy(priced, work),
    routing: work.routing,
    bits: dram.input + dram.weight + dram.output,
    macs: work.macs,
  };
}

/** A number that is equal where sizes of memories lead to the same mapping, their words being equal. */
export function decidedBy(design: Design, operator: Operator): number {
  switch (operator.kind) {
    case 'gemm': {
      const { m, k, n } = tileOf(design, operator);
      return (m * TILES + k) * TILES + n;
    }
    case 'nonlinear':
      return tileCapacity(design, operator.rows);
    default:
      return 0;
  }
}

/** Above any side of a tile; its third power is a whole number that doubles hold. */
const TILES = 2 ** 17;
