import { BF16_CELL, FIGNA_CELL } from '../machine/array/cell.ts';
import type { ArrayJob, ArrayRun, ArrayTile } from '../machine/array/job.ts';
import type { ArrayObserver } from '../machine/array/observe.ts';
import { runCarat } from '../machine/carat/carat-array.ts';
import { runPick } from '../machine/reuse/pick-array.ts';
import { runSimd } from '../machine/simd/simd-array.ts';
import { runOutputStationary } from '../machine/systolic/output-stationary.ts';
import { runWeightStationary } from '../machine/systolic/weight-stationary.ts';
import { runTensor } from '../machine/tensor/tensor-array.ts';
import type { Design } from './design.ts';
import { caratStages } from '../artifact/carat.ts';
import { drainWidth } from './drain.ts';

/** Runs a GEMM on a design's array, cycle by cycle. */
export type CycleModel = (job: ArrayJob, tile: ArrayTile, observe?: ArrayObserver) => ArrayRun;

/**
 * The cycle model of a compared design's array: its unit with the design's sides. Undefined where there is none: for Mugi,
 * whose node runs programs of frames (`machine/mugi`), and for arrays that a file describes.
 */
export function cycleModel(design: Design): CycleModel | undefined {
  const { columns, rows, depth, pipeline } = design.array;
  const cell = design.family.endsWith('-f') ? FIGNA_CELL : BF16_CELL;
  switch (design.family) {
    case 'sa':
    case 'sa-f': {
      if (pipeline.kind === 'output-stationary') {
        const array = { columns, rows, leaving: drainWidth(design), cell };
        return (job, tile, observe) => runOutputStationary(array, job, tile, observe);
      }
      const registers = pipeline.kind === 'weight-stationary' ? pipeline.registers : undefined;
      const array = { columns, rows, registers: registers ?? 1, cell };
      return (job, tile, observe) => runWeightStationary(array, job, tile, observe);
    }
    case 'sd':
    case 'sd-f':
      return (job, tile, observe) => runSimd({ columns, rows, cell }, job, tile, observe);
    case 'carat': {
      const array = { rows, stages: caratStages(rows), leaving: drainWidth(design) };
      return (job, tile, observe) => runCarat(array, job, tile, observe);
    }
    case 'pick': {
      const array = { columns, rows, leaving: drainWidth(design) };
      return (job, tile, observe) => runPick(array, job, tile, observe);
    }
    case 'tensor':
      return (job, tile, observe) => runTensor({ columns, rows, depth }, job, tile, observe);
    default:
      return undefined;
  }
}
