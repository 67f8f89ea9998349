import { MugiError } from '../../errors.ts';
import { type Arithmetic, roundActivations } from '../arithmetic.ts';
import type { Checkpoint } from '../checkpoint.ts';
import type { WhisperConfig } from '../config/config.ts';
import { attention, type Sequence } from '../layer/attention.ts';
import { crossAttention, heldKv } from '../layer/cross-attention.ts';
import { embed, positionsOf } from '../layer/embedding.ts';
import { KvCache } from '../layer/kv-cache.ts';
import type { LayerKv } from '../layer/layer-kv.ts';
import { addInPlace, Linear, headProduct } from '../layer/linear.ts';
import type { Norm } from '../layer/norm.ts';
import type { Batch, Listener, LoadedModel } from '../model.ts';
import type { Holding } from '../weight/holding.ts';
import { Weights } from '../weight/weights.ts';
import { blockReader, whisperEncoder } from './whisper-encoder.ts';
import { normalise } from './norms.ts';

/** Whisper (Radford et al., 2022): speech to text, the output matrix tied to the embedding of tokens. */
export function loadWhisper(config: WhisperConfig, checkpoint: Checkpoint, holding?: Holding): LoadedModel {
  const { hidden, vocab, epsilon, context, activation, encoder, decoder, sourcePositions } = config;
  const { heads, ffn } = decoder;
  const w = new Weights(checkpoint, holding);
  // The bare WhisperModel leaves the prefix away.
  const prefix = checkpoint.has('decoder.embed_tokens.weight') ? '' : 'model.';
  const hear = whisperEncoder(config, w, `${prefix}encoder.`);
  const { norm, projections } = blockReader(w, hidden);
  const heard = {
    weight: w.read(`${prefix}encoder.layer_norm.weight`, [hidden]),
    bias: w.read(`${prefix}encoder.layer_norm.bias`, [hidden]),
  };
  const tokens = w.matrix(`${prefix}decoder.embed_tokens.weight`, vocab, hidden);
  const positions = w.matrix(`${prefix}decoder.embed_positions.weight`, context, hidden);
  const head = new Linear(tokens);
  const layers = Array.from({ length: decoder.layers }, (_, n) => {
    const at = `${prefix}decoder.layers.${n}`;
    const selfNorm = norm(`${at}.self_attn_layer_norm`);
    return {
      selfNorm,
      self: projections(`${at}.self_attn`, heads, selfNorm),
      crossNorm: norm(`${at}.encoder_attn_layer_norm`),
      // What its keys are made from comes out of the encoder's last norm.
      cross: projections(`${at}.encoder_attn`, heads, heard),
      ffnNorm: norm(`${at}.final_layer_norm`),
      up: w.linear(`${at}.fc1`, ffn, hidden, true),
      down: w.linear(`${at}.fc2`, hidden, ffn, true),
    };
  });
  const last = norm(`${prefix}decoder.layer_norm`);
  const shapeOf = (causal: boolean, keyScales: () => Float32Array) => ({
    heads,
    kvHeads: heads,
    headDim: hidden / heads,
    causal,
    keyScales,
  });

  /** Keys and values of cross-attention: of every layer, of every sound. */
  function held(sound: Float32Array, count: number, arithmetic: Arithmetic): LayerKv[][] {
    return layers.map(({ cross }, n) => {
      const k = cross.k.apply(sound, count * sourcePositions, arithmetic);
      const v = cross.v.apply(sound, count * sourcePositions, arithmetic);
      const shape = shapeOf(false, cross.keyScales);
      const size = sourcePositions * hidden;
      return Array.from({ length: count }, (_, i) => {
        const part = (x: Float32Array) => x.subarray(i * size, (i + 1) * size);
        return heldKv(encoder.layers + decoder.layers + n, shape, { k: part(k), v: part(v) }, arithmetic);
      });
    });
  }

  function write(
    ids: Int32Array,
    sequences: readonly Sequence[],
    memory: LayerKv[][],
    arithmetic: Arithmetic,
  ): Float32Array {
    const rows = ids.length;
    const each = sequences.map((sequence) => sequence.rows);
    const normed = (x: Float32Array, norm: Norm) => normalise(x, rows, norm, epsilon, arithmetic);
    const x = embed(tokens, ids);
    addInPlace(x, embed(positions, positionsOf(sequences, context)));
    roundActivations(x, arithmetic);
    const add = (y: Float32Array) => {
      addInPlace(x, y);
      roundActivations(x, arithmetic);
    };
    for (const [n, layer] of layers.entries()) {
      const { self, cross } = layer;
      const h = normed(x, layer.selfNorm);
      const q = self.q.apply(h, rows, arithmetic);
      const k = self.k.apply(h, rows, arithmetic);
      const v = self.v.apply(h, rows, arithmetic);
      const own = shapeOf(true, self.keyScales);
      // Caches count the decoder's layers; places count the encoder's before them.
      const place = encoder.layers + n;
      add(self.o.apply(attention(place, own, { q, k, v }, sequences, arithmetic, n), rows, arithmetic));
      const asked = cross.q.apply(normed(x, layer.crossNorm), rows, arithmetic);
      const other = shapeOf(false, cross.keyScales);
      const found = crossAttention(place + decoder.layers, other, asked, memory[n], each, arithmetic);
      add(cross.o.apply(found, rows, arithmetic));
      const up = layer.up.apply(normed(x, layer.ffnNorm), rows, arithmetic);
      const next = layer.down.weight;
      arithmetic.nonlinear.activation({
        layer: place,
        name: activation,
        values: up,
        rows,
        width: ffn,
        next,
      });
      add(layer.down.apply(roundActivations(up, arithmetic), rows, arithmetic));
    }
    return normed(x, last);
  }

  function forward(batch: Batch, arithmetic: Arithmetic): Float32Array {
    if (batch.kind !== 'speech') {
      throw new MugiError({
        code: 'invalid-value',
        message: 'a whisper model reads speech: name it with `audio`',
        path: 'audio',
      });
    }
    const { mel, ids, sequences } = batch;
    const memory = held(hear(mel, sequences.length, arithmetic), sequences.length, arithmetic);
    const result = write(ids, sequences, memory, arithmetic);
    for (const kv of memory.flat()) kv.dispose();
    return result;
  }

  const logits = (rows: Float32Array, from: number, to: number, arithmetic?: Arithmetic): Float32Array =>
    headProduct(head, rows.subarray(from * hidden, to * hidden), to - from, arithmetic);

  function listen(mel: Float32Array, arithmetic: Arithmetic): Listener {
    const memory = held(hear(mel, 1, arithmetic), 1, arithmetic);
    const cache = new KvCache({ kvHeads: heads, headDim: hidden / heads });
    return {
      next(ids) {
        const sequences = [{ rows: ids.length, cache }];
        const rows = write(Int32Array.from(ids), sequences, memory, arithmetic);
        return logits(rows, ids.length - 1, ids.length, arithmetic);
      },
      dispose() {
        for (const kv of memory.flat()) kv.dispose();
      },
    };
  }

  return { config, linears: w.linears, forward, logits, listen, outputs: vocab, weightBytes: () => w.bytes };
}
