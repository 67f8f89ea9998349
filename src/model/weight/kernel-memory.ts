import { availableParallelism } from 'node:os';
import { isMainThread } from 'node:worker_threads';
import type { Kernels, PackedMatrix } from '../../kernel/kernels.ts';
import { kernelsOfThisThread, loadKernels } from '../../kernel/node.ts';
import { wholeNumber } from '../../errors.ts';

/** Bytes of an instance's memory that matrices may fill. WebAssembly allows 4 GiB; operands need the rest. */
export const CAPACITY = 3 * 2 ** 30;

/** One instance of the kernels, with the bytes of its memory that matrices occupy. */
interface KernelMemory {
  kernels: Kernels;
  used: number;
}

/** The instances of this process. One is enough until a model's weights fill it. */
const memories: KernelMemory[] = [];

/** The kernels of this process, for work that is not bound to a matrix. */
export function sharedKernels(): Kernels {
  return memoryWithRoom(0).kernels;
}

/** How many threads share products: a number, or as many as there are cores, as far as a model has work for them. */
export type Threads = number | 'cores';

/**
 * Makes room for `bytes` of matrices whose products are shared by several threads: as many as are asked for, else as the
 * environment variable MUGI_THREADS says, else one. Results do not depend on their number: each column is computed by one thread.
 * @throws MugiError for a number that is none
 */
export async function prepareThreads(bytes: number, wanted?: Threads): Promise<void> {
  const threads =
    typeof wanted === 'number'
      ? wholeNumber('threads', wanted, 1, MOST_THREADS)
      : (fromEnvironment() ?? (wanted === 'cores' ? coresFor(bytes) : 1));
  if (threads === 1) return;
  const room = () =>
    memories
      .filter(({ kernels }) => kernels.threads === threads)
      .reduce((sum, { used }) => sum + CAPACITY - used, 0);
  // Before those of one thread, so that they are filled first.
  while (room() < bytes) memories.unshift({ kernels: await loadKernels({ threads }), used: 0 });
}

const MOST_THREADS = 64;
/** Bytes of weights up to which products are too short for many threads to share, and how many then do. */
export const SMALL = 64 * 2 ** 20;
export const FEW_THREADS = 4;

/** A thread that itself shares the machine with others takes no more of it. */
const coresFor = (bytes: number): number =>
  isMainThread ? Math.min(availableParallelism(), bytes < SMALL ? FEW_THREADS : MOST_THREADS) : 1;

function fromEnvironment(): number | undefined {
  const asked = process.env.MUGI_THREADS;
  return asked === undefined || asked === ''
    ? undefined
    : wholeNumber('MUGI_THREADS', Number(asked), 1, MOST_THREADS);
}

function memoryWithRoom(bytes: number): KernelMemory {
  const found = memories.find(({ used }) => used + bytes <= CAPACITY);
  if (found) return found;
  const memory = { kernels: kernelsOfThisThread(), used: 0 };
  memories.push(memory);
  return memory;
}

/** Runs something whose matrices are all made by these kernels: what it loads, quantises and caches. */
export function onKernels<T>(kernels: Kernels, run: () => T): T {
  const memory = { kernels, used: 0 };
  memories.unshift(memory);
  try {
    return run();
  } finally {
    memories.splice(memories.indexOf(memory), 1);
  }
}

/** A matrix in kernel memory. Its memory is freed by `free`, or when the allocation is garbage-collected. */
export interface Allocation {
  readonly kernels: Kernels;
  readonly matrix: PackedMatrix;
}

const collected = new FinalizationRegistry((held: { memory: KernelMemory; matrix: PackedMatrix }) => {
  held.memory.used -= held.matrix.bytes;
  held.matrix.dispose();
});
const memoryOf = new WeakMap<Allocation, KernelMemory>();

/**
 * Makes a matrix in kernel memory.
 * @param bytes approximate size, by which an instance with room is chosen
 */
export function allocate(bytes: number, make: (kernels: Kernels) => PackedMatrix): Allocation {
  const memory = memoryWithRoom(bytes);
  const matrix = make(memory.kernels);
  memory.used += matrix.bytes;
  const allocation = { kernels: memory.kernels, matrix };
  memoryOf.set(allocation, memory);
  collected.register(allocation, { memory, matrix }, allocation);
  return allocation;
}

/** Replaces a matrix by one that is made from it, in the same instance, and frees it. */
export function replace(allocation: Allocation, make: (old: Allocation) => PackedMatrix): Allocation {
  const memory = memoryOf.get(allocation)!;
  const matrix = make(allocation);
  memory.used += matrix.bytes;
  free(allocation);
  const made = { kernels: memory.kernels, matrix };
  memoryOf.set(made, memory);
  collected.register(made, { memory, matrix }, made);
  return made;
}

/** Frees a matrix's memory at once. */
export function free(allocation: Allocation): void {
  collected.unregister(allocation);
  memoryOf.get(allocation)!.used -= allocation.matrix.bytes;
  allocation.matrix.dispose();
}
