/**
 * Softmax by VLP beside exact softmax, in plain TypeScript and on the kernels, on rows as attention has them, and activations
 * likewise; interleaved runs, medians.
 * Run: npm run bench:softmax
 */
import { approximationNamed } from '../src/approximation/index.ts';
import { gaussian, random } from '../src/number/random.ts';
import { loadKernels } from '../src/kernel/node.ts';
import { VECTOR_DEFINITION, type VectorKernels } from '../src/kernel/vector.ts';
import { textTable } from '../src/present/table.ts';
import type { VlpOptions } from '../src/vlp/mode.ts';
import type { SoftmaxCall } from '../src/vlp/softmax-call.ts';
import { vlp } from '../src/vlp/vlp.ts';

const RUNS = 15;
const WIDE: VlpOptions = { window: { lo: -8, hi: 3 } };

/** Rows of exact softmax, as anyone would write it: the yardstick. */
function exact({ scores, out, rows, cols, lengths }: SoftmaxCall): void {
  for (let r = 0; r < rows; r++) {
    const begin = r * cols;
    const end = begin + (lengths === undefined ? cols : lengths[r]);
    let max = -Infinity;
    for (let i = begin; i < end; i++) if (scores[i] > max) max = scores[i];
    let sum = 0;
    for (let i = begin; i < end; i++) {
      const y = Math.exp(scores[i] - max);
      out[i] = y;
      sum += y;
    }
    const scale = 1 / sum;
    for (let i = begin; i < end; i++) out[i] = out[i] * scale;
    out.fill(0, end, begin + cols);
  }
}

const kernels = await loadKernels();
const taylor = approximationNamed('taylor').softmax();
const contenders: [string, (call: SoftmaxCall) => void][] = [
  ['exact, plain TypeScript', exact],
  [
    'exact, kernels',
    ({ scores, out, rows, cols, lengths = new Int32Array(rows).fill(cols) }) => {
      out.set(scores);
      kernels.vector.softmax(out, rows, cols, lengths);
    },
  ],
  ['VLP, kernels', kernels.softmax()],
  ['VLP, definition in TypeScript', vlp.softmax().apply],
  ['VLP, 12 exponents, kernels', kernels.softmax(WIDE)],
  ['VLP, 12 exponents, definition', vlp.softmax(WIDE).apply],
  [
    'Taylor as published, from a table',
    ({ scores, out, rows, cols }) => taylor.apply(scores, out, rows, cols),
  ],
];

/** Median milliseconds of each, which take turns. */
function medians(runs: readonly (() => void)[]): number[] {
  const times = runs.map((): number[] => []);
  for (let round = -3; round < RUNS; round++) {
    for (const [i, run] of runs.entries()) {
      const begun = performance.now();
      run();
      if (round >= 0) times[i].push(performance.now() - begun);
    }
  }
  return times.map((values) => values.toSorted((a, b) => a - b)[values.length >> 1]);
}

console.log(`node ${process.versions.node}, ${kernels.backend} kernels, ${RUNS} interleaved runs, medians\n`);
for (const [rows, cols, causal] of [
  [256, 4096, false],
  [1024, 512, false],
  [1024, 512, true],
  [8, 4096, false],
] as const) {
  const scores = Float32Array.from(gaussian(random(1), rows * cols, 2));
  const lengths = causal ? Int32Array.from({ length: rows }, (_, r) => (r % cols) + 1) : undefined;
  const call = { scores, out: new Float32Array(rows * cols), rows, cols, lengths };
  const times = medians(
    contenders.map(
      ([, apply]) =>
        () =>
          apply(call),
    ),
  );
  const rowsOfTable = contenders
    .filter(([name]) => !causal || !name.startsWith('Taylor'))
    .map(([name], i) => [
      name,
      `${((rows * cols) / times[i] / 1e3).toFixed(0)} M/s`,
      `${(times[0] / times[i]).toFixed(2)}×`,
    ]);
  console.log(`${rows} rows × ${cols} keys${causal ? ', causal' : ''}`);
  console.log(`${textTable(['', 'scores', 'of exact'], rowsOfTable)}\n`);
}

const [rows, cols] = [1024, 512];
const values = Float32Array.from(gaussian(random(2), rows * cols, 3));
const out = new Float32Array(rows * cols);
const activations = ['silu', 'gelu', 'gelu-tanh'] as const;
const of = activations.map((name) => {
  const byVlp = kernels.elementwise(name, { window: { lo: -10, hi: 1 } });
  const inPlace = (vector: VectorKernels) => () => {
    out.set(values);
    vector.activation(name, out);
  };
  const runs = [inPlace(VECTOR_DEFINITION), inPlace(kernels.vector), () => byVlp(values, out, rows, cols)];
  return [name, ...medians(runs).map((ms) => `${((1e6 * ms) / values.length).toFixed(1)} ns`)];
});
console.log(`activations, ${rows} rows × ${cols} features, an element`);
console.log(textTable(['', 'exact, definition', 'exact, kernels', 'VLP, 12 exponents, kernels'], of));
kernels.dispose();
