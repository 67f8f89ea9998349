import type { Block } from '../../accuracy/data/blocks.ts';
import type { AskedItem } from '../../accuracy/study/choices.ts';
import { refuseWork, workOf } from '../../accuracy/score/work.ts';
import type { Precision } from '../../accuracy/score/precision.ts';
import type { OpenedModel } from '../../model/load.ts';
import { sharedKernels } from '../../model/weight/kernel-memory.ts';
import { gibibytes, memoryOf } from '../../model/weight/fitting.ts';
import { duration } from '../../present/si.ts';
import { remark } from '../options/output.ts';

/** Work that is announced: it takes a minute, or a quarter of the memory. */
const LONG_SECONDS = 60;
const MUCH = 1 / 4;

/** Sides of the product by which the speed of this machine is known: long enough to be past its start. */
const PROBE = { rows: 64, outputs: 1024, inner: 1024, times: 3 };

/** Tokens of blocks of text. */
export const rowsOf = (blocks: readonly Block[]): number =>
  blocks.reduce((sum, { ids, rows }) => sum + (rows ?? ids?.length ?? 0), 0);

/** Tokens of questions with each of their choices. */
export const rowsOfItems = (items: readonly AskedItem[]): number =>
  items.reduce((sum, { sequences }) => sum + sequences.reduce((own, { ids }) => own + ids.length - 1, 0), 0);

/** Operations a second of products on the kernels that a model's matrices will be in. */
function operationsPerSecond(): number {
  const { rows, outputs, inner, times } = PROBE;
  const kernels = sharedKernels();
  const matrix = kernels.packF32(new Float32Array(outputs * inner).fill(0.5), outputs, inner);
  const x = new Float32Array(rows * inner).fill(0.5);
  let best = Infinity;
  for (let i = 0; i < times; i++) {
    const begun = performance.now();
    kernels.gemm(x, rows, matrix);
    best = Math.min(best, performance.now() - begun);
  }
  matrix.dispose();
  return (2 * rows * outputs * inner) / (best / 1000);
}

/**
 * Tells, before weights are read, what a measurement will take where that is much, and refuses what the memory cannot hold.
 * @param rows tokens that each run is fed; 0 for vision and speech, which have sequences of their own and small models
 * @param runs ways of computing, the stored model among them
 */
export function announceWork(
  opened: OpenedModel,
  rows: number,
  runs: number,
  precision: Pick<Precision, 'weights' | 'group'>,
): void {
  if (rows === 0) return;
  const work = workOf(opened, { runs, rows, precision });
  refuseWork(work, opened.path);
  const speed = operationsPerSecond();
  const seconds = work.operations / speed;
  if (seconds < LONG_SECONDS && work.bytes < MUCH * memoryOf()) return;
  remark(
    `estimate: ${duration(seconds)} (${runs} passes over ${rows.toLocaleString('en')} tokens, products at ${(speed / 1e9).toPrecision(2)} GFLOP/s), about ${gibibytes(work.bytes)} of memory`,
  );
}
