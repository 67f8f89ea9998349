import { headProduct } from '../layer/linear.ts';
import { type Arithmetic, roundActivations } from '../arithmetic.ts';
import type { Checkpoint } from '../checkpoint.ts';
import type { VitConfig } from '../config/config.ts';
import { type EncoderLayer, encoderLayer } from './encoder-layer.ts';
import { keyScales } from '../layer/key-scales.ts';
import type { Batch, LoadedModel } from '../model.ts';
import { pixelsOf, unfold } from '../layer/patches.ts';
import type { Holding } from '../weight/holding.ts';
import { Weights } from '../weight/weights.ts';
import { normalise } from './norms.ts';

/**
 * Vision transformer (Dosovitskiy et al., 2020) and ViViT (Arnab et al., 2021, model 1: tubelets of a clip), classified
 * from their class token.
 */
export function loadVit(config: VitConfig, checkpoint: Checkpoint, holding?: Holding): LoadedModel {
  const { hidden, heads, headDim, ffn, epsilon, activation, patch, channels, qkvBias } = config;
  const w = new Weights(checkpoint, holding);
  const tokens = config.context;
  const inputs = channels * patch[0] * patch[1] * patch[2];
  const prefix = config.modelType;
  // The patches of images have no axis of frames.
  const kernel = prefix === 'vivit' ? patch : patch.slice(1);
  const norm = (name: string) => w.norm(name, hidden);
  const projection = `${prefix}.embeddings.patch_embeddings.projection`;
  const patches = w.outside(projection, hidden, inputs, [hidden, channels, ...kernel]);
  const classToken = w.read(`${prefix}.embeddings.cls_token`, [1, 1, hidden]);
  const positions = w.read(`${prefix}.embeddings.position_embeddings`, [1, tokens, hidden]);
  const layers = Array.from({ length: config.layers }, (_, n): EncoderLayer => {
    const at = `${prefix}.encoder.layer.${n}`;
    const attentionNorm = norm(`${at}.layernorm_before`);
    const k = w.linear(`${at}.attention.attention.key`, hidden, hidden, qkvBias);
    const { weight: gain, bias: shift } = attentionNorm;
    return {
      attentionNorm,
      keyScales: keyScales({ kvHeads: heads, headDim }, { weight: k.weight, bias: k.bias, gain, shift }),
      q: w.linear(`${at}.attention.attention.query`, hidden, hidden, qkvBias),
      k,
      v: w.linear(`${at}.attention.attention.value`, hidden, hidden, qkvBias),
      o: w.linear(`${at}.attention.output.dense`, hidden, hidden, true),
      ffnNorm: norm(`${at}.layernorm_after`),
      up: w.linear(`${at}.intermediate.dense`, ffn, hidden, true),
      down: w.linear(`${at}.output.dense`, hidden, ffn, true),
    };
  });
  const finalNorm = norm(`${prefix}.layernorm`);
  const labels = config.labels.length;
  const classifier = w.outside('classifier', labels, hidden);

  function forward(batch: Batch, arithmetic: Arithmetic): Float32Array {
    const { pixels, count } = pixelsOf(batch, config);
    const projected = patches.apply(unfold(pixels, count, config), count * (tokens - 1));
    let x: Float32Array = new Float32Array(count * tokens * hidden);
    for (let i = 0; i < count; i++) {
      const at = i * tokens * hidden;
      x.set(classToken, at);
      x.set(projected.subarray(i * (tokens - 1) * hidden, (i + 1) * (tokens - 1) * hidden), at + hidden);
      for (let j = 0; j < positions.length; j++) x[at + j] += positions[j];
    }
    roundActivations(x, arithmetic);
    const sequences = Array.from({ length: count }, () => ({ rows: tokens }));
    const shape = { heads, headDim, ffn, activation, epsilon, normFirst: true };
    for (const [n, layer] of layers.entries()) x = encoderLayer(n, layer, shape, x, sequences, arithmetic);
    const classRows = new Float32Array(count * hidden);
    for (let i = 0; i < count; i++) {
      classRows.set(x.subarray(i * tokens * hidden, (i * tokens + 1) * hidden), i * hidden);
    }
    return normalise(classRows, count, finalNorm, epsilon, arithmetic);
  }

  return {
    config,
    linears: w.linears,
    forward,
    logits: (rows, from, to, arithmetic) =>
      headProduct(classifier, rows.subarray(from * hidden, to * hidden), to - from, arithmetic),
    outputs: labels,
    weightBytes: () => w.bytes,
  };
}
