import { elementsOf, type GraphNode, intOf, isFloating } from '../../onnx/graph.ts';
import { axisOf } from '../../onnx/value.ts';
import { NORM_PASSES, ROPE_PASSES } from '../build.ts';
import type { GraphOperator } from '../model.ts';
import type { NonlinearName } from '../operator.ts';
import type { Found } from './patterns.ts';
import type { GraphView } from './view.ts';

/** Activations by the function that mugi has for them; `as` says where that is another one. */
const ACTIVATIONS: Readonly<Record<string, { function: NonlinearName; as?: true }>> = {
  Relu: { function: 'relu' },
  LeakyRelu: { function: 'relu', as: true },
  PRelu: { function: 'relu', as: true },
  ThresholdedRelu: { function: 'relu', as: true },
  HardSigmoid: { function: 'relu', as: true },
  HardSwish: { function: 'relu', as: true },
  Gelu: { function: 'gelu' },
  FastGelu: { function: 'gelu' },
  BiasGelu: { function: 'gelu' },
  QuickGelu: { function: 'gelu' },
  Swish: { function: 'silu' },
  Sigmoid: { function: 'silu', as: true },
  QLinearSigmoid: { function: 'silu', as: true },
  Tanh: { function: 'silu', as: true },
  Erf: { function: 'silu', as: true },
  Exp: { function: 'silu', as: true },
  Log: { function: 'silu', as: true },
  Elu: { function: 'silu', as: true },
  Selu: { function: 'silu', as: true },
  Celu: { function: 'silu', as: true },
  Softplus: { function: 'silu', as: true },
  Mish: { function: 'silu', as: true },
  Sin: { function: 'silu', as: true },
  Cos: { function: 'silu', as: true },
};

/** The function that stands for an activation by its name in a graph; undefined for others. */
export const activationNamed = (name: string): { function: NonlinearName; as?: true } | undefined =>
  Object.hasOwn(ACTIVATIONS, name) ? ACTIVATIONS[name] : undefined;

const NORMS: Readonly<Record<string, 'rmsnorm' | 'layernorm'>> = {
  LayerNormalization: 'layernorm',
  SkipLayerNormalization: 'layernorm',
  EmbedLayerNormalization: 'layernorm',
  GroupNormalization: 'layernorm',
  GroupNorm: 'layernorm',
  InstanceNormalization: 'layernorm',
  MeanVarianceNormalization: 'layernorm',
  RMSNormalization: 'rmsnorm',
  SimplifiedLayerNormalization: 'rmsnorm',
  SkipSimplifiedLayerNormalization: 'rmsnorm',
};

/** Additions and multiplications of two tensors, by what they cost an element. */
const ARITHMETIC: Readonly<Record<string, 'residual' | 'gate'>> = {
  Add: 'residual',
  Sub: 'residual',
  Sum: 'residual',
  QLinearAdd: 'residual',
  Mul: 'gate',
  Div: 'gate',
  QLinearMul: 'gate',
};

const at = (name: string) => ({ name, count: 1 });
const nonlinear = (name: string, fn: NonlinearName, rows: number, columns: number): GraphOperator => ({
  kind: 'nonlinear',
  ...at(name),
  function: fn,
  rows,
  columns,
});

function normOperator(
  name: string,
  kind: 'rmsnorm' | 'layernorm',
  rows: number,
  width: number,
): GraphOperator {
  const elements = rows * width;
  const { multiplies, adds } = NORM_PASSES[kind];
  return {
    kind: 'elementwise',
    ...at(name),
    function: kind,
    elements,
    multiplies: multiplies * elements,
    adds: adds * elements,
    divides: rows,
  };
}

/** A rotary embedding of so many elements of queries and keys, whose heads share angles. */
export const ropeOperator = (name: string, elements: number, heads: number): GraphOperator => ({
  kind: 'elementwise',
  ...at(name),
  function: 'rope',
  elements,
  multiplies: ROPE_PASSES.multiplies * elements,
  adds: ROPE_PASSES.adds * elements,
  divides: 0,
  angles: elements / 2 / heads,
});

/** What a node beside products costs: operators, or a word for why it costs nothing here. */
export type Cost = { operators: GraphOperator[]; as?: string } | { left: string };

/**
 * The cost of an activation, a norm, a softmax or an element-wise sum or product; undefined for other nodes.
 * `found` is what the node stands for with its neighbours.
 */
export function functionCost(
  view: GraphView,
  node: GraphNode,
  found: Found | undefined,
  name: string,
): Cost | undefined {
  const shape = view.shape(node.inputs[0]);
  const { op } = node;
  const known =
    found !== undefined || Object.hasOwn(ACTIVATIONS, op) || Object.hasOwn(NORMS, op) || isSoftmax(op);
  if (known) {
    if (shape === undefined) return { left: `${op} of unknown size` };
    const elements = elementsOf(shape);
    const last = shape.at(-1) ?? 1;
    if (found === 'silu' || found === 'gelu')
      return { operators: [nonlinear(name, found, elements / last, last)] };
    if (found !== undefined) return { operators: [normOperator(name, found, elements / last, last)] };
    if (isSoftmax(op)) return softmax(node, shape, name);
    if (Object.hasOwn(NORMS, op)) return { operators: normOf(node, shape, name) };
    if (!isFloating(view.value(node.inputs[0]).type) && op !== 'QLinearSigmoid')
      return { left: 'arithmetic on whole numbers' };
    const { function: fn, as } = ACTIVATIONS[op];
    return {
      operators: [nonlinear(name, fn, elements / last, last)],
      ...(as ? { as: `${op} as ${fn}` } : {}),
    };
  }
  if (op === 'Clip' && view.scalar(node.inputs[1]) === 0 && shape !== undefined) {
    const last = shape.at(-1) ?? 1;
    return { operators: [nonlinear(name, 'relu', elementsOf(shape) / last, last)] };
  }
  if (op === 'RotaryEmbedding' && shape !== undefined) {
    // [batch, heads, tokens, dim]; with three axes the graph does not say how many heads share one.
    return { operators: [ropeOperator(name, elementsOf(shape), shape.length === 4 ? shape[1] : 1)] };
  }
  return Object.hasOwn(ARITHMETIC, op) ? arithmetic(view, node, name) : undefined;
}

const isSoftmax = (op: string): boolean => op === 'Softmax' || op === 'LogSoftmax' || op === 'QLinearSoftmax';

function softmax(node: GraphNode, shape: readonly number[], name: string): Cost {
  const axis = axisOf(intOf(node, 'axis', -1), shape.length) ?? shape.length - 1;
  const columns = shape[axis] ?? 1;
  return {
    operators: [nonlinear(name, 'softmax', columns === 0 ? 0 : elementsOf(shape) / columns, columns)],
  };
}

function normOf(node: GraphNode, shape: readonly number[], name: string): GraphOperator[] {
  const elements = elementsOf(shape);
  const images = /^(Group|Instance|MeanVariance)/.test(node.op);
  // Norms of images have a mean a channel or a group; those of tokens one over the last axis.
  const rows = images
    ? shape[0] * intOf(node, 'num_groups', intOf(node, 'groups', shape[1] ?? 1))
    : elements / (shape.at(-1) || 1);
  const norm = normOperator(name, NORMS[node.op], rows, rows === 0 ? 0 : elements / rows);
  if (!node.op.startsWith('Skip')) return [norm];
  return [
    norm,
    {
      kind: 'elementwise',
      ...at(`${name}/residual`),
      function: 'residual',
      elements,
      multiplies: 0,
      adds: elements,
      divides: 0,
    },
  ];
}

function arithmetic(view: GraphView, node: GraphNode, name: string): Cost {
  const { shape, type, data } = view.value(node.outputs[0]);
  if (!isFloating(type) && !node.op.startsWith('QLinear')) return { left: 'arithmetic on whole numbers' };
  if (data !== undefined) return { left: 'arithmetic on sizes' };
  if (shape === undefined) return { left: `${node.op} of unknown size` };
  const isProduct = ARITHMETIC[node.op] === 'gate';
  const inputs = node.op.startsWith('QLinear') ? [node.inputs[0], node.inputs[3]] : node.inputs;
  if (inputs.some((input) => view.isScalar(input)))
    return { left: isProduct ? 'scalings by a constant' : 'sums with a constant' };
  const vector = inputs.some(
    (input) => view.isConstant(input) && elementsOf(view.shape(input) ?? [0, 0]) <= (shape.at(-1) ?? 1),
  );
  if (vector && !isProduct) return { left: 'biases' };
  if (!isProduct && view.next(node).some(({ op }) => isSoftmax(op))) return { left: 'masks of scores' };
  const elements = elementsOf(shape);
  const divides = node.op === 'Div' ? elementsOf(view.shape(node.inputs[1]) ?? shape) : 0;
  const passes = Math.max(1, inputs.length - 1);
  return {
    operators: [
      {
        kind: 'elementwise',
        ...at(name),
        function: ARITHMETIC[node.op],
        elements,
        multiplies: isProduct ? elements : 0,
        adds: isProduct ? 0 : passes * elements,
        divides,
      },
    ],
  };
}
