import { type Arithmetic, roundActivations } from '../arithmetic.ts';
import type { Checkpoint } from '../checkpoint.ts';
import type { SwinConfig, SwinStage } from '../config/config.ts';
import { addInPlace, headProduct } from '../layer/linear.ts';
import type { Norm } from '../layer/norm.ts';
import { pixelsOf, unfold } from '../layer/patches.ts';
import type { Batch, LoadedModel } from '../model.ts';
import type { Holding } from '../weight/holding.ts';
import { Weights } from '../weight/weights.ts';
import { swinBlock } from './swin-block.ts';
import { normalise } from './norms.ts';

/** PyTorch's default, which norms outside the blocks have. */
const EPSILON = 1e-5;

/** SwinV2 (Liu et al., 2022): stages of windows, each next one with half the side and twice the width; a mean classifies. */
export function loadSwin(config: SwinConfig, checkpoint: Checkpoint, holding?: Holding): LoadedModel {
  const { channels, patch, hidden, epsilon, activation, qkvBias, stages } = config;
  const w = new Weights(checkpoint, holding);
  const embed = stages[0].hidden;
  const projection = 'swinv2.embeddings.patch_embeddings.projection';
  const kernel = [embed, channels, patch, patch];
  const patches = w.outside(projection, embed, channels * patch * patch, kernel);
  const embedded = w.norm('swinv2.embeddings.norm', embed);
  let place = 0;
  const parts = stages.map((stage, n) => {
    const at = `swinv2.encoder.layers.${n}`;
    const blocks = Array.from({ length: stage.depth }, (_, b) =>
      swinBlock(w, `${at}.blocks.${b}`, {
        ...stage,
        place: place++,
        shift: b % 2 === 0 ? 0 : stage.shift,
        activation,
        qkvBias,
        epsilon,
      }),
    );
    const width = stage.hidden;
    const merging =
      n === stages.length - 1
        ? undefined
        : {
            reduction: w.linear(`${at}.downsample.reduction`, 2 * width, 4 * width, false),
            norm: w.norm(`${at}.downsample.norm`, 2 * width),
          };
    return { stage, blocks, merging };
  });
  const last = w.norm('swinv2.layernorm', hidden);
  const labels = config.labels.length;
  const classifier = w.outside('classifier', labels, hidden);

  function forward(batch: Batch, arithmetic: Arithmetic): Float32Array {
    const { pixels, count } = pixelsOf(batch, config);
    const normed = (x: Float32Array, norm: Norm, eps: number) =>
      normalise(x, x.length / norm.weight.length, norm, eps, arithmetic);
    const cut = unfold(pixels, count, { ...config, patch: [1, patch, patch] });
    const projected = patches.apply(cut, cut.length / (channels * patch * patch));
    let x = normed(roundActivations(projected, arithmetic), embedded, EPSILON);
    for (const { stage, blocks, merging } of parts) {
      for (const block of blocks) x = block(x, arithmetic);
      if (merging === undefined) continue;
      const merged = merge(x, count, stage);
      const reduced = merging.reduction.apply(merged, merged.length / (4 * stage.hidden), arithmetic);
      x = normed(reduced, merging.norm, EPSILON);
    }
    return mean(normed(x, last, epsilon), count, hidden, arithmetic);
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

/** Four neighbours as one row [count·⌈side/2⌉² × 4·width]: rows first, then columns; zeros behind an odd end. */
function merge(x: Float32Array, count: number, { side, hidden: width }: SwinStage): Float32Array {
  const half = Math.ceil(side / 2);
  const out = new Float32Array(count * half * half * 4 * width);
  for (let i = 0; i < count; i++) {
    for (let token = 0; token < half * half; token++) {
      for (let part = 0; part < 4; part++) {
        const row = 2 * Math.floor(token / half) + (part % 2);
        const column = 2 * (token % half) + Math.floor(part / 2);
        if (row >= side || column >= side) continue;
        const from = ((i * side + row) * side + column) * width;
        out.set(x.subarray(from, from + width), ((i * half * half + token) * 4 + part) * width);
      }
    }
  }
  return out;
}

/** Mean of the tokens of each image [count × width]. */
function mean(x: Float32Array, count: number, width: number, arithmetic: Arithmetic): Float32Array {
  const out = new Float32Array(count * width);
  const tokens = x.length / (count * width);
  for (let i = 0; i < count; i++) {
    const sum = out.subarray(i * width, (i + 1) * width);
    for (let t = 0; t < tokens; t++) {
      addInPlace(sum, x.subarray((i * tokens + t) * width, (i * tokens + t + 1) * width));
    }
    for (let c = 0; c < width; c++) sum[c] /= tokens;
  }
  return roundActivations(out, arithmetic);
}
