import type { WeightMatrix } from '../weight/weight-matrix.ts';
import type { KvShape } from './layer-kv.ts';

/** What a layer makes keys from: k = W·h + bias, with h normalised, times a gain, plus a shift. */
export interface KeySource {
  weight: WeightMatrix;
  /** First row of the keys in `weight`, which may hold queries and values too. */
  from?: number;
  bias?: Float32Array | undefined;
  gain: Float32Array;
  shift?: Float32Array;
  /** Channels that rotary positions turn into each other: `half` a head apart, or neighbours. */
  rotary?: 'half' | 'neighbours';
}

/**
 * Static scales of key channels, [kvHeads × headDim]: INT4 keys of one token share a scale, so that channels should be of
 * like size. Keys are divided by these, queries multiplied, which changes no score. They come from the weights alone: the
 * elements of a normalised vector have mean square 1, so that a channel's is Σ(W·gain)² + (W·shift + bias)². Powers of
 * two, relative to the mean of the head's logarithms: dividing and multiplying by them rounds nothing. Channels that
 * rotate into each other share one.
 *
 * Computed when first asked for: a model that keeps its keys as they are needs none.
 */
export function keyScales(shape: KvShape, source: KeySource): () => Float32Array {
  let scales: Float32Array | undefined;
  return () => (scales ??= fromWeights(shape, source));
}

function fromWeights({ kvHeads, headDim }: KvShape, source: KeySource): Float32Array {
  const { weight, from = 0, bias, gain, shift, rotary } = source;
  const rows = weight.rows(from, from + kvHeads * headDim);
  const power = Float64Array.from({ length: kvHeads * headDim }, (_, channel) => {
    let spread = 0;
    let mean = bias === undefined ? 0 : bias[from + channel];
    for (let i = 0; i < gain.length; i++) {
      const w = rows[channel * gain.length + i];
      spread += (w * gain[i]) ** 2;
      if (shift !== undefined) mean += w * shift[i];
    }
    return spread + mean ** 2;
  });
  const partner = (channel: number): number => {
    if (rotary === 'neighbours') return channel ^ 1;
    const at = channel % headDim;
    return channel - at + ((at + headDim / 2) % headDim);
  };
  const size = power.map((own, channel) =>
    Math.log2(Math.sqrt(rotary === undefined ? own : (own + power[partner(channel)]) / 2) || 2 ** -60),
  );
  return Float32Array.from(size, (own, channel) => {
    const head = channel - (channel % headDim);
    const mean = size.subarray(head, head + headDim).reduce((a, b) => a + b, 0) / headDim;
    return 2 ** Math.round(own - mean);
  });
}
