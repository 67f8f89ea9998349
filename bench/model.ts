/**
 * Tokens per second of a real model: exact FP32 against VLP with INT4 weights and INT4 keys and values, prefill and
 * decode; what the matrices of a prefill would take at the engine's limit; load time against reading the file twice; peak
 * memory. With MUGI_ONNXRUNTIME set, onnxruntime runs the same
 * weights in FP32 beside them. All figures come from one run on one thread; passes are timed by the processor time of the
 * process, rounds alternate, so that a busy machine slows all alike, and a ratio is taken within each round. `npm run bench:model [-- MODEL [ROUNDS]]`.
 */
import { readFileSync } from 'node:fs';
import { arithmeticFor, FULL_PRECISION, precisionOf } from '../src/accuracy/score/precision.ts';
import { DEFAULT_SETTINGS, methodUnit } from '../src/accuracy/study/methods.ts';
import { exactNonlinear } from '../src/model/layer/nonlinear.ts';
import type { Arithmetic } from '../src/model/arithmetic.ts';
import { EXACT_SUMS } from '../src/vlp/gemm.ts';
import { REPAIRED_ARITHMETIC } from '../src/vlp/arithmetic.ts';
import { KvCache } from '../src/model/layer/kv-cache.ts';
import { DEFAULT_MODEL } from '../src/model/embedded.ts';
import { KernelMemory } from '../src/kernel/memory.ts';
import { readKernel } from '../src/kernel/node.ts';
import { instantiate } from '../src/kernel/pool.ts';
import { openModel } from '../src/model/load.ts';
import { OnnxLlama } from './onnx-llama.ts';
import { type Library, onnxruntime, SKIPPED } from './onnxruntime.ts';

/** Alternating rounds, unless told. */
const ROUNDS = Number(process.argv[3] ?? 9);
/** Sequences of a prefill, and decodings that are timed as one: processor time is counted in coarse steps. */
const BATCH = 4;
const DECODINGS = 4;
/** Turns of the loop that shows the engine's limit, of 48 multiply-accumulates. */
const PEAK_TURNS = 1e7;

const megabytes = (bytes: number) => (bytes / 2 ** 20).toFixed(0);
const peakMemory = () => process.resourceUsage().maxRSS * 1024;

const peak = instantiate(new WebAssembly.Module(readKernel('plain')), new KernelMemory().memory);
const name = process.argv[2] ?? DEFAULT_MODEL;
const opened = await openModel(name);
const idle = process.memoryUsage().rss;
const model = opened.load();
const { config } = model;
const length = Math.min(config.context, 256);
const half = length >> 1;
const prompt = Int32Array.from({ length }, (_, i) => (i * 7919 + 11) % model.outputs);
const prompts = Int32Array.from({ length: BATCH * length }, (_, i) => prompt[i % length]);

/** One way to run the model: seconds of processor time of a prefill of `prompts`, and of decoding the second half of `prompt`. */
interface Way {
  name: string;
  prefill(): Promise<number>;
  decode(): Promise<number>;
}

const seconds = (since: number) => (performance.now() - since) / 1000;

/** Seconds of processor time of all threads so far. */
function worked(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function own(label: string, arithmetic: Arithmetic): Way {
  const pass = (ids: Int32Array, sequences: { rows: number; cache?: KvCache }[], logits: number) => {
    const hidden = model.forward({ kind: 'tokens', ids, sequences }, arithmetic);
    model.logits(hidden, ids.length - logits, ids.length, arithmetic);
  };
  return {
    name: label,
    async prefill() {
      const begun = worked();
      pass(
        prompts,
        Array.from({ length: BATCH }, () => ({ rows: length })),
        prompts.length,
      );
      return worked() - begun;
    },
    async decode() {
      const caches = Array.from({ length: DECODINGS }, () => new KvCache(config));
      for (const cache of caches) pass(prompt.subarray(0, half), [{ rows: half, cache }], 1);
      const begun = worked();
      for (const cache of caches)
        for (let i = half; i < length; i++) pass(prompt.subarray(i, i + 1), [{ rows: 1, cache }], 1);
      return (worked() - begun) / DECODINGS;
    },
  };
}

async function peer(library: Library): Promise<Way | undefined> {
  if (config.family !== 'decoder' || config.modelType !== 'llama') return undefined;
  const llama = await OnnxLlama.create(library, config, opened, model);
  return {
    name: 'onnxruntime, FP32',
    async prefill() {
      const begun = worked();
      await llama.run(prompts, BATCH);
      return worked() - begun;
    },
    async decode() {
      let past = await llama.run(prompt.subarray(0, half), 1);
      const begun = worked();
      for (let i = half; i < length; i++) past = await llama.run(prompt.subarray(i, i + 1), 1, past);
      return worked() - begun;
    },
  };
}

const vlpUnit = (rowSum = REPAIRED_ARITHMETIC.softmax.sum) =>
  methodUnit('vlp', config, { ...DEFAULT_SETTINGS, rowSum }).unit;
const int4 = precisionOf(REPAIRED_ARITHMETIC);
const exactSums = { ...int4, products: EXACT_SUMS };
const ways = [
  own('exact, FP32', arithmeticFor(FULL_PRECISION, exactNonlinear)),
  own('VLP + W4 + KV4', arithmeticFor(int4, vlpUnit())),
  own('the same, exact sums', arithmeticFor(exactSums, vlpUnit('fp32'))),
  own('W4 + KV4 alone', arithmeticFor(int4, exactNonlinear)),
  own('VLP alone', arithmeticFor(FULL_PRECISION, vlpUnit())),
];

await ways[0].prefill();
const exactPeak = peakMemory();
for (const way of ways) {
  await way.prefill();
  await way.decode();
}
const ownPeak = peakMemory();
// Keys and values of the sequences, in FP32.
const kv = 2 * 4 * config.layers * config.kvHeads * config.headDim * prompts.length;

const library = onnxruntime();
const other = library && (await peer(library));
if (other) {
  ways.push(other);
  await other.prefill();
  await other.decode();
}

const times = ways.map(() => ({ prefill: [] as number[], decode: [] as number[] }));
for (let round = 0; round < ROUNDS; round++) {
  for (const [i, way] of ways.entries()) {
    times[i].prefill.push(await way.prefill());
    times[i].decode.push(await way.decode());
  }
}

const sorted = (values: number[]) => values.toSorted((a, b) => a - b);
const median = (values: number[]) => sorted(values)[values.length >> 1];
/** Median of the ratios within rounds, and between which two values half of them lie. */
function ratio(of: number[], to: number[]): string {
  const all = sorted(of.map((value, round) => value / to[round]));
  const quarter = Math.floor(all.length / 4);
  return `${median(all).toFixed(2)} (${all[quarter].toFixed(2)} to ${all.at(-1 - quarter)!.toFixed(2)})`;
}

console.log(
  `${opened.name}, ${length} tokens of context, node ${process.versions.node}, one thread, ${ROUNDS} alternating rounds, processor time; × exact's time: median (middle half)`,
);
for (const kind of ['prefill', 'decode'] as const) {
  const tokens = kind === 'prefill' ? prompts.length : length - half;
  for (const [i, way] of ways.entries()) {
    const speed = (tokens / median(times[i][kind])).toFixed(0).padStart(6);
    console.log(
      `${kind.padEnd(8)} ${way.name.padEnd(20)} ${speed} tokens/s  ${ratio(times[i][kind], times[0][kind])} ×`,
    );
  }
}

const rates = Array.from({ length: ROUNDS }, () => {
  const begun = worked();
  peak.peakArithmetic(0, PEAK_TURNS, 1);
  return (48 * PEAK_TURNS) / (worked() - begun);
});
const matrices =
  prompts.length *
  [...model.linears.values()].reduce(
    (sum, { weight }) => sum + weight.outputs * weight.inputs,
    model.outputs * config.hidden,
  );
const limit = matrices / median(rates);
const beside = ways.map(({ name }, i) => `${(limit / median(times[i].prefill)).toFixed(2)} of ${name}`);
console.log(
  `${(matrices / 1e9).toFixed(2)} billion multiply-accumulates with the matrices of a prefill; at the engine's limit, ${(median(rates) / 1e9).toFixed(1)} billion a second (a product, then a sum), they take ${(1000 * limit).toFixed(0)} ms: ${beside[0]}${other ? `, ${beside.at(-1)}` : ''}`,
);

const files = [...new Set([...opened.checkpoint.tensors.values()].map(({ file }) => file))];
const loads: number[] = [];
const reads: number[] = [];
for (let round = 0; round < ROUNDS; round++) {
  let begun = performance.now();
  for (const file of [...files, ...files]) readFileSync(file);
  reads.push(seconds(begun));
  begun = performance.now();
  opened.load();
  loads.push(seconds(begun));
  // Lets the last round's weights go, as they would between two runs.
  await new Promise((done) => setTimeout(done, 20));
}
console.log(
  `load ${(1000 * median(loads)).toFixed(1)} ms, reading the files twice ${(1000 * median(reads)).toFixed(1)} ms: ${ratio(loads, reads)} ×`,
);
console.log(
  `peak memory: ${megabytes(exactPeak)} MiB exact, ${megabytes(ownPeak)} MiB with all ways, of which ${megabytes(idle)} before loading; weights ${megabytes(model.weightBytes())} MiB, keys and values ${megabytes(kv)} MiB`,
);
if (!library) console.log(SKIPPED);
else if (!other) console.log(`onnxruntime: SKIPPED, no ONNX graph for ${config.family}`);
