import { FLOAT, intOf, intsOf } from '../graph.ts';
import { broadcast, type Rule, type Value } from '../value.ts';
import { attentionSizes } from '../attention.ts';
import { einsum } from '../einsum.ts';

/** Sizes of MatMul (numpy's rules): vectors gain an axis, and lose it again. */
function matmulShape(
  a: readonly number[] | undefined,
  b: readonly number[] | undefined,
): number[] | undefined {
  if (a === undefined || b === undefined || a.length === 0 || b.length === 0) return undefined;
  const left = a.length === 1 ? [1, ...a] : a;
  const right = b.length === 1 ? [...b, 1] : b;
  if (left.at(-1) !== right.at(-2)) return undefined;
  const batch = broadcast([left.slice(0, -2), right.slice(0, -2)]);
  if (batch === undefined) return undefined;
  return [...batch, ...(a.length === 1 ? [] : [left.at(-2)!]), ...(b.length === 1 ? [] : [right.at(-1)!])];
}

/** The last two sizes exchanged. */
export const transposed = (shape: readonly number[] | undefined): readonly number[] | undefined =>
  shape === undefined || shape.length < 2 ? undefined : [...shape.slice(0, -2), shape.at(-1)!, shape.at(-2)!];

const matmul: Rule = ({ node, inputs: [a = {}, b = {}] }) => {
  const left = intOf(node, 'transA', 0) === 1 ? transposed(a.shape) : a.shape;
  const right = intOf(node, 'transB', 0) === 1 ? transposed(b.shape) : b.shape;
  return [{ type: node.op === 'MatMulInteger' ? 6 : a.type, shape: matmulShape(left, right) }];
};

const at =
  (index: number): Rule =>
  (site) => {
    const [a = {}] = site.inputs;
    return matmul({ node: site.node, inputs: [a, site.inputs[index] ?? {}] });
  };

/** Activations times a packed matrix whose sizes stand in attributes. */
const packed: Rule = ({ node, inputs: [a = {}] }) => {
  const n = node.attributes.get('N')?.number;
  const shape = a.shape === undefined || n === undefined ? undefined : [...a.shape.slice(0, -1), n];
  return [{ type: a.type, shape }];
};

/** A vision layout: [batch, channels, …space]. */
function convolution(node: Parameters<Rule>[0]['node'], x: Value, w: Value, last = false): Value {
  const [input, filter] = [x.shape, w.shape];
  if (input === undefined || filter === undefined || input.length !== filter.length || input.length < 3)
    return {};
  const space = input.length - 2;
  const sides = last ? input.slice(1, -1) : input.slice(2);
  const kernel = last ? filter.slice(1, -1) : filter.slice(2);
  const strides = intsOf(node, 'strides') ?? Array(space).fill(1);
  const dilations = intsOf(node, 'dilations') ?? Array(space).fill(1);
  const pads = intsOf(node, 'pads') ?? Array(2 * space).fill(0);
  const auto = node.attributes.get('auto_pad')?.text ?? 'NOTSET';
  const out = sides.map((side, i) => {
    if (auto === 'SAME_UPPER' || auto === 'SAME_LOWER') return Math.ceil(side / strides[i]);
    const reach = dilations[i] * (kernel[i] - 1) + 1;
    return Math.floor((side + pads[i] + pads[i + space] - reach) / strides[i]) + 1;
  });
  if (out.some((side) => !(side >= 0))) return {};
  return { type: x.type, shape: last ? [input[0], ...out, filter[0]] : [input[0], filter[0], ...out] };
}

const convTranspose: Rule = ({ node, inputs: [x = {}, w = {}] }) => {
  const [input, filter] = [x.shape, w.shape];
  if (input === undefined || filter === undefined || input.length !== filter.length || input.length < 3)
    return [{}];
  const space = input.length - 2;
  const asked = intsOf(node, 'output_shape');
  const strides = intsOf(node, 'strides') ?? Array(space).fill(1);
  const dilations = intsOf(node, 'dilations') ?? Array(space).fill(1);
  const pads = intsOf(node, 'pads') ?? Array(2 * space).fill(0);
  const more = intsOf(node, 'output_padding') ?? Array(space).fill(0);
  const out = input.slice(2).map((side, i) => {
    const reach = dilations[i] * (filter[i + 2] - 1) + 1;
    return asked?.[i] ?? strides[i] * (side - 1) + more[i] + reach - pads[i] - pads[i + space];
  });
  if (out.some((side) => !(side >= 0))) return [{}];
  return [{ type: x.type, shape: [input[0], filter[1] * intOf(node, 'group', 1), ...out] }];
};

/** LSTM, GRU, RNN: [sequence, directions, batch, hidden], and the last states. */
const recurrent: Rule = ({ node, inputs: [x = {}, , r = {}] }) => {
  if (x.shape?.length !== 3 || r.shape?.length !== 3) return [{}];
  const [directions, , hidden] = r.shape;
  const first = intOf(node, 'layout', 0) === 1;
  const [sequence, batch] = first ? [x.shape[1], x.shape[0]] : [x.shape[0], x.shape[1]];
  const state = { type: x.type, shape: first ? [batch, directions, hidden] : [directions, batch, hidden] };
  const all = first ? [batch, sequence, directions, hidden] : [sequence, directions, batch, hidden];
  return [{ type: x.type, shape: all }, state, state];
};

const attention: Rule = (site) => {
  const sizes = attentionSizes(site);
  if (sizes === undefined) return [{}];
  const { batch, heads, kvHeads, rows, keys, headDim, valueDim, split } = sizes;
  const type = site.inputs[0]?.type;
  const shape = split ? [batch, heads, rows, valueDim] : [batch, rows, heads * valueDim];
  return [
    { type, shape },
    { type, shape: [batch, kvHeads, keys, headDim] },
    { type, shape: [batch, kvHeads, keys, valueDim] },
  ];
};

export const PRODUCTS: Readonly<Record<string, Rule>> = {
  MatMul: matmul,
  FusedMatMul: matmul,
  MatMulInteger: matmul,
  QLinearMatMul: at(3),
  DynamicQuantizeMatMul: (site) => [{ ...matmul(site)[0], type: FLOAT }],
  MatMulIntegerToFloat: (site) => [{ ...matmul(site)[0], type: FLOAT }],
  Gemm: matmul,
  GemmFastGelu: matmul,
  FusedGemm: matmul,
  QGemm: at(3),
  MatMulNBits: packed,
  MatMulBnb4: packed,
  MatMulFpQ4: packed,
  Conv: ({ node, inputs: [x = {}, w = {}] }) => [convolution(node, x, w)],
  FusedConv: ({ node, inputs: [x = {}, w = {}] }) => [convolution(node, x, w)],
  ConvInteger: ({ node, inputs: [x = {}, w = {}] }) => [{ ...convolution(node, x, w), type: 6 }],
  NhwcConv: ({ node, inputs: [x = {}, w = {}] }) => [convolution(node, x, w, true)],
  QLinearConv: ({ node, inputs }) => [convolution(node, inputs[0] ?? {}, inputs[3] ?? {})],
  ConvTranspose: convTranspose,
  Einsum: ({ node, inputs }) => [
    { type: inputs[0]?.type, shape: einsum(node.attributes.get('equation')?.text ?? '', inputs)?.shape },
  ],
  LSTM: recurrent,
  GRU: recurrent,
  RNN: recurrent,
  Attention: attention,
  QAttention: attention,
  MultiHeadAttention: attention,
  GroupQueryAttention: attention,
};

/** Operators that multiply matrices and whose sizes are known. */
export const PRODUCT_RULES: ReadonlySet<string> = new Set(Object.keys(PRODUCTS));
