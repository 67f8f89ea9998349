import { type Arithmetic, roundActivations } from '../arithmetic.ts';
import { attention } from '../layer/attention.ts';
import type { Checkpoint } from '../checkpoint.ts';
import type { LlamaConfig } from '../config/config.ts';
import { embed, positionsOf, tokensOf } from '../layer/embedding.ts';
import { keyScales } from '../layer/key-scales.ts';
import { addInPlace, Linear } from '../layer/linear.ts';
import type { Batch, LoadedModel } from '../model.ts';
import { rmsNorm } from '../layer/norm.ts';
import { applyRope, ropeFrequencies } from '../layer/rope.ts';
import { Weights } from '../weight/weights.ts';

/** Llama, Mistral and Qwen2 (Touvron et al., 2023): RMSNorm, RoPE, grouped-query attention, gated feed-forward. */
export function loadLlama(config: LlamaConfig, checkpoint: Checkpoint): LoadedModel {
  const { hidden, heads, kvHeads, headDim, ffn, vocab, epsilon, rope, qkvBias } = config;
  const w = new Weights(checkpoint);
  const embedding = w.matrix('model.embed_tokens.weight', vocab, hidden);
  const head = new Linear(config.tied ? embedding : w.matrix('lm_head.weight', vocab, hidden));
  const norm = w.vector('model.norm.weight', hidden);
  const layers = Array.from({ length: config.layers }, (_, n) => {
    const at = `model.layers.${n}`;
    const attentionNorm = w.vector(`${at}.input_layernorm.weight`, hidden);
    const k = w.linear(`${at}.self_attn.k_proj`, kvHeads * headDim, hidden, qkvBias);
    const rotary = rope.interleaved ? 'neighbours' : 'half';
    return {
      attentionNorm,
      keyScales: keyScales(config, { weight: k.weight, bias: k.bias, gain: attentionNorm, rotary }),
      q: w.linear(`${at}.self_attn.q_proj`, heads * headDim, hidden, qkvBias),
      k,
      v: w.linear(`${at}.self_attn.v_proj`, kvHeads * headDim, hidden, qkvBias),
      o: w.linear(`${at}.self_attn.o_proj`, hidden, heads * headDim, config.outputBias),
      ffnNorm: w.vector(`${at}.post_attention_layernorm.weight`, hidden),
      gate: w.linear(`${at}.mlp.gate_proj`, ffn, hidden, config.mlpBias),
      up: w.linear(`${at}.mlp.up_proj`, ffn, hidden, config.mlpBias),
      down: w.linear(`${at}.mlp.down_proj`, hidden, ffn, config.mlpBias),
    };
  });
  const frequencies = ropeFrequencies(rope, headDim);

  function forward(batch: Batch, arithmetic: Arithmetic): Float32Array {
    const { ids, sequences } = tokensOf(batch, { config });
    const rows = ids.length;
    const positions = positionsOf(sequences, config.context);
    const x = roundActivations(embed(embedding, ids), arithmetic);
    for (const [n, layer] of layers.entries()) {
      let h = roundActivations(rmsNorm(x, rows, layer.attentionNorm, epsilon), arithmetic);
      const q = layer.q.apply(h, rows, arithmetic);
      const k = layer.k.apply(h, rows, arithmetic);
      const v = layer.v.apply(h, rows, arithmetic);
      applyRope(q, positions, heads, headDim, frequencies, rope.interleaved);
      applyRope(k, positions, kvHeads, headDim, frequencies, rope.interleaved);
      roundActivations(q, arithmetic);
      roundActivations(k, arithmetic);
      const attended = attention(
        n,
        { heads, kvHeads, headDim, causal: true, keyScales: layer.keyScales },
        { q, k, v },
        sequences,
        arithmetic,
      );
      addInPlace(x, layer.o.apply(attended, rows, arithmetic));
      roundActivations(x, arithmetic);

      h = roundActivations(rmsNorm(x, rows, layer.ffnNorm, epsilon), arithmetic);
      const gate = layer.gate.apply(h, rows, arithmetic);
      const up = layer.up.apply(h, rows, arithmetic);
      arithmetic.nonlinear.activation({
        layer: n,
        name: config.activation,
        values: gate,
        rows,
        width: ffn,
        multiplier: up,
        next: layer.down.weight,
      });
      roundActivations(gate, arithmetic);
      for (let i = 0; i < gate.length; i++) gate[i] *= up[i];
      addInPlace(x, layer.down.apply(roundActivations(gate, arithmetic), rows, arithmetic));
      roundActivations(x, arithmetic);
    }
    return roundActivations(rmsNorm(x, rows, norm, epsilon), arithmetic);
  }

  return {
    config,
    linears: w.linears,
    forward,
    logits: (rows, from, to) => head.apply(rows.subarray(from * hidden, to * hidden), to - from),
    outputs: vocab,
    weightBytes: () => w.bytes,
  };
}
