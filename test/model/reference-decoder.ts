/**
 * A decoder in nested arrays of doubles, one token, one head and one expert at a time: shares nothing with the library.
 * What a family adds is said in `Features`, by hand, beside its config in the test.
 */
import type { TestTensors } from './write-checkpoint.ts';

type Row = number[];

export interface Features {
  heads: number;
  kvHeads: number;
  headDim: number;
  layers: number;
  epsilon: number;
  vocab: number;
  norm?: 'rms' | 'rms+1' | 'layer' | 'layer-no-bias' | 'layer-bare';
  blocks?: 'pre' | 'post' | 'around' | 'parallel' | 'parallel-two';
  /** Per layer: which angles (radians a position) turn which pairs, and their size; undefined: no positions. */
  angles?: (layer: number, length: number) => { angles: number[]; size: number } | undefined;
  interleaved?: boolean;
  window?: (layer: number) => number;
  scoreScale?: number;
  scoreCap?: number;
  logitCap?: number;
  embeddingScale?: number;
  residualScale?: number;
  logitScale?: number;
  clip?: number;
  sinks?: boolean;
  qkNorm?: 'head' | 'width' | 'each-head-layer';
  queryGrowth?: (position: number) => number;
  act: (x: number) => number;
  /** Names. */
  embedding: string;
  finalNorm: string;
  head: string;
  headBias?: string;
  layer: (n: number) => string;
  names: Record<string, string>;
  qkv?: (at: string, t: TestTensors, h: Row) => [Row, Row, Row];
  /** The network of a layer. */
  ffn: (at: string, h: Row, n: number) => Row;
}

const get = (t: TestTensors, name: string): Row => {
  if (t[name] === undefined) throw new Error(`no tensor ${name}`);
  return [...t[name].values];
};

/** W·x + b of `name`, where there is one. */
export function dense(t: TestTensors, name: string, x: Row): Row {
  const w = t[`${name}.weight`] ?? t[name];
  const [outputs, inputs] = w.shape;
  const bias = t[`${name}.bias`]?.values;
  return Array.from({ length: outputs }, (_, o) => {
    let sum = bias === undefined ? 0 : bias[o];
    for (let i = 0; i < inputs; i++) sum += w.values[o * inputs + i] * x[i];
    return sum;
  });
}

const meanOf = (x: Row): number => x.reduce((a, b) => a + b, 0) / x.length;

function rms(x: Row, weight: Row, epsilon: number, plus = 0): Row {
  const size = Math.sqrt(meanOf(x.map((v) => v * v)) + epsilon);
  return x.map((v, i) => (v / size) * (weight[i] + plus));
}

function layerNormed(x: Row, epsilon: number): Row {
  const mean = meanOf(x);
  const spread = Math.sqrt(meanOf(x.map((v) => (v - mean) ** 2)) + epsilon);
  return x.map((v) => (v - mean) / spread);
}

export function referenceLogits(t: TestTensors, f: Features, ids: number[]): number[][] {
  const { heads, kvHeads, headDim: d } = f;
  const norm = (name: string, x: Row): Row => {
    const kind = f.norm ?? 'rms';
    if (kind === 'rms' || kind === 'rms+1') {
      return rms(x, get(t, `${name}.weight`), f.epsilon, kind === 'rms+1' ? 1 : 0);
    }
    const y = layerNormed(x, f.epsilon);
    if (kind === 'layer-bare') return y;
    const weight = get(t, `${name}.weight`);
    const bias = kind === 'layer' ? get(t, `${name}.bias`) : y.map(() => 0);
    return y.map((v, i) => v * weight[i] + bias[i]);
  };
  const normHeads = (x: Row, name: string): Row => {
    if (f.qkNorm === 'width') return rms(x, get(t, `${name}.weight`), f.epsilon);
    const out: Row = [];
    for (let h = 0; h < x.length / d; h++) {
      const head = x.slice(h * d, (h + 1) * d);
      if (f.qkNorm === 'head') {
        out.push(...rms(head, get(t, `${name}.weight`), f.epsilon, f.norm === 'rms+1' ? 1 : 0));
      } else {
        const weight = get(t, `${name}.norms.${h}.weight`);
        out.push(...layerNormed(head, f.epsilon).map((v, i) => v * weight[i]));
      }
    }
    return out;
  };
  const turn = (x: Row, position: number, layer: number): Row => {
    const found = f.angles?.(layer, ids.length);
    if (found === undefined) return x;
    const y = [...x];
    const half = found.angles.length;
    for (let h = 0; h < x.length / d; h++) {
      for (const [i, angle] of found.angles.entries()) {
        const a = h * d + (f.interleaved ? 2 * i : i);
        const b = h * d + (f.interleaved ? 2 * i + 1 : i + half);
        const [c, s] = [found.size * Math.cos(position * angle), found.size * Math.sin(position * angle)];
        y[a] = x[a] * c - x[b] * s;
        y[b] = x[b] * c + x[a] * s;
      }
    }
    return y;
  };
  const clip = (x: Row): Row =>
    f.clip === undefined ? x : x.map((v) => Math.max(-f.clip!, Math.min(f.clip!, v)));
  let x: Row[] = ids.map((id) => {
    const width = t[f.embedding].shape[1];
    return Array.from(t[f.embedding].values.subarray(id * width, (id + 1) * width)).map(
      (v) => v * (f.embeddingScale ?? 1),
    );
  });
  for (let n = 0; n < f.layers; n++) {
    const at = f.layer(n);
    const name = (key: string): string => `${at}.${f.names[key]}`;
    const blocks = f.blocks ?? 'pre';
    const read = x.map((row) => (blocks === 'post' ? row : norm(name('attentionNorm'), row)));
    const qkv = read.map((h, p) => {
      let [q, k, v] = f.qkv?.(at, t, h) ?? [
        dense(t, name('q'), h),
        dense(t, name('k'), h),
        dense(t, name('v'), h),
      ];
      if (f.qkNorm !== undefined) [q, k] = [normHeads(q, name('qNorm')), normHeads(k, name('kNorm'))];
      [q, k, v] = [clip(q), clip(k), clip(v)];
      const grown = f.queryGrowth?.(p) ?? 1;
      return { q: turn(q, p, n).map((value) => value * grown), k: turn(k, p, n), v };
    });
    const attended = qkv.map(({ q }, p) => {
      const out: Row = [];
      for (let h = 0; h < heads; h++) {
        const kv = Math.floor(h / (heads / kvHeads));
        const first = Math.max(0, p + 1 - (f.window?.(n) ?? Infinity));
        const scores: Row = [];
        for (let s = first; s <= p; s++) {
          let dot = 0;
          for (let i = 0; i < d; i++) dot += q[h * d + i] * qkv[s].k[kv * d + i];
          dot *= f.scoreScale ?? 1 / Math.sqrt(d);
          scores.push(f.scoreCap === undefined ? dot : f.scoreCap * Math.tanh(dot / f.scoreCap));
        }
        const weights = scores.map(Math.exp);
        const sink = f.sinks === true ? Math.exp(get(t, name('sinks'))[h]) : 0;
        const total = weights.reduce((a, b) => a + b, sink);
        for (let i = 0; i < d; i++) {
          out.push(weights.reduce((sum, w, s) => sum + (w / total) * qkv[first + s].v[kv * d + i], 0));
        }
      }
      return dense(t, name('o'), out);
    });
    const residual = f.residualScale ?? 1;
    const plus = (a: Row, b: Row): Row => a.map((v, i) => v + residual * b[i]);
    x = x.map((row, p) => {
      if (blocks === 'parallel' || blocks === 'parallel-two') {
        const h = blocks === 'parallel' ? read[p] : norm(name('ffnNorm'), row);
        return plus(plus(row, attended[p]), f.ffn(at, h, n));
      }
      const behind = blocks === 'post' || blocks === 'around';
      const middle = plus(row, behind ? norm(name('attentionOut'), attended[p]) : attended[p]);
      const fed = f.ffn(at, blocks === 'post' ? middle : norm(name('ffnNorm'), middle), n);
      return plus(middle, behind ? norm(name('ffnOut'), fed) : fed);
    });
  }
  return x.map((row) => {
    const y = dense(t, f.head, norm(f.finalNorm, row)).map(
      (v, i) => (v + (f.headBias === undefined ? 0 : t[f.headBias].values[i])) * (f.logitScale ?? 1),
    );
    return f.logitCap === undefined ? y : y.map((v) => f.logitCap! * Math.tanh(v / f.logitCap!));
  });
}

/** Angles of `pairs` pairs of a head of `dim` turned elements. */
export const plainAngles = (theta: number, dim: number): number[] =>
  Array.from({ length: dim / 2 }, (_, i) => 1 / theta ** ((2 * i) / dim));

export const silu = (x: number): number => x / (1 + Math.exp(-x));
export const geluTanh = (x: number): number =>
  0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));
const density = (t: number): number => Math.exp((-t * t) / 2) / Math.sqrt(2 * Math.PI);
/** By Simpson's rule over the normal density. */
export function gelu(x: number): number {
  const n = 400;
  let sum = density(0) + density(x);
  for (let i = 1; i < n; i++) sum += density((i * x) / n) * (i % 2 === 1 ? 4 : 2);
  return x * (0.5 + (sum * x) / n / 3);
}

/** gate and up matrices with an activation between. */
export const gatedFfn =
  (t: TestTensors, act: (x: number) => number, names = ['mlp.gate_proj', 'mlp.up_proj', 'mlp.down_proj']) =>
  (at: string, h: Row): Row => {
    const [gate, up] = [dense(t, `${at}.${names[0]}`, h), dense(t, `${at}.${names[1]}`, h)];
    return dense(
      t,
      `${at}.${names[2]}`,
      gate.map((g, i) => act(g) * up[i]),
    );
  };

/** Shares of the experts that a token goes to. */
export function shares(
  logits: Row,
  active: number,
  over: 'all' | 'chosen',
  normalise: boolean,
): Map<number, number> {
  const order = logits.map((_, i) => i).sort((a, b) => logits[b] - logits[a]);
  const chosen = order.slice(0, active);
  const e = logits.map((v) => Math.exp(v));
  const total = (over === 'all' ? order : chosen).reduce((sum, i) => sum + e[i], 0);
  const sum = normalise ? chosen.reduce((s, i) => s + e[i] / total, 0) : 1;
  return new Map(chosen.map((i) => [i, e[i] / total / sum]));
}
