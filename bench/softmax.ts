/**
 * Softmax by VLP beside exact softmax in plain TypeScript, on rows as attention has them; interleaved runs, medians.
 * Run: npm run bench:softmax
 */
import { approximationNamed } from '../src/approximation/index.ts';
import { gaussian, random } from '../src/number/random.ts';
import { loadKernels } from '../src/kernel/node.ts';
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
  ['VLP, kernels', kernels.softmax()],
  ['VLP, definition in TypeScript', vlp.softmax().apply],
  ['VLP, 12 exponents, kernels', kernels.softmax(WIDE)],
  ['VLP, 12 exponents, definition', vlp.softmax(WIDE).apply],
  [
    'Taylor as published, from a table',
    ({ scores, out, rows, cols }) => taylor.apply(scores, out, rows, cols),
  ],
];

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1];

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
  const times = contenders.map((): number[] => []);
  for (let run = -3; run < RUNS; run++) {
    contenders.forEach(([, apply], i) => {
      const begun = performance.now();
      apply(call);
      if (run >= 0) times[i].push(performance.now() - begun);
    });
  }
  const first = median(times[0]);
  const rowsOfTable = contenders
    .filter(([name]) => !causal || !name.startsWith('Taylor'))
    .map(([name], i) => [
      name,
      `${((rows * cols) / median(times[i]) / 1e3).toFixed(0)} M/s`,
      `${(first / median(times[i])).toFixed(2)}×`,
    ]);
  console.log(`${rows} rows × ${cols} keys${causal ? ', causal' : ''}`);
  console.log(`${textTable(['', 'scores', 'of exact'], rowsOfTable)}\n`);
}
kernels.dispose();
