import { EXACT_SUMS } from '../../vlp/gemm.ts';
import { duration } from '../../present/si.ts';
import type { OpenedModel } from '../../model/load.ts';
import { machineMemory } from '../../files/memory.ts';
import { gibibytes } from '../../model/weight/fitting.ts';
import type { Holding } from '../../model/weight/holding.ts';
import { sharedKernels } from '../../model/weight/kernel-memory.ts';
import type { Block } from '../data/blocks.ts';
import { FULL_PRECISION, type Precision } from './precision.ts';
import { refuseWork, workOf } from './work.ts';

/**
 * What the matrices of a pass are multiplied as: as they are stored, or in INT4 by exact products with FP32 sums, or in INT4 by
 * the sums of the design, which take about twice as long where each is rounded to BF16.
 */
export type PassKind = 'stored' | 'int4' | 'design';

/** Tokens that a model is fed, by one way of computing or several of a kind. */
export interface Passes {
  readonly rows: number;
  /** Ways of computing, the stored model among them. */
  readonly runs: number;
  /** Default: as stored. */
  readonly kind?: PassKind;
  /** One at a time, as a text is written: every weight is read for each. */
  readonly alone?: boolean;
  /** Behind or in front of all others, whatever its rows: its results are gone when theirs are there. */
  readonly apart?: boolean;
}

/** The kind of a pass at a precision. */
export const kindOf = ({ weights, products }: Pick<Precision, 'weights' | 'products'>): PassKind =>
  weights === 'stored' ? 'stored' : products.accumulator === 'fp32' ? 'int4' : 'design';

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
function operationsPerSecond(
  kind: PassKind,
  { rows, outputs, inner }: (typeof PROBES)[keyof typeof PROBES],
  { group, products }: Pick<Precision, 'group' | 'products'>,
): number {
  const kernels = sharedKernels();
  const matrix =
    kind === 'stored'
      ? kernels.packBf16(new Uint16Array(outputs * inner).fill(0x3f00), outputs, inner)
      : kernels.quantizeInt4(
          new Float32Array(outputs * inner).fill(0.5),
          outputs,
          inner,
          Math.min(group, inner),
        );
  const x = new Float32Array(rows * inner).fill(0.5);
  const product = (): unknown =>
    kind === 'stored'
      ? kernels.gemm(x, rows, matrix)
      : kernels.gemmInt4(x, rows, matrix, kind === 'int4' ? EXACT_SUMS : products);
  let best = Infinity;
  for (let i = 0; i < TIMES; i++) {
    const begun = performance.now();
    product();
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

const KIND_NAMES: Readonly<Record<PassKind, string>> = {
  stored: 'as stored',
  int4: 'of INT4',
  design: 'of INT4 by the design',
};

/**
 * What a measurement will take, before weights are read, where that is much; else nothing.
 * @param passes all that the model will be fed; passes without rows (pictures, sounds) are left out
 * @throws MugiError for work that the memory cannot hold
 */
export function estimateOf(
  opened: OpenedModel,
  passes: readonly Passes[],
  precision: Pick<Precision, 'weights' | 'head' | 'group' | 'products'> = FULL_PRECISION,
  holding?: Holding,
): WorkEstimate | undefined {
  const fed = passes.filter(({ rows, runs }) => rows > 0 && runs > 0);
  const works = fed.map(({ rows, runs, kind = 'stored', alone = false }) => {
    const { operations } = workOf(opened, { rows, runs, precision, holding });
    return { operations, kind, at: alone ? ('alone' as const) : ('together' as const) };
  });
  // Ways of computing over the same rows hold their results at once; one row is held at a time where they come alone.
  const held = together(fed).map(({ rows, runs, alone = false }) =>
    workOf(opened, { rows: alone ? 1 : rows, runs, precision, holding }),
  );
  // Node, this program, the words of the tokenizer and the text are there already.
  const bytes = Math.max(0, ...held.map((work) => work.bytes)) + process.memoryUsage.rss();
  refuseWork({ operations: 0, bytes }, opened.path);
  const total = works.reduce((sum, { operations }) => sum + operations, 0);
  if (total / SLOWEST < LONG_SECONDS && bytes < MUCH * machineMemory()) return undefined;
  const speeds = new Map<string, { name: string; speed: number }>();
  const speedOf = ({ kind, at }: (typeof works)[number]): number => {
    const name = `${KIND_NAMES[kind]}${at === 'alone' ? ' for one token' : ''}`;
    const known = speeds.get(name) ?? { name, speed: operationsPerSecond(kind, PROBES[at], precision) };
    speeds.set(name, known);
    return known.speed;
  };
  const seconds = works.reduce((sum, work) => sum + work.operations / speedOf(work), 0);
  if (seconds < LONG_SECONDS && bytes < MUCH * machineMemory()) return undefined;
  const words = together(fed).map(
    ({ rows, runs }) => `${runs} ${runs === 1 ? 'pass' : 'passes'} over ${rows.toLocaleString('en')} tokens`,
  );
  const products = [...speeds.values()].map(
    ({ name, speed }) => `${name} at ${(speed / 1e9).toPrecision(2)} GFLOP/s`,
  );
  const text = `estimate: ${duration(seconds)} (${words.join(', ')}; products ${products.join(', ')}), about ${gibibytes(bytes)} of memory`;
  return { seconds, bytes, text };
}

/** Passes of all kinds over the same rows as one entry: one way of computing goes behind the other. */
function together(passes: readonly Passes[]): Passes[] {
  const merged: Passes[] = [];
  for (const one of passes) {
    const last = merged.at(-1);
    if (last?.rows === one.rows && last.alone === one.alone && !last.apart && !one.apart)
      merged.splice(-1, 1, { ...last, runs: last.runs + one.runs });
    else merged.push(one);
  }
  return merged;
}
