/**
 * One token through the INT4 matrices of so many layers of Llama 2 7B, more than caches hold, beside reading as many bytes:
 * the memory's limit of a decoder. Ways alternate; medians.
 * usage: npm run bench:decode [-- layers rounds]
 */
import { setTimeout } from 'node:timers/promises';
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { KernelMemory } from '../src/kernel/memory.ts';
import { loadKernels, readKernel } from '../src/kernel/node.ts';
import { instantiate } from '../src/kernel/pool.ts';
import { EXACT_SUMS, type GemmArithmetic, NODE_ARITHMETIC } from '../src/vlp/gemm.ts';

const [HIDDEN, FFN, GROUP] = [4096, 11_008, 256];
/** Outputs × inputs of q, k, v, o, gate, up and down. */
const SHAPES: readonly (readonly [number, number])[] = [
  ...Array.from({ length: 4 }, () => [HIDDEN, HIDDEN] as const),
  [FFN, HIDDEN],
  [FFN, HIDDEN],
  [HIDDEN, FFN],
];

/** Something that reads so many bytes of its own. */
function reader(bytes: number, backend: 'relaxed' | 'plain'): () => void {
  const memory = new KernelMemory();
  const operations = instantiate(new WebAssembly.Module(readKernel(backend)), memory.memory);
  const area = memory.allocate(bytes);
  // Pages that nothing was written to are one page of zeros.
  new Uint8Array(memory.memory.buffer, area, bytes).fill(1);
  return () => void operations.peakRead(area, bytes);
}

interface Order {
  bytes: number;
  backend: 'relaxed' | 'plain';
  flags: SharedArrayBuffer;
}

if (!isMainThread) {
  const { bytes, backend, flags } = workerData as Order;
  const read = reader(bytes, backend);
  const turn = new Int32Array(flags);
  Atomics.store(turn, 2, 1);
  Atomics.notify(turn, 2);
  for (let round = 1; ; round++) {
    Atomics.wait(turn, 0, round - 1);
    read();
    Atomics.store(turn, 1, round);
    Atomics.notify(turn, 1);
  }
}

const [layers, rounds] = [8, 7].map((usual, i) => Number(process.argv[2 + i] ?? usual));
const [one, two] = [await loadKernels({ threads: 1 }), await loadKernels({ threads: 2 })];
const weights = (first: number, count: number, to: Float32Array): void => {
  for (let i = 0; i < to.length; i++) to[i] = ((first + count + i * 7919) % 101) / 101 - 0.5;
};
const packed = [one, two].map((kernels) =>
  Array.from({ length: layers }, () =>
    SHAPES.map(([outputs, inner]) => ({
      inner,
      matrix: kernels.quantizeInt4(weights, outputs, inner, GROUP),
    })),
  ).flat(),
);
const macs = layers * SHAPES.reduce((sum, [outputs, inner]) => sum + outputs * inner, 0);
const bytes = packed[0]!.reduce((sum, { matrix }) => sum + matrix.bytes, 0);
const x = new Float32Array(FFN).map((_, i) => Math.sin(i));
const token = (which: 0 | 1, arithmetic: GemmArithmetic) => () => {
  for (const { inner, matrix } of packed[which]!)
    [one, two][which]!.gemmInt4(x.subarray(0, inner), 1, matrix, arithmetic);
};

const backend = one.backend === 'relaxed' ? 'relaxed' : 'plain';
const half = (bytes >> 5) << 4;
const turn = new Int32Array(new SharedArrayBuffer(12));
const order: Order = { bytes: half, backend, flags: turn.buffer as SharedArrayBuffer };
void new Worker(new URL(import.meta.url), { workerData: order });
// Not to be waited for here: this thread helps it to start.
while (Atomics.load(turn, 2) === 0) await setTimeout(1);
const [readAll, readHalf] = [reader(2 * half, backend), reader(half, backend)];
let turns = 0;
const both = (): void => {
  Atomics.store(turn, 0, ++turns);
  Atomics.notify(turn, 0);
  readHalf();
  Atomics.wait(turn, 1, turns - 1);
};

const ways = {
  'reading, one thread': readAll,
  'reading, two threads': both,
  'the node’s sums, one thread': token(0, NODE_ARITHMETIC),
  'the node’s sums, two threads': token(1, NODE_ARITHMETIC),
  'exact sums, one thread': token(0, EXACT_SUMS),
  'exact sums, two threads': token(1, EXACT_SUMS),
};
const times = new Map(Object.keys(ways).map((name) => [name, [] as number[]]));
for (let round = 0; round <= rounds; round++) {
  for (const [name, run] of Object.entries(ways)) {
    const begun = performance.now();
    run();
    if (round > 0) times.get(name)!.push(performance.now() - begun);
  }
}
const median = (name: string): number => times.get(name)!.sort((a, b) => a - b)[rounds >> 1]!;
console.log(
  `${layers} layers, ${(bytes / 1e9).toFixed(2)} GB in INT4, ${backend} kernels, medians of ${rounds}`,
);
for (const name of Object.keys(ways)) {
  const ms = median(name);
  const limit = median(name.endsWith('one thread') ? 'reading, one thread' : 'reading, two threads');
  console.log(
    `${name.padEnd(30)} ${ms.toFixed(0).padStart(5)} ms  ${(bytes / ms / 1e6).toFixed(1).padStart(5)} GB/s  ${(macs / ms / 1e6).toFixed(1).padStart(5)} GMAC/s  ${(ms / limit).toFixed(2).padStart(5)} times reading`,
  );
}
process.exit(0);
