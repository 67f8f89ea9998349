import { attentionSizes } from '../../onnx/attention.ts';
import { einsum } from '../../onnx/einsum.ts';
import { elementsOf, type GraphNode, intOf } from '../../onnx/graph.ts';
import { transposed } from '../../onnx/shapes/products.ts';
import { broadcast } from '../../onnx/value.ts';
import type { Format, GraphOperator } from '../model.ts';
import { ropeOperator } from './functions.ts';
import type { GraphView, Weight } from './view.ts';

/** A product of a graph: of activations with a weight of the file, or of two activations. */
export interface Product {
  /** Products of this shape on the same or on as many own matrices. */
  batch: number;
  m: number;
  k: number;
  n: number;
  weight?: Weight;
  /** Width of the weight, where the operator says more than its tensor. */
  format?: Format;
}

/** What a node is made of, or why it cannot be told. */
export type Made = { operators: GraphOperator[]; weights: Weight[] } | string;

/** What stands where in the quantised forms: the index of the second factor, and of its scale and zero point. */
const SECOND: Readonly<Record<string, { b: number; scales: readonly number[] }>> = {
  QLinearMatMul: { b: 3, scales: [4, 5] },
  QGemm: { b: 3, scales: [4, 5] },
  QLinearConv: { b: 3, scales: [4, 5] },
  MatMulInteger: { b: 1, scales: [3] },
  ConvInteger: { b: 1, scales: [3] },
  DynamicQuantizeMatMul: { b: 1, scales: [2, 3] },
  MatMulIntegerToFloat: { b: 1, scales: [3, 5] },
};

/** Input and second factor of a node, with the width of a weight there. */
function factors(view: GraphView, node: GraphNode) {
  const { b: at, scales } = SECOND[node.op] ?? { b: 1, scales: [] };
  const b = node.inputs[at] ?? '';
  const weight = b === '' ? undefined : view.weightOf(b);
  const format =
    weight?.format === undefined || scales.length === 0
      ? weight?.format
      : {
          bits: weight.format.bits,
          scaleBits: view.scaleBits(
            weight.elements,
            scales.map((i) => node.inputs[i]),
          ),
        };
  return { a: view.shape(node.inputs[0]), b: view.shape(b), weight, format };
}

const UNKNOWN = 'the sizes of its inputs cannot be told';

/** The GEMMs of a node, or why they cannot be told. */
export function productsOf(view: GraphView, node: GraphNode): Product[] | string {
  switch (node.op) {
    case 'MatMulNBits':
    case 'MatMulBnb4':
    case 'MatMulFpQ4':
      return packed(view, node);
    case 'Conv':
    case 'FusedConv':
    case 'ConvInteger':
    case 'QLinearConv':
    case 'NhwcConv':
      return convolution(view, node);
    case 'ConvTranspose':
      return convTranspose(view, node);
    case 'Einsum':
      return contraction(view, node);
    case 'LSTM':
      return recurrent(view, node, 4);
    case 'GRU':
      return recurrent(view, node, 3);
    case 'RNN':
      return recurrent(view, node, 1);
    default:
      return matmul(view, node);
  }
}

function matmul(view: GraphView, node: GraphNode): Product[] | string {
  const { a, b, weight, format } = factors(view, node);
  const left = intOf(node, 'transA', 0) === 1 ? transposed(a) : a;
  const right = intOf(node, 'transB', 0) === 1 ? transposed(b) : b;
  if (left === undefined || right === undefined || left.length === 0 || right.length === 0) return UNKNOWN;
  const k = left.at(-1)!;
  const n = right.length === 1 ? 1 : right.at(-1)!;
  const inner = right.length === 1 ? right[0] : right.at(-2)!;
  if (k !== inner) return `its inner sizes ${k} and ${inner} differ`;
  const rows = left.length === 1 ? 1 : left.at(-2)!;
  const over = broadcast([left.slice(0, -2), right.slice(0, -2)]);
  if (over === undefined) return UNKNOWN;
  const all = elementsOf(over);
  if (weight !== undefined) {
    // One matrix for every row, or as many matrices as the second factor has.
    const matrices = elementsOf(right.slice(0, -2));
    const m = matrices === 1 ? all * rows : (all / matrices) * rows;
    return [{ batch: matrices, m, k, n, weight, format }];
  }
  const first = view.weightOf(node.inputs[0] ?? '');
  if (first !== undefined) {
    // A weight on the left: the transposed product has it on the weight side.
    const matrices = elementsOf(left.slice(0, -2));
    return [{ batch: matrices, m: (all / matrices) * n, k, n: rows, weight: first, format: first.format }];
  }
  return [{ batch: all, m: rows, k, n }];
}

/** A packed matrix: its sizes, bits and blocks are attributes. */
function packed(view: GraphView, node: GraphNode): Product[] | string {
  const a = view.shape(node.inputs[0]);
  const [k, n] = ['K', 'N'].map((name) => intOf(node, name, 0));
  if (a === undefined) return UNKNOWN;
  if (!(k > 0 && n > 0) || a.at(-1) !== k)
    return `its K and N are ${k} and ${n}, its input ends with ${a.at(-1)}`;
  const bits = intOf(node, 'bits', 4);
  if (!(bits >= 1 && bits <= 16)) return `its weights have ${bits} bits`;
  const weight = { name: node.inputs[1] ?? node.name, elements: k * n, stored: bits };
  const scaleBits = view.scaleBits(k * n, [
    node.inputs[2],
    node.op === 'MatMulNBits' ? node.inputs[3] : undefined,
  ]);
  const format = { bits, scaleBits };
  return [{ batch: 1, m: elementsOf(a) / k, k, n, weight: { ...weight, format }, format }];
}

/** A convolution as its im2col product: one a group. */
function convolution(view: GraphView, node: GraphNode): Product[] | string {
  const { a, b, weight, format } = factors(view, node);
  const out = view.shape(node.outputs[0]);
  if (a === undefined || b === undefined || out === undefined || b.length < 3) return UNKNOWN;
  const groups = intOf(node, 'group', 1);
  const last = node.op === 'NhwcConv';
  const pixels = elementsOf(out) / out.at(last ? -1 : 1)!;
  const product = { batch: groups, m: pixels, k: elementsOf(b.slice(1)), n: b[0] / groups };
  if (!Number.isInteger(product.n)) return `its ${b[0]} filters do not divide into ${groups} groups`;
  return [{ ...product, ...(weight === undefined ? {} : { weight, format }) }];
}

/** A transposed convolution: every input pixel gives a window of outputs. */
function convTranspose(view: GraphView, node: GraphNode): Product[] | string {
  const { a, b, weight, format } = factors(view, node);
  if (a === undefined || b === undefined || b.length < 3) return UNKNOWN;
  const groups = intOf(node, 'group', 1);
  const k = b[0] / groups;
  if (!Number.isInteger(k)) return `its ${b[0]} channels do not divide into ${groups} groups`;
  const m = elementsOf(a) / a[1];
  return [
    { batch: groups, m, k, n: elementsOf(b.slice(1)), ...(weight === undefined ? {} : { weight, format }) },
  ];
}

function contraction(view: GraphView, node: GraphNode): Product[] | string {
  const inputs = node.inputs.map((name) => view.value(name));
  const found = einsum(node.attributes.get('equation')?.text ?? '', inputs);
  if (found === undefined) return UNKNOWN;
  if (node.inputs.length < 2) return [];
  const { batch, m, k, n } = found;
  const [a, b] = node.inputs.map((name) => view.weightOf(name));
  if (b !== undefined) return [{ batch, m, k, n, weight: b, format: b.format }];
  return a === undefined ? [{ batch, m, k, n }] : [{ batch, m: n, k, n: m, weight: a, format: a.format }];
}

/** Products of a recurrent layer with its input at once, and with its state step by step. */
function recurrent(view: GraphView, node: GraphNode, gates: number): Product[] | string {
  const [x, w, r] = [0, 1, 2].map((i) => view.shape(node.inputs[i]));
  if (x?.length !== 3 || w?.length !== 3 || r?.length !== 3) return UNKNOWN;
  const [directions, width, input] = w;
  const hidden = r[2];
  if (width !== gates * hidden || x[2] !== input)
    return `its matrices ${w.join(' × ')} and ${r.join(' × ')} do not fit`;
  const first = intOf(node, 'layout', 0) === 1;
  const [sequence, batch] = first ? [x[1], x[0]] : [x[0], x[1]];
  const of = (i: number) => view.weightOf(node.inputs[i] ?? '');
  const [wide, state] = [of(1), of(2)];
  return [
    {
      batch: directions,
      m: sequence * batch,
      k: input,
      n: width,
      ...(wide === undefined ? {} : { weight: wide, format: wide.format }),
    },
    {
      batch: directions,
      m: sequence * batch,
      k: hidden,
      n: width,
      ...(state === undefined ? {} : { weight: state, format: state.format }),
    },
  ];
}

/** A fused attention operator: its products, its softmax, and the projection where it holds it. */
export function attentionOf(view: GraphView, node: GraphNode, name: string): Made {
  const inputs = node.inputs.map((one) => (one === '' ? undefined : view.value(one)));
  const sizes = attentionSizes({ node, inputs });
  if (sizes === undefined) return UNKNOWN;
  const { batch, heads, kvHeads, rows, keys, headDim, valueDim, input, projected, rotary } = sizes;
  if (heads % kvHeads !== 0) return `its ${heads} heads do not share ${kvHeads}`;
  const product = {
    kind: 'gemm',
    group: 'attention',
    batch: batch * kvHeads,
    m: (heads / kvHeads) * rows,
    count: 1,
  } as const;
  const weight = input === undefined ? undefined : view.weightOf(node.inputs[1]);
  const operators: GraphOperator[] = [];
  if (input !== undefined && projected !== undefined) {
    const format = weight?.format;
    const shape = { batch: 1, m: batch * rows, k: input, n: projected, count: 1 };
    operators.push({
      kind: 'gemm',
      name: `${name}/qkv`,
      group: 'projection',
      weights: true,
      format,
      ...shape,
    });
  }
  if (rotary) {
    const turned = heads + kvHeads;
    operators.push(ropeOperator(`${name}/rope`, batch * rows * turned * headDim, turned));
  }
  operators.push(
    { ...product, name: `${name}/q·kT`, weights: false, k: headDim, n: keys },
    { ...product, name: `${name}/a·v`, weights: false, k: keys, n: valueDim },
    {
      kind: 'nonlinear',
      name: `${name}/softmax`,
      function: 'softmax',
      rows: batch * heads * rows,
      columns: keys,
      count: 1,
    },
  );
  return { operators, weights: weight === undefined ? [] : [weight] };
}
