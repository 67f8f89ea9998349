import { stackMatrices } from './matrices.ts';
import type { Attention, DecoderStack, EncoderStack, LayerSpec, ModelShape } from './model.ts';

/**
 * Parameters of a model: all, and those that one token (or input) passes through in a mixture of experts. Both
 * include the embedding tables. Cards often leave the input embedding out of the active ones: gpt-oss-120b's 5.13 B
 * are 5.71 B here.
 */
export interface ParameterCount {
  total: number;
  active: number;
}

/** Matrices, embedding tables and norm weights; biases are left out (below 0.2 % in the models we know). */
export function parameterCount(model: ModelShape): ParameterCount {
  const sum: ParameterCount = { total: 0, active: 0 };
  for (const stack of model.stacks) {
    if (stack.kind === 'graph') {
      add(sum, stack.parameters);
      continue;
    }
    if (stack.kind === 'gemms') {
      for (const { k, n, count = 1 } of stack.gemms) add(sum, k * n * count);
      continue;
    }
    for (const { k, n, count, active } of stackMatrices(stack)) {
      sum.total += k * n * count;
      sum.active += k * n * active;
    }
    add(sum, stack.kind === 'decoder' ? decoderTables(stack) : encoderTables(stack));
    for (const layer of stack.layers) add(sum, layer.count * besideMatrices(layer));
  }
  return sum;
}

function add(sum: ParameterCount, always: number): void {
  sum.total += always;
  sum.active += always;
}

/** RMSNorm has a scale, LayerNorm a scale and a shift. */
const normWidth = ({ norm, normWeights }: LayerSpec): number => normWeights ?? (norm === 'rmsnorm' ? 1 : 2);

/** The word table, a table of positions and the last norm. */
function decoderTables(stack: DecoderStack): number {
  const [first] = stack.layers;
  const width = stack.embeddingWidth ?? first.hidden;
  return (
    stack.vocabulary * width + (stack.learnedPositions ?? 0) * first.hidden + first.hidden * normWidth(first)
  );
}

function encoderTables({ extra, tableParameters, finalNorm, layers }: EncoderStack): number {
  const last = layers.at(-1)!;
  const products = extra.reduce((sum, { k, n, norm = 0 }) => sum + k * n + 2 * norm, 0);
  return products + tableParameters + (finalNorm ? last.hidden * normWidth(last) : 0);
}

/** Norms over the hidden width, those of queries, keys and latents, and what a recurrence holds. */
function besideMatrices(layer: LayerSpec): number {
  const norms = layer.norms * layer.hidden * normWidth(layer);
  return (
    layer.attention.reduce((sum, one) => sum + attentionNorms(one), norms) + (layer.recurrence?.other ?? 0)
  );
}

const attentionNorms = ({ qkNormWidth = 0, latent, indexer }: Attention): number =>
  qkNormWidth +
  (latent === undefined ? 0 : latent.rank + (latent.queryRank ?? 0)) +
  (indexer === undefined || indexer.shared === true ? 0 : 2 * indexer.dim);

/**
 * Elements that the KV cache keeps of one token, in all layers together: keys and values of every layer that has
 * its own, or their latent, and the keys of an indexer. Layers with a window keep as many, of fewer tokens. 0 for
 * models without a cache.
 */
export function kvElements(model: ModelShape): number {
  let sum = 0;
  for (const stack of model.stacks) {
    if (stack.kind !== 'decoder') continue;
    for (const layer of stack.layers) {
      for (const attention of layer.attention) sum += layer.count * cachedElements(attention);
    }
  }
  return sum;
}

/** Elements of one token in one layer's cache; none for keys and values of another sequence or layer. */
function cachedElements(attention: Attention): number {
  const { kvHeads, headDim, valueDim = headDim, latent, indexer } = attention;
  if (attention.sharesKv === true || attention.crossSequence !== undefined) return 0;
  const index = indexer === undefined || indexer.shared === true ? 0 : indexer.dim;
  return index + (latent === undefined ? kvHeads * (headDim + valueDim) : latent.rank + latent.rotary);
}

/** Elements of the states that recurrent layers keep, whatever the context. */
export const stateElements = (model: ModelShape): number =>
  model.stacks.reduce(
    (sum, stack) =>
      stack.kind === 'decoder'
        ? stack.layers.reduce(
            (all, { count, recurrence }) => all + count * (recurrence?.state.elements ?? 0),
            sum,
          )
        : sum,
    0,
  );
