import { MugiError } from '../errors.ts';

/**
 * Threads over one shared memory. A job is a range of panels (32 output columns each) that threads claim in
 * chunks from one counter; each column is computed by one thread from start to end, so results do not depend on
 * how many threads there are or who was faster.
 */

/** An exported kernel. Those that jobs run take (first panel, end panel, the own scratch of the thread, …arguments). */
export type Operation = (...parameters: number[]) => number | undefined;

/** What the compiled kernels export; threads name an operation by its place here. */
const OPERATION_NAMES = [
  'combine',
  'elementAnswers',
  'elementPatterns',
  'exactActivation',
  'exactSoftmax',
  'expandPanel',
  'gemmFloat',
  'gemmInt4',
  'gemmInt4Lanes',
  'gemmInt4Outer',
  'gemmInt4Vector',
  'lanesScratch',
  'normalise',
  'packActivations',
  'packFloat',
  'packFloats',
  'packQ4',
  'packQ8',
  'packWords',
  'panelMaxima',
  'peakArithmetic',
  'peakRead',
  'placeLanes',
  'quantizePanel',
  'rotate',
  'softmaxLookUp',
  'softmaxPatterns',
  'softmaxRegions',
  'softmaxScale',
  'softmaxSum',
  'softmaxWindows',
] as const;
export type OperationName = (typeof OPERATION_NAMES)[number];
export type Operations = Readonly<Record<OperationName, Operation>>;

export interface Job {
  operation: OperationName;
  /** Panels [first, end). */
  first: number;
  end: number;
  /** Panels claimed at a time. */
  chunk: number;
  scratch: number;
  /** Bytes of scratch per thread. */
  scratchStride: number;
  arguments: readonly number[];
}

/** What a worker needs to join. */
export interface Membership {
  module: WebAssembly.Module;
  memory: WebAssembly.Memory;
  control: Int32Array;
  /** 0 is the calling thread. */
  index: number;
}

// Places in the control words, shared by all threads.
const GENERATION = 0;
const FINISHED = 1;
const FAILED = 2;
const NEXT = 3;
const OPERATION = 4;
const END = 5;
const CHUNK = 6;
const SCRATCH = 7;
const SCRATCH_STRIDE = 8;
const COUNT = 9;
const ARGUMENTS = 10;
const MAXIMUM_ARGUMENTS = 32;
/** A generation that ends the workers. */
const CLOSED = -1;

/** Shared memory by way of WebAssembly, since a page without isolation headers has no SharedArrayBuffer to construct. */
export const createControl = (): Int32Array =>
  new Int32Array(
    new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }).buffer,
    0,
    ARGUMENTS + MAXIMUM_ARGUMENTS,
  );

const abort = (): never => {
  throw new Error('kernel aborted');
};

/** Compiled kernels that do not belong to the sources, mostly because they are older. */
export const notOfSources = (why: string, file = ''): MugiError =>
  new MugiError({
    code: 'invalid-file',
    message: `the compiled kernels ${why}`,
    path: `src/kernel/build${file}`,
    expected: 'what "npm run build:kernels" makes',
  });

/** @throws MugiError when the compiled kernels lack an operation, or import other things: they are older than the sources */
export function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory): Operations {
  const exports = exportsOf(module, memory);
  const operations = OPERATION_NAMES.map((name) => {
    if (typeof exports[name] === 'function') return [name, exports[name]];
    throw notOfSources(`have no "${name}": they are older than the sources`);
  });
  return Object.fromEntries(operations) as Operations;
}

function exportsOf(module: WebAssembly.Module, memory: WebAssembly.Memory): WebAssembly.Exports {
  try {
    return new WebAssembly.Instance(module, { env: { memory, abort } }).exports;
  } catch (error) {
    if (!(error instanceof WebAssembly.LinkError)) throw error;
    throw notOfSources(`do not fit the sources (${error.message})`);
  }
}

function claimPanels(control: Int32Array, operations: Operations, index: number): void {
  const operation = operations[OPERATION_NAMES[control[OPERATION]]!];
  const rest = Array.from(control.subarray(ARGUMENTS, ARGUMENTS + control[COUNT]));
  const scratch = (control[SCRATCH] >>> 0) + index * control[SCRATCH_STRIDE];
  const last = control[END];
  const chunk = control[CHUNK];
  for (;;) {
    const begin = Atomics.add(control, NEXT, chunk);
    if (begin >= last) return;
    operation(begin, Math.min(begin + chunk, last), scratch, ...rest);
  }
}

/** Runs a job on the calling thread and `workers` others; returns when all of it is done. */
export function runJob(control: Int32Array, operations: Operations, workers: number, job: Job): void {
  if (workers === 0) {
    operations[job.operation](job.first, job.end, job.scratch, ...job.arguments);
    return;
  }
  control[OPERATION] = OPERATION_NAMES.indexOf(job.operation);
  control[END] = job.end;
  control[CHUNK] = job.chunk;
  control[SCRATCH] = job.scratch;
  control[SCRATCH_STRIDE] = job.scratchStride;
  control[COUNT] = job.arguments.length;
  control.set(job.arguments, ARGUMENTS);
  Atomics.store(control, NEXT, job.first);
  Atomics.store(control, FINISHED, 0);
  Atomics.store(control, FAILED, 0);
  Atomics.add(control, GENERATION, 1);
  Atomics.notify(control, GENERATION);
  claimPanels(control, operations, 0);
  waitForAll(control, workers);
  if (Atomics.load(control, FAILED) !== 0) throw new Error('a kernel thread failed');
}

function waitForAll(control: Int32Array, workers: number): void {
  for (let spin = 0; ; spin++) {
    const finished = Atomics.load(control, FINISHED);
    if (finished === workers) return;
    if (spin < 1000) continue;
    try {
      Atomics.wait(control, FINISHED, finished);
    } catch {
      // A browser's main thread may not sleep; it spins, and long work belongs into a worker there.
    }
  }
}

/** The life of a worker: sleep, claim panels, report, until the pool is closed. */
export function serve(member: Membership, ready: () => void): void {
  const { control, index } = member;
  const operations = instantiate(member.module, member.memory);
  let seen = Atomics.load(control, GENERATION);
  ready();
  // A pool may be closed before all its workers have begun.
  while (seen !== CLOSED) {
    Atomics.wait(control, GENERATION, seen);
    const generation = Atomics.load(control, GENERATION);
    if (generation === CLOSED) return;
    if (generation === seen) continue;
    seen = generation;
    try {
      claimPanels(control, operations, index);
    } catch {
      Atomics.store(control, FAILED, 1);
    }
    Atomics.add(control, FINISHED, 1);
    Atomics.notify(control, FINISHED);
  }
}

export function closePool(control: Int32Array): void {
  Atomics.store(control, GENERATION, CLOSED);
  Atomics.notify(control, GENERATION);
}
