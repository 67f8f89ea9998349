import type { Attention, DecoderStack, EncoderStack, Ffn, LayerSpec, ModelShape } from './model.ts';

/** Parameters of a model: all, and those that one token (or input) passes through in a mixture of experts. */
export interface ParameterCount {
  total: number;
  active: number;
}

/** Matrices, embedding tables and norm weights; biases are left out (below 0.2 % in the models we know). */
export function parameterCount(model: ModelShape): ParameterCount {
  const sum: ParameterCount = { total: 0, active: 0 };
  for (const stack of model.stacks) {
    const fixed =
      stack.kind === 'decoder'
        ? decoderTables(stack)
        : stack.kind === 'encoder'
          ? encoderTables(stack)
          : products(stack.gemms);
    sum.total += fixed;
    sum.active += fixed;
    if (stack.kind === 'gemms') continue;
    for (const layer of stack.layers) {
      const rest = layer.count * layerWithoutFfn(layer);
      const ffn = layer.ffn === undefined ? { total: 0, active: 0 } : ffnParameters(layer.hidden, layer.ffn);
      sum.total += rest + layer.count * ffn.total;
      sum.active += rest + layer.count * ffn.active;
    }
  }
  return sum;
}

const products = (gemms: readonly { k: number; n: number }[]): number =>
  gemms.reduce((sum, { k, n }) => sum + k * n, 0);

/** RMSNorm has a scale, LayerNorm a scale and a shift. */
const normWidth = (kind: LayerSpec['norm']): number => (kind === 'rmsnorm' ? 1 : 2);

function decoderTables(stack: DecoderStack): number {
  const { hidden, norm } = stack.layers[0];
  const width = stack.embeddingWidth ?? hidden;
  const words = stack.vocabulary * width * (stack.tiedEmbeddings ? 1 : 2);
  const projections = width === hidden ? 0 : 2 * width * hidden;
  return words + projections + (stack.learnedPositions ?? 0) * hidden + hidden * normWidth(norm);
}

const encoderTables = ({ extra, tableParameters, finalNorm, layers }: EncoderStack): number =>
  products(extra) +
  extra.reduce((sum, { norm = 0 }) => sum + 2 * norm, 0) +
  tableParameters +
  (finalNorm ? 2 * layers.at(-1)!.hidden : 0);

function layerWithoutFfn({ hidden, attention, norm, norms }: LayerSpec): number {
  const matrices = attention.reduce((sum, one) => sum + attentionParameters(hidden, one), 0);
  return matrices + norms * hidden * normWidth(norm);
}

/** Wq and Wo are hidden × heads·headDim, Wk and Wv hidden × kvHeads·headDim. */
const attentionParameters = (hidden: number, { heads, kvHeads, headDim }: Attention): number =>
  2 * hidden * headDim * (heads + kvHeads);

function ffnParameters(hidden: number, { hidden: width, gated, experts }: Ffn): ParameterCount {
  const network = (size: number): number => (gated ? 3 : 2) * hidden * size;
  if (experts === undefined) return { total: network(width), active: network(width) };
  const { total, active, shared, sharedHidden = width } = experts;
  const always = hidden * total + shared * network(sharedHidden);
  return { total: always + total * network(width), active: always + active * network(width) };
}
