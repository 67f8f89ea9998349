import type { WeightMatrix } from '../weight/weight-matrix.ts';
import type { KvShape } from './layer-kv.ts';

/** What a layer makes keys from: k = W·h + bias, with h normalised, times a gain, plus a shift. */
export interface KeySource {
  weight: WeightMatrix;
  /** First row of a head's keys in `weight`, which may hold queries and values too; default: heads lie close. */
  from?: (head: number) => number;
  bias?: Float32Array | undefined;
  /** Absent: h is taken to have elements of like size. */
  gain?: Float32Array | undefined;
  shift?: Float32Array | undefined;
  /** Weights of the norm of keys, [kvHeads × headDim] or one head's. */
  normed?: Float32Array | undefined;
  /** Channels that rotary positions turn into each other: `half` of the turned ones apart, or neighbours. */
  rotary?: { pairs: 'half' | 'neighbours'; dim: number } | undefined;
}

/**
 * Static scales of key channels, [kvHeads × headDim]: INT4 keys of one token share a scale, so that channels should be of
 * like size. Keys are divided by these, queries multiplied, which changes no score. They come from the weights alone: the
 * elements of a normalised vector have mean square 1, so that a channel's is Σ(W·gain)² + (W·shift + bias)²; a norm of
 * keys multiplies it by its own weight. Powers of two, relative to the mean of the head's logarithms: dividing and
 * multiplying by them rounds nothing. Channels that rotate into each other share one.
 *
 * Computed when first asked for: a model that keeps its keys as they are needs none.
 */
export function keyScales(shape: KvShape, source: KeySource): () => Float32Array {
  let scales: Float32Array | undefined;
  return () => (scales ??= fromWeights(shape, source));
}

function fromWeights({ kvHeads, headDim }: KvShape, source: KeySource): Float32Array {
  const { weight, from = (head) => head * headDim, bias, gain, shift, normed, rotary } = source;
  const { inputs } = weight;
  const power = new Float64Array(kvHeads * headDim);
  for (let head = 0; head < kvHeads; head++) {
    const first = from(head);
    const rows = weight.rows(first, first + headDim);
    for (let i = 0; i < headDim; i++) {
      let spread = 0;
      let mean = bias === undefined ? 0 : bias[first + i];
      for (let at = 0; at < inputs; at++) {
        const w = rows[i * inputs + at];
        spread += (w * (gain?.[at] ?? 1)) ** 2;
        if (shift !== undefined) mean += w * shift[at];
      }
      const channel = head * headDim + i;
      const norm = normed === undefined ? 1 : normed[channel % normed.length];
      power[channel] = (spread + mean ** 2) * norm ** 2;
    }
  }
  const partner = (channel: number): number => {
    const at = channel % headDim;
    if (rotary === undefined || at >= rotary.dim) return channel;
    if (rotary.pairs === 'neighbours') return channel - at + (at ^ 1);
    return channel - at + ((at + rotary.dim / 2) % rotary.dim);
  };
  const size = power.map((own, channel) =>
    Math.log2(Math.sqrt((own + power[partner(channel)]) / 2) || 2 ** -60),
  );
  return Float32Array.from(size, (own, channel) => {
    const head = channel - (channel % headDim);
    const mean = size.subarray(head, head + headDim).reduce((a, b) => a + b, 0) / headDim;
    return 2 ** Math.round(own - mean);
  });
}
