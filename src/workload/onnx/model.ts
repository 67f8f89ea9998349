import { MugiError } from '../../errors.ts';
import { elementsOf, type Graph, type GraphNode, type OnnxModel } from '../../onnx/graph.ts';
import { type Dims, inferred } from '../../onnx/infer.ts';
import { readOnnx } from '../../onnx/read.ts';
import { PRODUCT_RULES } from '../../onnx/shapes/products.ts';
import { STRUCTURE } from '../../onnx/shapes/structure.ts';
import { UNSTATED } from '../hf/formats.ts';
import type { GraphOperator, ModelShape } from '../model.ts';
import { edgesOf, mergedEdges, type Places } from './edges.ts';
import { activationNamed, functionCost } from './functions.ts';
import { Ledger } from './ledger.ts';
import { merged } from './merged.ts';
import { findPatterns } from './patterns.ts';
import { attentionOf, productsOf } from './products.ts';
import { GraphView } from './view.ts';

const ATTENTION = new Set(['Attention', 'QAttention', 'MultiHeadAttention', 'GroupQueryAttention']);
/** Nodes that move, choose or repack data, or compute sizes. */
const MOVING = new Set([
  ...Object.keys(STRUCTURE),
  ...'Cast CastLike Identity Dropout Pad Where ScatterND ScatterElements GatherBlockQuantized DepthToSpace SpaceToDepth'.split(
    ' ',
  ),
]);
const QUANTISING = new Set(['QuantizeLinear', 'DequantizeLinear', 'DynamicQuantizeLinear']);
/** Names of operators that multiply matrices, whoever defines them. */
const MULTIPLIES = /MatMul|Gemm|Conv|Attention|MoE|Einsum|LSTM|GRU|RNN|Mamba/;
/** A matrix of as many elements in an unknown operator is no setting. */
const LARGE = 4096;
/** Beyond it, sums of products are not exact. */
const MOST_MACS = 2 ** 53;

/**
 * An ONNX model as a workload: one run of its graph. What costs nothing here is named in the notes.
 * @param dims sizes that the graph leaves open, by their names in the file
 * @throws MugiError for a file that is no ONNX model, open sizes that `dims` does not give, and operators whose
 *   products cannot be told
 */
export function modelFromOnnx(bytes: Uint8Array, path: string, name: string, dims: Dims = {}): ModelShape {
  const model = readOnnx(bytes, path);
  const { graph } = model;
  refuseFunctions(model, path);
  const view = new GraphView(graph, inferred(graph, dims, path));
  const ledger = new Ledger();
  const found = findPatterns(view, (weight, elements) => ledger.weigh(weight, elements));
  const made = new Map<GraphNode, Places>();
  for (const node of view.nodes) {
    if (view.claimed.has(node) && !found.has(node)) continue;
    const from = ledger.operators.length;
    if (PRODUCT_RULES.has(node.op) && !ATTENTION.has(node.op)) addProducts(view, node, ledger, path);
    else if (ATTENTION.has(node.op)) {
      const attention = attentionOf(view, node, node.name);
      if (typeof attention === 'string') throw untold(node, path, attention);
      ledger.add(attention.operators);
      for (const weight of attention.weights) ledger.weigh(weight.name, weight.elements);
    } else addOther(view, node, found, ledger, path);
    made.set(node, [from, ledger.operators.length]);
  }
  const { operators, parameters, notes } = ledger;
  if (!operators.some(({ kind }) => kind === 'gemm')) {
    throw new MugiError({
      code: 'unsupported',
      message: 'the graph multiplies no matrices: there is nothing to run on an array',
      path,
      expected: 'MatMul, Gemm, Conv or attention nodes',
      received: [...new Set(view.nodes.map(({ op }) => op))].slice(0, 20).join(', ') || 'no nodes',
    });
  }
  const stored = storedBits(operators);
  const once = merged(operators);
  return {
    name,
    title: `${name} (ONNX graph)`,
    source: path,
    stacks: [
      {
        kind: 'graph',
        operators: once.operators,
        edges: mergedEdges(edgesOf(view, operators, made, found), once.places),
        parameters,
      },
    ],
    ...(stored === undefined ? {} : { weightBits: stored }),
    notes: [
      ...(stored === undefined
        ? [UNSTATED]
        : [`the file stores most weights in ${Number(stored.toPrecision(3))} bits`]),
      ...notes,
    ],
  };
}

function addProducts(view: GraphView, node: GraphNode, ledger: Ledger, path: string): void {
  const products = productsOf(view, node);
  if (typeof products === 'string') throw untold(node, path, products);
  const final = view.graph.outputs.some(({ name }) => node.outputs.includes(name));
  products.forEach(({ batch, m, k, n, weight, format }, i) => {
    if (!(batch * m * k * n <= MOST_MACS))
      throw untold(node, path, `${batch} × ${m} × ${k} × ${n} is beyond any machine`);
    if (weight !== undefined) ledger.weigh(weight.name, weight.elements);
    const name = products.length === 1 ? node.name : `${node.name}/${i + 1}`;
    const group =
      weight === undefined ? 'attention' : final ? 'output' : FFN.test(name) ? 'ffn' : 'projection';
    const floating =
      weight === undefined ? undefined : ({ bits: weight.stored, scaleBits: 0, floating: true } as const);
    ledger.add([
      {
        kind: 'gemm',
        name,
        group,
        batch,
        m,
        k,
        n,
        weights: weight !== undefined,
        format: format ?? floating,
        count: 1,
      },
    ]);
  });
  if (RECURRENT.has(node.op)) {
    ledger.leave('functions and products of gates', node.op);
    ledger.leave('the order of recurrent steps, whose products with the state count as one product', node.op);
  }
  addFused(view, node, ledger);
}

/** Layers whose product with their state takes a step a token. */
const RECURRENT = new Set(['LSTM', 'GRU', 'RNN']);

/** The activation that a fused product holds, priced as the same activation by itself. */
function addFused(view: GraphView, node: GraphNode, ledger: Ledger): void {
  const name = node.op === 'GemmFastGelu' ? 'FastGelu' : (node.attributes.get('activation')?.text ?? '');
  if (name === '') return;
  const known = activationNamed(name);
  const out = view.shape(node.outputs[0]);
  if (known === undefined || out === undefined)
    return ledger.leave('activations fused into products', `${name} of ${node.op}`);
  if (known.as) ledger.stand(`${name} as ${known.function}`);
  const columns = out.at(-1) ?? 1;
  const rows = elementsOf(out) / Math.max(1, columns);
  ledger.add([
    {
      kind: 'nonlinear',
      name: `${node.name}/${known.function}`,
      function: known.function,
      rows,
      columns,
      count: 1,
    },
  ]);
}

/** What exporters call the matrices of a feed-forward network. */
const FFN = /mlp|ffn|feed_?forward|\bfc\d|intermediate|(gate|up|down)_proj/i;

function addOther(
  view: GraphView,
  node: GraphNode,
  found: ReturnType<typeof findPatterns>,
  ledger: Ledger,
  path: string,
): void {
  const cost = functionCost(view, node, found.get(node), node.name);
  addTables(view, node, ledger);
  if (cost !== undefined) {
    if ('left' in cost) return ledger.leave(cost.left, node.op);
    if (cost.as !== undefined) ledger.stand(cost.as);
    return ledger.add(cost.operators);
  }
  if (MOVING.has(node.op)) return ledger.leave('moving data and computing sizes', node.op);
  if (QUANTISING.has(node.op)) return ledger.leave('changing the format of values', node.op);
  const hidden = [...node.attributes.values()]
    .flatMap(({ graph }) => (graph === undefined ? [] : [graph]))
    .some(multiplies);
  const large = node.inputs.some((name) => {
    const shape = view.shape(name);
    return (
      shape !== undefined &&
      shape.length >= 2 &&
      elementsOf(shape) >= LARGE &&
      view.weightOf(name) !== undefined
    );
  });
  if (hidden)
    throw untold(
      node,
      path,
      'products stand in a graph inside it, and how often that runs is not in the file',
    );
  if (MULTIPLIES.test(node.op) || (large && node.op !== 'BatchNormalization')) {
    throw untold(node, path, `${node.domain === '' ? '' : `${node.domain}.`}${node.op} is not modelled`);
  }
  ledger.leave('not modelled', node.op);
}

const multiplies = (graph: Graph): boolean =>
  graph.nodes.some(
    ({ op, attributes }) =>
      MULTIPLIES.test(op) ||
      [...attributes.values()].some(({ graph: inner }) => inner !== undefined && multiplies(inner)),
  );

/** Tables that are looked up, and weights of norms. */
function addTables(view: GraphView, node: GraphNode, ledger: Ledger): void {
  const first = node.inputs[0] ?? '';
  if ((node.op === 'Gather' || node.op === 'GatherBlockQuantized') && (view.shape(first)?.length ?? 0) >= 2) {
    const weight = view.weightOf(first);
    if (weight !== undefined) ledger.weigh(weight.name, weight.elements);
  }
  if (!/Norm/.test(node.op)) return;
  for (const name of node.inputs) {
    const weight = name === '' ? undefined : view.weightOf(name);
    if (weight !== undefined && (view.shape(name)?.length ?? 0) === 1)
      ledger.weigh(weight.name, weight.elements);
  }
}

function refuseFunctions({ graph, functions }: OnnxModel, path: string): void {
  const own = new Set(functions);
  const used = graph.nodes.find(
    ({ domain, op }) => own.has(`${domain}:${op}`) && !PRODUCT_RULES.has(op) && domain !== '',
  );
  if (used === undefined) return;
  throw untold(
    used,
    path,
    `the file defines ${used.op} as a function of its own; write it with functions inlined (onnx.inliner)`,
  );
}

const untold = (node: GraphNode, path: string, why: string): MugiError =>
  new MugiError({
    code: 'unsupported',
    message: `${node.op} cannot be turned into products: ${why}`,
    path: `${path}: node "${node.name}"`,
    expected: 'operators with known sizes; onnx.shape_inference or onnxsim can write sizes into the file',
  });

/** Bits that most weights are stored in, where some are quantised; floating weights then have their own. */
function storedBits(operators: readonly GraphOperator[]): number | undefined {
  const weights = new Map<number, number>();
  let quantised = false;
  for (const one of operators) {
    if (one.kind !== 'gemm' || one.format === undefined) continue;
    if (!one.format.floating) quantised = true;
    weights.set(one.format.bits, (weights.get(one.format.bits) ?? 0) + one.batch * one.k * one.n);
  }
  if (!quantised) {
    for (const one of operators) if (one.kind === 'gemm') one.format = undefined;
    return undefined;
  }
  return [...weights].sort(([, a], [, b]) => b - a)[0][0];
}
