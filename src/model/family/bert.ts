import { MugiError } from '../../errors.ts';
import type { Arithmetic } from '../arithmetic.ts';
import type { Checkpoint } from '../checkpoint.ts';
import type { BertConfig } from '../config/config.ts';
import { embed, positionsOf, tokensOf } from '../layer/embedding.ts';
import { type EncoderLayer, encoderLayer } from './encoder-layer.ts';
import { keyScales } from '../layer/key-scales.ts';
import { addInPlace, addRows, Linear, headProduct } from '../layer/linear.ts';
import type { Batch, LoadedModel } from '../model.ts';
import { activationFunction } from '../layer/nonlinear.ts';
import { normalised } from '../layer/norm.ts';
import type { Holding } from '../weight/holding.ts';
import { Weights } from '../weight/weights.ts';
import { normalise } from './norms.ts';

/** Where the head's weights lie. RoBERTa's head has the error function's GELU whatever its layers have. */
const BERT = {
  model: 'BertForMaskedLM',
  prefix: 'bert.',
  dense: 'cls.predictions.transform.dense',
  norm: 'cls.predictions.transform.LayerNorm',
  bias: 'cls.predictions.bias',
  activation: undefined,
} as const;
const ROBERTA = {
  model: 'RobertaForMaskedLM',
  prefix: 'roberta.',
  dense: 'lm_head.dense',
  norm: 'lm_head.layer_norm',
  bias: 'lm_head.bias',
  activation: 'gelu',
} as const;

/**
 * BERT encoder (Devlin et al., 2018) and RoBERTa (Liu et al., 2019), with the head of a masked language model.
 * @throws MugiError for a checkpoint without the head: nothing could be measured on it
 */
export function loadBert(config: BertConfig, checkpoint: Checkpoint, holding?: Holding): LoadedModel {
  const { hidden, heads, headDim, ffn, vocab, epsilon, activation } = config;
  const names = config.modelType === 'bert' ? BERT : ROBERTA;
  if (!checkpoint.has(`${names.dense}.weight`)) {
    throw new MugiError({
      code: 'unsupported',
      message: `the checkpoint has no language-model head (${names.dense}), so it has no loss`,
      path: checkpoint.path,
      expected: `a ${names.model} checkpoint`,
    });
  }
  const w = new Weights(checkpoint, holding);
  const prefix = checkpoint.has('embeddings.word_embeddings.weight') ? '' : names.prefix;
  // Checkpoints converted from TensorFlow keep its names for the parts of a norm.
  const old = checkpoint.has(`${prefix}embeddings.LayerNorm.gamma`);
  const norm = (name: string) => ({
    weight: w.vector(`${name}.${old ? 'gamma' : 'weight'}`, hidden),
    bias: w.vector(`${name}.${old ? 'beta' : 'bias'}`, hidden),
  });
  const words = w.matrix(`${prefix}embeddings.word_embeddings.weight`, vocab, hidden);
  const positionTable = w.matrix(
    `${prefix}embeddings.position_embeddings.weight`,
    config.firstPosition + config.context,
    hidden,
  );
  const types = w.matrix(`${prefix}embeddings.token_type_embeddings.weight`, config.types, hidden);
  const embeddingNorm = norm(`${prefix}embeddings.LayerNorm`);
  // What a layer reads comes out of the norm before it.
  let { weight: gain, bias: shift } = embeddingNorm;
  const layers = Array.from({ length: config.layers }, (_, n): EncoderLayer => {
    const at = `${prefix}encoder.layer.${n}`;
    const k = w.linear(`${at}.attention.self.key`, hidden, hidden, true);
    const scales = keyScales({ kvHeads: heads, headDim }, { weight: k.weight, bias: k.bias, gain, shift });
    const ffnNorm = norm(`${at}.output.LayerNorm`);
    ({ weight: gain, bias: shift } = ffnNorm);
    return {
      keyScales: scales,
      q: w.linear(`${at}.attention.self.query`, hidden, hidden, true),
      k,
      v: w.linear(`${at}.attention.self.value`, hidden, hidden, true),
      o: w.linear(`${at}.attention.output.dense`, hidden, hidden, true),
      attentionNorm: norm(`${at}.attention.output.LayerNorm`),
      up: w.linear(`${at}.intermediate.dense`, ffn, hidden, true),
      down: w.linear(`${at}.output.dense`, hidden, ffn, true),
      ffnNorm,
    };
  });
  const head = {
    dense: w.outside(names.dense, hidden, hidden),
    norm: norm(names.norm),
    decoder: new Linear(words, w.vector(names.bias, vocab)),
  };

  function forward(batch: Batch, arithmetic: Arithmetic): Float32Array {
    const { ids, sequences } = tokensOf(batch, { config });
    let x = embed(words, ids);
    const positions = positionsOf(sequences, config.context);
    addInPlace(
      x,
      embed(
        positionTable,
        positions.map((at) => at + config.firstPosition),
      ),
    );
    addRows(x, types.rows(0, 1));
    x = normalise(x, ids.length, embeddingNorm, epsilon, arithmetic);
    const shape = { heads, headDim, ffn, activation, epsilon, normFirst: false };
    for (const [n, layer] of layers.entries()) x = encoderLayer(n, layer, shape, x, sequences, arithmetic);
    return x;
  }

  function logits(rows: Float32Array, from: number, to: number, arithmetic?: Arithmetic): Float32Array {
    const h = head.dense.apply(rows.subarray(from * hidden, to * hidden), to - from);
    const f = activationFunction(names.activation ?? activation).exact;
    for (let i = 0; i < h.length; i++) h[i] = f(h[i]);
    const y = normalised(h, to - from, head.norm, epsilon);
    return headProduct(head.decoder, y, to - from, arithmetic);
  }

  return { config, linears: w.linears, forward, logits, outputs: vocab, weightBytes: () => w.bytes };
}
