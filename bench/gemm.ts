/**
 * Speed of the GEMM kernels, side by side in one process: medians of interleaved runs, in billions of
 * multiply-accumulates per second, and as ratios. `npm run bench:gemm [-- --runs 15]`.
 */
import { parseArgs } from 'node:util';
import type { Backend, Kernels, PackedMatrix } from '../src/kernel/kernels.ts';
import { KernelMemory } from '../src/kernel/memory.ts';
import { loadKernels, readKernel } from '../src/kernel/node.ts';
import { instantiate } from '../src/kernel/pool.ts';
import { FP32_ACCUMULATION, type GemmArithmetic, NODE_ARITHMETIC } from '../src/vlp/gemm.ts';
import type { QuantizedMatrix } from '../src/vlp/quantize.ts';
import { onnxruntimePeer, SKIPPED } from './onnxruntime.ts';

const { values: options } = parseArgs({ options: { runs: { type: 'string', default: '11' } } });
const runs = Math.max(3, Number(options.runs) || 11);

interface Contender {
  name: string;
  macs: number;
  run: () => void | Promise<void>;
}

/** Median seconds of each contender; they take turns, so that a busy machine slows all of them alike. */
async function medians(contenders: readonly Contender[]): Promise<number[]> {
  const times = contenders.map((): number[] => []);
  for (let round = -1; round < runs; round++) {
    for (const [i, contender] of contenders.entries()) {
      const begun = performance.now();
      await contender.run();
      if (round >= 0) times[i].push((performance.now() - begun) / 1000);
    }
  }
  return times.map((list) => list.sort((a, b) => a - b)[list.length >> 1]);
}

async function table(title: string, contenders: readonly Contender[], base: number): Promise<number[]> {
  const seconds = await medians(contenders);
  const rates = seconds.map((time, i) => contenders[i].macs / time / 1e9);
  console.log(`\n${title}`);
  for (const [i, { name }] of contenders.entries()) {
    const ratio = (rates[i] / rates[base]).toFixed(2);
    console.log(`  ${name.padEnd(44)} ${rates[i].toFixed(2).padStart(7)} GMAC/s  ${ratio.padStart(6)}×`);
  }
  return rates;
}

function weights(
  outputs: number,
  inner: number,
  axis: 'inner' | 'outer',
  groupSize: number,
): QuantizedMatrix {
  const values = Int8Array.from({ length: outputs * inner }, (_, i) => ((i * 7919) % 15) - 7);
  const count = axis === 'inner' ? (outputs * inner) / groupSize : (outputs / groupSize) * inner;
  return { outputs, inner, values, scales: new Uint16Array(count).fill(0x3c23), axis, groupSize, clipped: 0 };
}

const ARITHMETICS: readonly [string, GemmArithmetic][] = [
  ['exact products, FP32 sums', { ...FP32_ACCUMULATION, product: 'exact' }],
  ['BF16 products, FP32 sums', FP32_ACCUMULATION],
  ['BF16 products, BF16 sums (default)', NODE_ARITHMETIC],
  ['exact products, BF16 sums', { ...NODE_ARITHMETIC, product: 'exact' }],
  ['default, subnormals flushed', { ...NODE_ARITHMETIC, subnormals: 'flush' }],
];

async function load(backend: Backend | undefined, threads: number): Promise<Kernels> {
  return loadKernels(backend === undefined ? { threads } : { backend, threads });
}

const kernels = await load(undefined, 1);
const plain = await load('plain', 1);
const pair = await load(undefined, 2);
console.log(`node ${process.versions.node}, ${kernels.backend} kernels, ${runs} interleaved runs, medians`);

const memory = new KernelMemory();
const build = kernels.backend === 'relaxed' ? 'relaxed' : 'plain';
const operations = instantiate(new WebAssembly.Module(readKernel(build)), memory.memory);
const megabytes = 64;
const area = memory.allocate(megabytes << 20);
const limit = await table(
  'limits of one thread in this engine (128-bit vectors; a read of 4 bytes counts as one)',
  [
    ['fused multiply-add', () => void operations.peakArithmetic(1, 1e6, 0.5)] as const,
    ['multiply, then add', () => void operations.peakArithmetic(0, 1e6, 0.5)] as const,
    ['add, then round to BF16', () => void operations.peakArithmetic(2, 1e6, 0.5)] as const,
    [`reading ${megabytes} MiB`, () => void operations.peakRead(area, megabytes << 20)] as const,
  ].map(([name, run], i) => ({ name, run, macs: i === 3 ? megabytes * 2 ** 18 : 48e6 })),
  0,
);

const SHAPES = [
  ['weights, one token', 1, 4096, 4096, 'inner', 128],
  ['weights, batch 8', 8, 4096, 4096, 'inner', 128],
  ['weights, 128 tokens', 128, 1024, 4096, 'inner', 128],
  ['keys, 8 query heads, 4096 tokens', 8, 4096, 128, 'outer', 128],
  ['values, 8 query heads, 4096 tokens', 8, 128, 4096, 'outer', 128],
] as const;

for (const [what, rows, outputs, inner, axis, group] of SHAPES) {
  const matrix = weights(outputs, inner, axis, group);
  const macs = rows * outputs * inner;
  const x = Uint16Array.from({ length: rows * inner }, (_, i) => 0x3f00 + ((i * 31) & 255));
  const y = new Float32Array(rows * outputs);
  const packed = [kernels, plain, pair].map((each): [Kernels, PackedMatrix] => [each, each.packInt4(matrix)]);
  const on = (index: number, arithmetic: GemmArithmetic) => {
    const [each, operand] = packed[index];
    return () => void each.gemmInt4(x, rows, operand, arithmetic, y);
  };
  const contenders: Contender[] = ARITHMETICS.map(([name, a]) => ({ name, macs, run: on(0, a) }));
  for (const [name, a] of ARITHMETICS.slice(0, 3)) {
    contenders.push({ name: `${name}, plain build`, macs, run: on(1, a) });
    contenders.push({ name: `${name}, two threads`, macs, run: on(2, a) });
  }
  const peer = axis === 'inner' ? await onnxruntimePeer(rows, inner, outputs, group) : undefined;
  if (peer) contenders.push({ name: 'onnxruntime MatMulNBits, FP32 compute', macs, run: () => peer.run() });
  const rates = await table(`BF16 × INT4, ${what}: ${rows} × ${inner} × ${outputs}`, contenders, 0);
  console.log(`  share of the fused limit: ${((100 * rates[0]) / limit[0]).toFixed(0)} %`);
  if (!peer && axis === 'inner') {
    console.log(`  ${SKIPPED}`);
  }
  await peer?.close();
  for (const [, operand] of packed) operand.dispose();
}

for (const rows of [1, 2, 4, 6, 8, 128]) {
  const [outputs, inner] = rows === 128 ? [1024, 4096] : [4096, 4096];
  const dense = Float32Array.from({ length: outputs * inner }, (_, i) => ((i * 7919) % 101) / 101 - 0.5);
  const words = Uint16Array.from(new Uint32Array(dense.buffer), (word) => word >>> 16);
  const x = new Float32Array(rows * inner).fill(0.5);
  const y = new Float32Array(rows * outputs);
  const macs = rows * outputs * inner;
  const f32 = kernels.packF32(dense, outputs, inner);
  const bf16 = kernels.packBf16(words, outputs, inner);
  const shared = pair.packF32(dense, outputs, inner);
  await table(
    `FP32 × FP32, ${rows} × ${inner} × ${outputs}`,
    [
      { name: 'FP32 weights', macs, run: () => void kernels.gemm(x, rows, f32, y) },
      { name: 'BF16 weights', macs, run: () => void kernels.gemm(x, rows, bf16, y) },
      { name: 'FP32 weights, two threads', macs, run: () => void pair.gemm(x, rows, shared, y) },
    ],
    0,
  );
  for (const operand of [f32, bf16, shared]) operand.dispose();
}
kernels.dispose();
plain.dispose();
pair.dispose();
