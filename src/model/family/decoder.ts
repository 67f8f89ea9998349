import { type Arithmetic, multiplyActivations, roundActivations } from '../arithmetic.ts';
import { attention, capAll, type Sequence } from '../layer/attention.ts';
import type { Checkpoint } from '../checkpoint.ts';
import { columns, headColumns } from '../layer/columns.ts';
import type { DecoderConfig, DecoderLayerConfig } from '../config/config.ts';
import { embed, positionsOf, tokensOf } from '../layer/embedding.ts';
import { addInPlace, Linear, headProduct } from '../layer/linear.ts';
import type { Batch, LoadedModel } from '../model.ts';
import type { Norm } from '../layer/norm.ts';
import { ropeAngles } from '../layer/rope.ts';
import type { Holding } from '../weight/holding.ts';
import { sharedKernels } from '../weight/kernel-memory.ts';
import { Weights } from '../weight/weights.ts';
import { bodyOf, type DecoderLayer, type Ffn, loadLayer, type Qkv } from './decoder-layer.ts';
import { applyExperts } from './experts.ts';
import { normalise, normaliseHeads, normReader } from './norms.ts';

/** Decoders of Llama's shape (Touvron et al., 2023) and their relatives: whatever the configuration says of them. */
export function loadDecoder(config: DecoderConfig, checkpoint: Checkpoint, holding?: Holding): LoadedModel {
  const { hidden, vocab, epsilon, names, scale, cap } = config;
  const w = new Weights(checkpoint, holding);
  const body = bodyOf(checkpoint, names);
  const wrapped = body.replace(/model\.$/, '');
  const head = checkpoint.has(`${wrapped}${names.head}.weight`) ? `${wrapped}${names.head}` : names.head;
  const embeddingName = `${body}${names.embedding}.weight`;
  // Tied weights are stored once, under whichever of their names the writer met first.
  const once = config.tied && !checkpoint.has(embeddingName) && checkpoint.has(`${head}.weight`);
  const embedding = w.matrix(once ? `${head}.weight` : embeddingName, vocab, hidden);
  const output = new Linear(
    config.tied ? embedding : w.head(`${head}.weight`, vocab, hidden),
    config.bias.head ? w.vector(`${head}.bias`, vocab) : undefined,
  );
  const readNorm = normReader(w, config);
  const finalNorm = readNorm(`${body}${names.finalNorm}`);
  const layers = config.each.map((own, n) =>
    loadLayer(w, `${body}${names.layers}.${n}`, config, own, readNorm),
  );

  function forward(batch: Batch, arithmetic: Arithmetic): Float32Array {
    const { ids, sequences, onLayer } = tokensOf(batch, { config });
    const rows = ids.length;
    const positions = positionsOf(sequences, config.context);
    const norm = (x: Float32Array, own: Norm): Float32Array => normalise(x, rows, own, epsilon, arithmetic);
    const x = embed(embedding, ids);
    multiply(x, scale.embedding);
    roundActivations(x, arithmetic);
    /** What a half adds, after the norm behind it and the family's factor. */
    const add = (y: Float32Array, behind: Norm | undefined): void => {
      const half = behind === undefined ? y : norm(y, behind);
      multiply(half, scale.residual);
      addInPlace(x, half);
    };
    for (const [n, layer] of layers.entries()) {
      const h = layer.attentionNorm === undefined ? x : norm(x, layer.attentionNorm);
      const place = { n, layer, own: config.each[n], rows };
      const attended = attend(config, place, h, positions, sequences, arithmetic);
      if (config.blocks === 'parallel' || config.blocks === 'parallel-two') {
        const read = layer.ffnNorm === undefined ? h : norm(x, layer.ffnNorm);
        const fed = feed(config, place, read, arithmetic);
        addInPlace(attended, fed);
        add(attended, undefined);
      } else {
        add(attended, layer.attentionOut);
        roundActivations(x, arithmetic);
        const read = layer.ffnNorm === undefined ? x : norm(x, layer.ffnNorm);
        add(feed(config, place, read, arithmetic), layer.ffnOut);
      }
      roundActivations(x, arithmetic);
      onLayer?.(n + 1, layers.length);
    }
    return norm(x, finalNorm);
  }

  function logits(rows: Float32Array, from: number, to: number, arithmetic?: Arithmetic): Float32Array {
    const y = headProduct(output, rows.subarray(from * hidden, to * hidden), to - from, arithmetic);
    multiply(y, scale.logits);
    if (cap.logits !== undefined) capAll(y, cap.logits);
    return y;
  }

  return { config, linears: w.linears, forward, logits, outputs: vocab, weightBytes: () => w.bytes };
}

/** A layer, where it stands, and how many rows go through it. */
interface Place {
  n: number;
  layer: DecoderLayer;
  own: DecoderLayerConfig;
  rows: number;
}

/** The attention half: h [rows × hidden] to what it adds. */
function attend(
  config: DecoderConfig,
  { n, layer, own, rows }: Place,
  h: Float32Array,
  positions: Int32Array,
  sequences: readonly Sequence[],
  arithmetic: Arithmetic,
): Float32Array {
  const { heads, kvHeads, headDim, qkNorm, clip, queryGrowth, epsilon, scale, cap } = config;
  const { rope, window } = own;
  let [q, k, v] = project(layer.qkv, h, rows, config, arithmetic);
  const after = (x: Float32Array, weight: Float32Array): Float32Array =>
    normaliseHeads(x, qkNorm!, weight, headDim, epsilon, arithmetic);
  if (layer.qNorm !== undefined) q = after(q, layer.qNorm);
  if (layer.kNorm !== undefined) k = after(k, layer.kNorm);
  if (clip !== undefined) for (const x of [q, k, v]) clipAll(x, clip);
  if (rope !== undefined) {
    let row = 0;
    for (const { rows: count, cache } of sequences) {
      const length = (cache?.length() ?? 0) + count;
      const angles = ropeAngles(rope, length, positions[row], count, arithmetic.nonlinear.sinCos);
      for (const [x, of] of [
        [q, heads],
        [k, kvHeads],
      ] as const) {
        const width = of * headDim;
        const own = x.subarray(row * width, (row + count) * width);
        sharedKernels().vector.rotate(own, of, headDim, angles, rope.interleaved);
      }
      row += count;
    }
  }
  if (queryGrowth !== undefined) {
    const { beta, original } = queryGrowth;
    const width = heads * headDim;
    for (let r = 0; r < rows; r++) {
      const grown = 1 + beta * Math.log(1 + Math.floor(positions[r] / original));
      multiply(q.subarray(r * width, (r + 1) * width), grown);
    }
  }
  roundActivations(q, arithmetic);
  roundActivations(k, arithmetic);
  const shape = { heads, kvHeads, headDim, causal: true, keyScales: layer.keyScales };
  const rest = { scale: scale.scores, cap: cap.scores, window, sinks: layer.sinks };
  const attended = attention(n, { ...shape, ...rest }, { q, k, v }, sequences, arithmetic);
  return layer.o.apply(attended, rows, arithmetic);
}

function project(
  qkv: Qkv,
  h: Float32Array,
  rows: number,
  { heads, kvHeads, headDim }: DecoderConfig,
  arithmetic: Arithmetic,
): Float32Array[] {
  if (!('all' in qkv)) return [qkv.q, qkv.k, qkv.v].map((one) => one.apply(h, rows, arithmetic));
  const all = qkv.all.apply(h, rows, arithmetic);
  if (qkv.order === 'heads') return headColumns(all, headDim);
  return columns(all, rows, [heads * headDim, kvHeads * headDim, kvHeads * headDim]);
}

/** The feed-forward half: h [rows × hidden] to what it adds. */
function feed(
  config: DecoderConfig,
  { n, layer, own, rows }: Place,
  h: Float32Array,
  arithmetic: Arithmetic,
) {
  if (layer.experts !== undefined) return applyExperts(n, layer.experts, config, h, rows, arithmetic);
  const ffn: Ffn = layer.ffn!;
  const width = own.ffn;
  let values: Float32Array;
  let multiplier: Float32Array | undefined;
  if ('gateUp' in ffn)
    [values, multiplier] = columns(ffn.gateUp.apply(h, rows, arithmetic), rows, [width, width]);
  else if ('gate' in ffn) {
    values = ffn.gate.apply(h, rows, arithmetic);
    multiplier = ffn.up.apply(h, rows, arithmetic);
  } else values = ffn.up.apply(h, rows, arithmetic);
  const call = { layer: n, name: config.activation, values, rows, width, next: ffn.down.weight };
  arithmetic.nonlinear.activation(multiplier === undefined ? call : { ...call, multiplier });
  roundActivations(values, arithmetic);
  if (multiplier !== undefined) multiplyActivations(values, multiplier, arithmetic);
  return ffn.down.apply(values, rows, arithmetic);
}

function multiply(x: Float32Array, factor: number): void {
  if (factor === 1) return;
  for (let i = 0; i < x.length; i++) x[i] *= factor;
}

function clipAll(x: Float32Array, limit: number): void {
  for (let i = 0; i < x.length; i++) x[i] = Math.min(limit, Math.max(-limit, x[i]));
}
