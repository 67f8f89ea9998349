import { type Arithmetic, roundActivations } from '../arithmetic.ts';
import type { WhisperConfig } from '../config/config.ts';
import { keyScales } from '../layer/key-scales.ts';
import { addInPlace } from '../layer/linear.ts';
import type { Norm } from '../layer/norm.ts';
import type { Weights } from '../weight/weights.ts';
import { type EncoderLayer, encoderLayer } from './encoder-layer.ts';
import { normalise } from './norms.ts';

/** Inputs that one output of a convolution sees. */
const TAPS = 3;

/** Hears sounds: mel [count × bins × frames] to [count·positions × hidden]. */
export type WhisperEncoder = (mel: Float32Array, count: number, arithmetic: Arithmetic) => Float32Array;

/** Reads one block of norm, attention and network, as both halves have them. */
export function blockReader(w: Weights, hidden: number) {
  const norm = (name: string): Norm => w.norm(name, hidden);
  /** Projections of `name`; keys have no bias. */
  const projections = (name: string, heads: number, { weight: gain, bias: shift }: Norm) => {
    const k = w.linear(`${name}.k_proj`, hidden, hidden, false);
    const shape = { kvHeads: heads, headDim: hidden / heads };
    return {
      q: w.linear(`${name}.q_proj`, hidden, hidden, true),
      k,
      v: w.linear(`${name}.v_proj`, hidden, hidden, true),
      o: w.linear(`${name}.out_proj`, hidden, hidden, true),
      keyScales: keyScales(shape, { weight: k.weight, gain, shift }),
    };
  };
  return { norm, projections };
}

/**
 * Whisper's encoder (Radford et al., 2022, §2.2): two convolutions over time with GELU, the second of stride 2, stored
 * positions, layers with norms before their halves, and a last norm.
 */
export function whisperEncoder(config: WhisperConfig, w: Weights, prefix: string): WhisperEncoder {
  const { hidden, encoder, melBins, sourcePositions, activation, epsilon } = config;
  const { heads, ffn } = encoder;
  const { norm, projections } = blockReader(w, hidden);
  const convolution = (name: string, channels: number) =>
    w.outside(`${prefix}${name}`, hidden, channels * TAPS, [hidden, channels, TAPS]);
  const first = convolution('conv1', melBins);
  const second = convolution('conv2', hidden);
  const positions = w.read(`${prefix}embed_positions.weight`, [sourcePositions, hidden]);
  const layers = Array.from({ length: encoder.layers }, (_, n): EncoderLayer => {
    const at = `${prefix}layers.${n}`;
    const attentionNorm = norm(`${at}.self_attn_layer_norm`);
    return {
      ...projections(`${at}.self_attn`, heads, attentionNorm),
      attentionNorm,
      ffnNorm: norm(`${at}.final_layer_norm`),
      up: w.linear(`${at}.fc1`, ffn, hidden, true),
      down: w.linear(`${at}.fc2`, hidden, ffn, true),
    };
  });
  const last = norm(`${prefix}layer_norm`);
  // Behind the places of both halves' layers.
  const place = encoder.layers + config.decoder.layers;

  return (mel, count, arithmetic) => {
    const frames = 2 * sourcePositions;
    const gelu = (layer: number, values: Float32Array): Float32Array => {
      const rows = values.length / hidden;
      arithmetic.nonlinear.activation({ layer, name: 'gelu', values, rows, width: hidden });
      return roundActivations(values, arithmetic);
    };
    const heard = first.apply(unfoldMel(mel, count, melBins, frames), count * frames);
    const halved = second.apply(
      unfoldRows(gelu(place, roundActivations(heard, arithmetic)), count, frames, hidden, 2),
      count * sourcePositions,
    );
    let x = gelu(place + 1, roundActivations(halved, arithmetic));
    for (let at = 0; at < x.length; at += positions.length) {
      addInPlace(x.subarray(at, at + positions.length), positions);
    }
    roundActivations(x, arithmetic);
    const sequences = Array.from({ length: count }, () => ({ rows: sourcePositions }));
    const shape = { heads, headDim: hidden / heads, ffn, activation, epsilon, normFirst: true };
    for (const [n, layer] of layers.entries()) x = encoderLayer(n, layer, shape, x, sequences, arithmetic);
    return normalise(x, count * sourcePositions, last, epsilon, arithmetic);
  };
}

/** Rows of a convolution of stride 1 over time, zeros outside: [count·frames × bins·TAPS], taps of a bin together. */
function unfoldMel(mel: Float32Array, count: number, bins: number, frames: number): Float32Array {
  const out = new Float32Array(count * frames * bins * TAPS);
  for (let i = 0; i < count; i++) {
    for (let bin = 0; bin < bins; bin++) {
      const row = mel.subarray((i * bins + bin) * frames, (i * bins + bin + 1) * frames);
      for (let t = 0; t < frames; t++) {
        const to = ((i * frames + t) * bins + bin) * TAPS;
        for (let tap = 0; tap < TAPS; tap++) out[to + tap] = row[t + tap - 1] ?? 0;
      }
    }
  }
  return out;
}

/** The same of rows [count·length × width]: every `stride`-th output. */
function unfoldRows(
  x: Float32Array,
  count: number,
  length: number,
  width: number,
  stride: number,
): Float32Array {
  const outputs = Math.ceil(length / stride);
  const out = new Float32Array(count * outputs * width * TAPS);
  for (let i = 0; i < count; i++) {
    for (let o = 0; o < outputs; o++) {
      for (let tap = 0; tap < TAPS; tap++) {
        const t = o * stride + tap - 1;
        if (t < 0 || t >= length) continue;
        const from = (i * length + t) * width;
        const to = (i * outputs + o) * width * TAPS + tap;
        for (let c = 0; c < width; c++) out[to + c * TAPS] = x[from + c];
      }
    }
  }
  return out;
}
