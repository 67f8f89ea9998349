/**
 * Parts of encoders in nested arrays of doubles, one token and one head at a time: share nothing with the library.
 */
import { randomTensor, type TestTensors } from './write-checkpoint.ts';

export type Matrix = number[][];

/** A tensor as rows of its last axis. */
export const rowsOf = (t: TestTensors, name: string): Matrix => {
  if (t[name] === undefined) throw new Error(`no tensor ${name}`);
  const { shape, values } = t[name];
  const columns = shape.at(-1)!;
  return Array.from({ length: values.length / columns }, (_, r) => [
    ...values.subarray(r * columns, (r + 1) * columns),
  ]);
};
export const vectorOf = (t: TestTensors, name: string): number[] => [...t[name].values];

/** x·Wᵀ + b of `name`, where there is a bias. */
export function dense(t: TestTensors, name: string, x: Matrix): Matrix {
  const w = rowsOf(t, `${name}.weight`);
  const bias = t[`${name}.bias`]?.values;
  return x.map((row) => w.map((o, j) => o.reduce((s, wi, i) => s + wi * row[i], bias?.[j] ?? 0)));
}

export const sum = (a: Matrix, b: Matrix): Matrix => a.map((row, r) => row.map((x, i) => x + b[r][i]));

export function layerNormed(t: TestTensors, name: string, x: Matrix, epsilon: number): Matrix {
  const [g, b] = [vectorOf(t, `${name}.weight`), vectorOf(t, `${name}.bias`)];
  return x.map((row) => {
    const mean = row.reduce((s, v) => s + v, 0) / row.length;
    const variance = row.reduce((s, v) => s + (v - mean) ** 2, 0) / row.length;
    return row.map((v, i) => ((v - mean) / Math.sqrt(variance + epsilon)) * g[i] + b[i]);
  });
}

const density = (t: number) => Math.exp((-t * t) / 2) / Math.sqrt(2 * Math.PI);

/** GELU by Simpson integration of the normal density: shares nothing with the library's erf. */
export function gelu(x: number): number {
  const n = 400;
  const h = x / n;
  let total = density(0) + density(x);
  for (let i = 1; i < n; i++) total += density(i * h) * (i % 2 ? 4 : 2);
  return x * (0.5 + (total * h) / 3);
}

/** GELU by the tangent (Hendrycks & Gimpel, 2016). */
export const geluTanh = (x: number): number =>
  0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));

/**
 * Attention head by head. `score` makes a score of the product of a query and a key; −Infinity hides the key.
 */
export function attended(
  q: Matrix,
  k: Matrix,
  v: Matrix,
  heads: number,
  score: (dot: number, head: number, query: number, key: number) => number,
): Matrix {
  const d = q[0].length / heads;
  return q.map((qi, row) =>
    Array.from({ length: heads }, (_, h) => {
      const weights = k.map((kj, column) => {
        let dot = 0;
        for (let i = h * d; i < (h + 1) * d; i++) dot += qi[i] * kj[i];
        return Math.exp(score(dot, h, row, column));
      });
      const total = weights.reduce((a, b) => a + b);
      return Array.from({ length: d }, (_, i) =>
        weights.reduce((s, w, j) => s + (w / total) * v[j][h * d + i], 0),
      );
    }).flat(),
  );
}

/** Random tensors: scales of norms about one, biases large enough to matter. */
export function generated(spec: Record<string, number[]>, seed = 100): TestTensors {
  return Object.fromEntries(
    Object.entries(spec).map(([name, shape], i) => {
      const scale = /norm.*weight/i.test(name);
      const spread = scale ? 0.2 : shape.length === 1 ? 0.5 : 0.3;
      return [name, randomTensor(shape, seed + i, spread, scale ? 1 : 0)];
    }),
  );
}

/** The largest difference, relative to the largest value. */
export function relativeError(actual: Float32Array, expected: Matrix): number {
  const flat = expected.flat();
  if (actual.length !== flat.length) return Infinity;
  const size = flat.reduce((max, x) => Math.max(max, Math.abs(x)), 0);
  return actual.reduce((max, x, i) => Math.max(max, Math.abs(x - flat[i])), 0) / size;
}

/** Power of the difference, relative to that of the expected values. */
export function relativePower(actual: Float32Array, expected: Float32Array): number {
  const power = (x: Float32Array) => x.reduce((total, v) => total + v * v, 0);
  return power(expected.map((v, i) => v - actual[i])) / power(expected);
}
