/**
 * Tokens per second of a real model: exact FP32 against VLP with INT4 weights and INT4 KV, prefill and decode; load
 * time against reading the file twice; memory. All ratios come from one run; rounds of the two alternate.
 */
import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arithmeticFor, FULL_PRECISION } from '../src/accuracy/measure.ts';
import { DEFAULT_SETTINGS, exactUnit, methodUnit } from '../src/accuracy/methods.ts';
import { KvCache } from '../src/model/kv-cache.ts';
import { DEFAULT_MODEL, openModel } from '../src/model/load.ts';

const ROUNDS = 5;
const name = process.argv[2] ?? DEFAULT_MODEL;
const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!;

const opened = await openModel(name);
const file = [...opened.checkpoint.tensors.values()][0]!.file;
const before = process.memoryUsage().rss;
const loads: number[] = [];
const reads: number[] = [];
let model = opened.load();
for (let i = 0; i < ROUNDS; i++) {
  let t = performance.now();
  readFileSync(file);
  readFileSync(file);
  reads.push(performance.now() - t);
  t = performance.now();
  model = opened.load();
  loads.push(performance.now() - t);
}

const { config } = model;
const length = Math.min(config.context, 256);
const ids = Int32Array.from({ length }, (_, i) => (i * 7919 + 11) % model.outputs);
const ways = {
  exact: arithmeticFor(FULL_PRECISION, exactUnit),
  'VLP + W4 + KV4': arithmeticFor(
    { activations: 'bf16', weights: 'int4', kv: 'int4', group: 128 },
    methodUnit('vlp', config, DEFAULT_SETTINGS).unit,
  ),
  'VLP alone': arithmeticFor(FULL_PRECISION, methodUnit('vlp', config, DEFAULT_SETTINGS).unit),
};

const prefill = (way: keyof typeof ways): number => {
  const t = performance.now();
  const batches = 4;
  const all = new Int32Array(batches * length);
  for (let b = 0; b < batches; b++) all.set(ids, b * length);
  const sequences = Array.from({ length: batches }, () => ({ rows: length }));
  const hidden = model.forward({ kind: 'tokens', ids: all, sequences }, ways[way]);
  model.logits(hidden, 0, batches * length);
  return (1000 * batches * length) / (performance.now() - t);
};

const decode = (way: keyof typeof ways): number => {
  const cache = new KvCache(config);
  const half = length >> 1;
  model.forward(
    { kind: 'tokens', ids: ids.subarray(0, half), sequences: [{ rows: half, cache }] },
    ways[way],
  );
  const t = performance.now();
  for (let i = half; i < length; i++) {
    const hidden = model.forward(
      { kind: 'tokens', ids: ids.subarray(i, i + 1), sequences: [{ rows: 1, cache }] },
      ways[way],
    );
    model.logits(hidden, 0, 1);
  }
  return (1000 * (length - half)) / (performance.now() - t);
};

const names = Object.keys(ways) as (keyof typeof ways)[];
for (const way of names) {
  prefill(way);
  decode(way);
}
const speeds = names.map(() => ({ prefill: [] as number[], decode: [] as number[] }));
for (let round = 0; round < ROUNDS; round++) {
  for (const [i, way] of names.entries()) {
    speeds[i]!.prefill.push(prefill(way));
    speeds[i]!.decode.push(decode(way));
  }
}
console.log(
  `${opened.name}, ${length} tokens of context, medians of ${ROUNDS} alternating rounds, one thread`,
);
for (const [i, way] of names.entries()) {
  const p = median(speeds[i]!.prefill);
  const d = median(speeds[i]!.decode);
  const cost = (kind: 'prefill' | 'decode', own: number) => (median(speeds[0]![kind]) / own).toFixed(2);
  console.log(
    `${way.padEnd(16)} prefill ${p.toFixed(0)} tokens/s (${cost('prefill', p)} × exact's time), decode ${d.toFixed(0)} tokens/s (${cost('decode', d)} ×)`,
  );
}
console.log(
  `load ${median(loads).toFixed(1)} ms, reading the file twice ${median(reads).toFixed(1)} ms: ratio ${(median(loads) / median(reads)).toFixed(2)}`,
);
const used = process.memoryUsage().rss;
console.log(
  `memory: ${(used / 2 ** 20).toFixed(0)} MiB in all, ${((used - before) / 2 ** 20).toFixed(0)} MiB over the start; weights ${(model.weightBytes() / 2 ** 20).toFixed(1)} MiB, file ${(statSync(file).size / 2 ** 20).toFixed(1)} MiB`,
);
try {
  createRequire(import.meta.url).resolve('onnxruntime-node');
  console.log(
    'onnxruntime-node is installed; a comparison needs the model exported to ONNX, which this repository does not do: skipped',
  );
} catch {
  console.log('onnxruntime: SKIPPED, onnxruntime-node is not installed');
}
