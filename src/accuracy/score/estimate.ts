import { duration } from '../../present/si.ts';
import type { OpenedModel } from '../../model/load.ts';
import { machineMemory } from '../../files/memory.ts';
import { gibibytes } from '../../model/weight/fitting.ts';
import type { Holding } from '../../model/weight/holding.ts';
import { sharedKernels } from '../../model/weight/kernel-memory.ts';
import type { Block } from '../data/blocks.ts';
import { FULL_PRECISION, type Precision } from './precision.ts';
import { refuseWork, workOf } from './work.ts';

/** Tokens that a model is fed, by one way of computing or several. */
export interface Passes {
  readonly rows: number;
  /** Ways of computing, the stored model among them. */
  readonly runs: number;
  /** One at a time, as a text is written: every weight is read for each. */
  readonly alone?: boolean;
}

/** Work that is announced: it takes a minute, or a quarter of the memory. */
const LONG_SECONDS = 60;
const MUCH = 1 / 4;

/** Slower than any machine: what does not take long at it need not be timed. */
const SLOWEST = 1e9;

/** Sides of the products by which the speed of this machine is known: past their start, and for one row past its caches. */
const PROBES = {
  together: { rows: 64, outputs: 1024, inner: 1024 },
  alone: { rows: 1, outputs: 4096, inner: 4096 },
} as const;
const TIMES = 3;

/** Tokens of blocks of text; none of pictures, which have sequences of their own and small models. */
export const rowsOf = (blocks: readonly Block[]): number =>
  blocks.reduce((sum, { ids, rows }) => sum + (rows ?? ids?.length ?? 0), 0);

/** Operations a second of products on the kernels that a model's matrices will be in. */
function operationsPerSecond({ rows, outputs, inner }: (typeof PROBES)[keyof typeof PROBES]): number {
  const kernels = sharedKernels();
  const matrix = kernels.packBf16(new Uint16Array(outputs * inner).fill(0x3f00), outputs, inner);
  const x = new Float32Array(rows * inner).fill(0.5);
  let best = Infinity;
  for (let i = 0; i < TIMES; i++) {
    const begun = performance.now();
    kernels.gemm(x, rows, matrix);
    best = Math.min(best, performance.now() - begun);
  }
  matrix.dispose();
  return (2 * rows * outputs * inner) / (best / 1000);
}

/** What work will take, in numbers and as a sentence. */
export interface WorkEstimate {
  seconds: number;
  bytes: number;
  text: string;
}

/**
 * What a measurement will take, before weights are read, where that is much; else nothing.
 * @param passes all that the model will be fed; passes without rows (pictures, sounds) are left out
 * @throws MugiError for work that the memory cannot hold
 */
export function estimateOf(
  opened: OpenedModel,
  passes: readonly Passes[],
  precision: Pick<Precision, 'weights' | 'head' | 'group'> = FULL_PRECISION,
  holding?: Holding,
): WorkEstimate | undefined {
  const fed = passes.filter(({ rows, runs }) => rows > 0 && runs > 0);
  const works = fed.map(({ rows, runs, alone = false }) => {
    // One row is held at a time where they come alone.
    const { operations } = workOf(opened, { rows, runs, precision, holding });
    const { bytes } = workOf(opened, { rows: alone ? 1 : rows, runs, precision, holding });
    return { operations, alone, bytes };
  });
  const bytes = Math.max(0, ...works.map((work) => work.bytes));
  refuseWork({ operations: 0, bytes }, opened.path);
  const total = works.reduce((sum, { operations }) => sum + operations, 0);
  if (total / SLOWEST < LONG_SECONDS && bytes < MUCH * machineMemory()) return undefined;
  const speeds = {
    together: operationsPerSecond(PROBES.together),
    alone: works.some(({ alone }) => alone) ? operationsPerSecond(PROBES.alone) : Infinity,
  };
  const seconds = works.reduce(
    (sum, { operations, alone }) => sum + operations / speeds[alone ? 'alone' : 'together'],
    0,
  );
  if (seconds < LONG_SECONDS && bytes < MUCH * machineMemory()) return undefined;
  const words = fed.map(
    ({ rows, runs }) => `${runs} ${runs === 1 ? 'pass' : 'passes'} over ${rows.toLocaleString('en')} tokens`,
  );
  const speed = `products at ${(speeds.together / 1e9).toPrecision(2)} GFLOP/s${
    speeds.alone === Infinity ? '' : `, of one token at ${(speeds.alone / 1e9).toPrecision(2)}`
  }`;
  const text = `estimate: ${duration(seconds)} (${words.join(', ')}; ${speed}), about ${gibibytes(bytes)} of memory`;
  return { seconds, bytes, text };
}
