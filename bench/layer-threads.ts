// Prefill of one layer of Llama 2 7B in BF16, its seven products, on one thread and on two, turn by turn in one run.
// usage: node bench/layer-threads.ts [rows] [rounds]
import { loadKernels } from '../src/kernel/node.ts';
import type { Kernels, PackedMatrix } from '../src/kernel/kernels.ts';

const [rows, rounds] = [Number(process.argv[2] ?? 128), Number(process.argv[3] ?? 3)];
const [HIDDEN, FFN] = [4096, 11_008];
/** Outputs × inputs of q, k, v, o, gate, up and down. */
const SHAPES: readonly (readonly [number, number])[] = [
  ...Array.from({ length: 4 }, () => [HIDDEN, HIDDEN] as const),
  [FFN, HIDDEN],
  [FFN, HIDDEN],
  [HIDDEN, FFN],
];
const macs = SHAPES.reduce((sum, [outputs, inputs]) => sum + rows * outputs * inputs, 0);

interface Layer {
  threads: number;
  kernels: Kernels;
  matrices: PackedMatrix[];
  best: number;
}

async function layer(threads: number): Promise<Layer> {
  const kernels = await loadKernels({ threads });
  const matrices = SHAPES.map(([outputs, inputs]) =>
    kernels.packBf16(
      (first, _count, to) => {
        for (let i = 0; i < to.length; i++) to[i] = 0x3c00 + ((first + 31 * i) % 97);
      },
      outputs,
      inputs,
    ),
  );
  return { threads, kernels, matrices, best: Infinity };
}

const layers = [await layer(1), await layer(2)];
const x = new Float32Array(rows * FFN).map((_, i) => Math.sin(i));
const results = new Map<number, Float32Array>();
for (let round = 0; round < rounds; round++) {
  for (const one of layers) {
    const begun = performance.now();
    for (const [i, matrix] of one.matrices.entries()) {
      const y = one.kernels.gemm(x.subarray(0, rows * SHAPES[i][1]), rows, matrix);
      if (i === 0) results.set(one.threads, y.slice(0, HIDDEN));
    }
    one.best = Math.min(one.best, performance.now() - begun);
  }
}
const [single, pair] = layers;
const same = results.get(1)!.every((value, i) => value === results.get(2)![i]);
for (const { threads, best } of layers)
  console.log(
    `${threads} thread${threads === 1 ? ' ' : 's'}  ${best.toFixed(0)} ms  ${((2 * macs) / best / 1e6).toFixed(1)} GFLOP/s`,
  );
console.log(
  `${rows} rows: ${(single.best / pair.best).toFixed(2)} times one thread, ${same ? 'the same bits' : 'OTHER BITS'}`,
);
process.exit(same ? 0 : 1);
