import { intOf, intsOf } from './graph.ts';
import type { Site, Value } from './value.ts';

/** Sizes of a fused attention operator. */
export interface AttentionSizes {
  batch: number;
  heads: number;
  kvHeads: number;
  /** Queries, and keys with those of the cache. */
  rows: number;
  keys: number;
  headDim: number;
  valueDim: number;
  /** Width of the input where the operator projects it itself; its matrix is [input, projected]. */
  input?: number;
  projected?: number;
  /** Queries and keys are turned by rotary embedding inside. */
  rotary: boolean;
  /** The heads are an axis of the result. */
  split: boolean;
}

/** Inputs of the operators: where keys, values and the cache of keys stand. */
const PLACES: Readonly<Record<string, { past: number }>> = {
  Attention: { past: 4 },
  MultiHeadAttention: { past: 6 },
  GroupQueryAttention: { past: 3 },
};

/** Sizes of a fused attention operator of ONNX or of ONNX Runtime; undefined where they are not all known. */
export function attentionSizes(site: Site): AttentionSizes | undefined {
  const { node, inputs } = site;
  if (node.op === 'QAttention' || (node.op === 'Attention' && node.domain !== '')) return projecting(site);
  const [query = {}, key = {}, value = {}] = inputs;
  const past = pastLength(inputs[PLACES[node.op].past]);
  if (query.shape === undefined || past === undefined) return undefined;
  const rotary = intOf(node, 'do_rotary', 0) === 1;
  if (query.shape.length === 4 && key.shape?.length === 4) {
    const [batch, heads, rows, headDim] = query.shape;
    const [, kvHeads, length] = key.shape;
    const valueDim = value.shape?.at(-1) ?? headDim;
    return { batch, heads, kvHeads, rows, keys: length + past, headDim, valueDim, rotary, split: true };
  }
  const heads = intOf(node, 'num_heads', intOf(node, 'q_num_heads', 0));
  const kvHeads = intOf(node, 'kv_num_heads', heads);
  if (!(heads > 0 && kvHeads > 0) || query.shape.length < 3) return undefined;
  const [batch, rows] = query.shape;
  if (query.shape.length === 5) {
    // Queries, keys and values behind one another: [batch, rows, heads, 3, width].
    const headDim = query.shape[4];
    return {
      batch,
      heads,
      kvHeads,
      rows,
      keys: rows + past,
      headDim,
      valueDim: headDim,
      rotary,
      split: false,
    };
  }
  const width = query.shape[2];
  if (key.shape === undefined) {
    const headDim = width / (heads + 2 * kvHeads);
    return whole({
      batch,
      heads,
      kvHeads,
      rows,
      keys: rows + past,
      headDim,
      valueDim: headDim,
      rotary,
      split: false,
    });
  }
  const length = key.shape.length === 4 ? key.shape[2] : key.shape[1];
  const headDim = width / heads;
  const valueDim =
    value.shape === undefined
      ? headDim
      : value.shape.length === 4
        ? value.shape[3]
        : value.shape[2] / kvHeads;
  return whole({ batch, heads, kvHeads, rows, keys: length + past, headDim, valueDim, rotary, split: false });
}

/** The operator that multiplies with the matrices of queries, keys and values itself (com.microsoft). */
function projecting({ node, inputs }: Site): AttentionSizes | undefined {
  const [x = {}, weights = {}] = inputs;
  const heads = intOf(node, 'num_heads', 0);
  if (x.shape?.length !== 3 || weights.shape?.length !== 2 || !(heads > 0)) return undefined;
  const past = pastLength(inputs[node.op === 'QAttention' ? 8 : 4], 3);
  if (past === undefined) return undefined;
  const [batch, rows] = x.shape;
  const [input, projected] = weights.shape;
  const [query, , values] = intsOf(node, 'qkv_hidden_sizes') ?? [projected / 3, projected / 3, projected / 3];
  return whole({
    batch,
    heads,
    kvHeads: heads,
    rows,
    keys: rows + past,
    headDim: query / heads,
    valueDim: values / heads,
    input,
    projected,
    rotary: intOf(node, 'do_rotary', 0) === 1,
    split: false,
  });
}

/** Tokens in a cache [batch, heads, tokens, width]; 0 where there is none. */
function pastLength(value: Value | undefined, axis = 2): number | undefined {
  return value === undefined ? 0 : value.shape?.[axis];
}

const whole = (sizes: AttentionSizes): AttentionSizes | undefined =>
  Number.isInteger(sizes.headDim) && Number.isInteger(sizes.valueDim) ? sizes : undefined;
