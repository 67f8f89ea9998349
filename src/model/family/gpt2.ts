import { type Arithmetic, roundActivations } from '../arithmetic.ts';
import { attention } from '../layer/attention.ts';
import type { Checkpoint } from '../checkpoint.ts';
import { columns } from '../layer/columns.ts';
import type { Gpt2Config } from '../config/config.ts';
import { embed, positionsOf, tokensOf } from '../layer/embedding.ts';
import { keyScales } from '../layer/key-scales.ts';
import { addInPlace, Linear, headProduct } from '../layer/linear.ts';
import type { Batch, LoadedModel } from '../model.ts';
import type { Holding } from '../weight/holding.ts';
import { Weights } from '../weight/weights.ts';
import { normalise } from './norms.ts';

/** GPT-2 (Radford et al., 2019): LayerNorm, learned positions, fused q|k|v, plain feed-forward with GELU. */
export function loadGpt2(config: Gpt2Config, checkpoint: Checkpoint, holding?: Holding): LoadedModel {
  const { hidden, heads, headDim, ffn, vocab, epsilon } = config;
  const w = new Weights(checkpoint, holding);
  // The bare GPT2Model, and the first releases of the weights, leave the prefix away.
  const prefix = checkpoint.has('wte.weight') ? '' : 'transformer.';
  const embedding = w.matrix(`${prefix}wte.weight`, vocab, hidden);
  const positionTable = w.matrix(`${prefix}wpe.weight`, config.context, hidden);
  const head = new Linear(config.tied ? embedding : w.head('lm_head.weight', vocab, hidden));
  const norm = (name: string) => w.norm(`${prefix}${name}`, hidden);
  const finalNorm = norm('ln_f');
  const layer = (n: number) => ({
    attentionNorm: norm(`h.${n}.ln_1`),
    qkv: w.conv1d(`${prefix}h.${n}.attn.c_attn`, 3 * hidden, hidden),
    o: w.conv1d(`${prefix}h.${n}.attn.c_proj`, hidden, hidden),
    ffnNorm: norm(`h.${n}.ln_2`),
    up: w.conv1d(`${prefix}h.${n}.mlp.c_fc`, ffn, hidden),
    down: w.conv1d(`${prefix}h.${n}.mlp.c_proj`, hidden, ffn),
  });
  const layers = Array.from({ length: config.layers }, (_, n) => {
    const parts = layer(n);
    const { weight: gain, bias: shift } = parts.attentionNorm;
    const source = {
      weight: parts.qkv.weight,
      from: (head: number) => hidden + head * headDim,
      bias: parts.qkv.bias,
      gain,
      shift,
    };
    return { ...parts, keyScales: keyScales({ kvHeads: heads, headDim }, source) };
  });

  function forward(batch: Batch, arithmetic: Arithmetic): Float32Array {
    const { ids, sequences, onLayer } = tokensOf(batch, { config });
    const rows = ids.length;
    const x = embed(embedding, ids);
    addInPlace(x, embed(positionTable, positionsOf(sequences, config.context)));
    roundActivations(x, arithmetic);
    for (const [n, layer] of layers.entries()) {
      const normed = normalise(x, rows, layer.attentionNorm, epsilon, arithmetic);
      const [q, k, v] = columns(layer.qkv.apply(normed, rows, arithmetic), rows, [hidden, hidden, hidden]);
      const shape = { heads, kvHeads: heads, headDim, causal: true, keyScales: layer.keyScales };
      const attended = attention(n, shape, { q, k, v }, sequences, arithmetic);
      addInPlace(x, layer.o.apply(attended, rows, arithmetic));
      roundActivations(x, arithmetic);

      const h = normalise(x, rows, layer.ffnNorm, epsilon, arithmetic);
      const up = layer.up.apply(h, rows, arithmetic);
      const next = layer.down.weight;
      arithmetic.nonlinear.activation({
        layer: n,
        name: config.activation,
        values: up,
        rows,
        width: ffn,
        next,
      });
      addInPlace(x, layer.down.apply(roundActivations(up, arithmetic), rows, arithmetic));
      roundActivations(x, arithmetic);
      onLayer?.(n + 1, layers.length);
    }
    return normalise(x, rows, finalNorm, epsilon, arithmetic);
  }

  return {
    config,
    linears: w.linears,
    forward,
    logits: (rows, from, to, arithmetic) =>
      headProduct(head, rows.subarray(from * hidden, to * hidden), to - from, arithmetic),
    outputs: vocab,
    weightBytes: () => w.bytes,
  };
}
