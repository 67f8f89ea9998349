import type { GraphNode } from '../../onnx/graph.ts';
import type { GraphView } from './view.ts';

/**
 * Functions that exporters write out as several nodes, found by the node that is theirs alone. Each finder claims the
 * other nodes of its function, so that they are not counted by themselves.
 */

/** What a node with its claimed neighbours is. */
export type Found = 'silu' | 'gelu' | 'rmsnorm' | 'layernorm';

/** Nodes with the function that they stand for. @param weigh is told the weights of norms */
export function findPatterns(
  view: GraphView,
  weigh: (name: string, elements: number) => void,
): Map<GraphNode, Found> {
  const found = new Map<GraphNode, Found>();
  for (const node of view.nodes) {
    if (view.claimed.has(node)) continue;
    const kind =
      node.op === 'Sigmoid'
        ? silu(view, node)
        : node.op === 'Erf' || node.op === 'Tanh'
          ? gelu(view, node)
          : node.op === 'ReduceMean'
            ? norm(view, node, weigh)
            : undefined;
    if (kind !== undefined) found.set(node, kind);
  }
  return found;
}

const other = (node: GraphNode, name: string): string | undefined =>
  node.inputs.length === 2 ? node.inputs[node.inputs[0] === name ? 1 : 0] : undefined;

/** x · σ(x); with a constant in front of x inside, the approximation of GELU. */
function silu(view: GraphView, node: GraphNode): Found | undefined {
  const [inside] = node.inputs;
  const scaled = view.origin(inside);
  const x = scaled?.op === 'Mul' ? scaled.inputs.find((name) => !view.isScalar(name)) : undefined;
  const uses = view.usersOf(node.outputs[0]);
  const product = uses.find(
    (user) =>
      user.op === 'Mul' && (user.inputs.includes(inside) || (x !== undefined && user.inputs.includes(x))),
  );
  if (product === undefined) return undefined;
  if (!product.inputs.includes(inside) && scaled !== undefined) view.claimed.add(scaled);
  view.claimed.add(product);
  return product.inputs.includes(inside) ? 'silu' : 'gelu';
}

/** x/2 · (1 + erf(x/√2)), or its form by tanh. */
function gelu(view: GraphView, node: GraphNode): Found | undefined {
  const sum = view
    .usersOf(node.outputs[0])
    .find((user) => user.op === 'Add' && user.inputs.some((name) => view.scalar(name) === 1));
  if (sum === undefined) return undefined;
  const product = view.usersOf(sum.outputs[0]).find((user) => user.op === 'Mul');
  if (product === undefined) return undefined;
  view.claimed.add(sum).add(product);
  claimScalings(view, product);
  const factor = other(product, sum.outputs[0]);
  const half = view.makerOf(factor);
  // The half may stand at x instead of behind the product.
  if (half?.op === 'Mul' && half.inputs.some((name) => view.isScalar(name))) view.claimed.add(half);
  const x =
    half !== undefined && view.claimed.has(half) ? half.inputs.find((name) => !view.isScalar(name)) : factor;
  claimBack(view, node.inputs[0], x, 8);
  return 'gelu';
}

/** A constant factor behind a node. */
function claimScalings(view: GraphView, node: GraphNode): void {
  for (const user of view.usersOf(node.outputs[0])) {
    if (user.op === 'Mul' && user.inputs.some((name) => view.isScalar(name))) view.claimed.add(user);
  }
}

/** What makes the inside of erf or tanh of x. */
function claimBack(view: GraphView, name: string | undefined, x: string | undefined, depth: number): void {
  const node = view.makerOf(name);
  if (depth === 0 || name === x || node === undefined || !['Mul', 'Div', 'Add', 'Pow'].includes(node.op))
    return;
  // Only sums and products of x with constants and with itself.
  view.claimed.add(node);
  for (const input of node.inputs) if (!view.isScalar(input)) claimBack(view, input, x, depth - 1);
}

/** x / √(mean x² + ε), with or without the mean taken off before. */
function norm(
  view: GraphView,
  mean: GraphNode,
  weigh: (name: string, elements: number) => void,
): Found | undefined {
  const square = view.origin(mean.inputs[0]);
  const squares =
    (square?.op === 'Pow' && view.scalar(square.inputs[1]) === 2) ||
    (square?.op === 'Mul' && square.inputs[0] === square.inputs[1]);
  if (square === undefined || !squares) return undefined;
  const chain = [square];
  let node = mean;
  const forward = (...ops: string[]): boolean => {
    const next = view.next(node).find(({ op }) => ops.includes(op));
    if (next === undefined) return false;
    chain.push(next);
    node = next;
    return true;
  };
  if (!forward('Add') || !forward('Sqrt', 'Pow')) return undefined;
  forward('Reciprocal');
  if (!forward('Div', 'Mul')) return undefined;
  const centred = view.origin(square.inputs[0]);
  const kind =
    centred?.op === 'Sub' && view.origin(centred.inputs[1])?.op === 'ReduceMean' ? 'layernorm' : 'rmsnorm';
  if (kind === 'layernorm') {
    chain.push(centred!, view.origin(centred!.inputs[1])!);
    // Some exporters subtract the mean twice, once for the square.
    for (const user of view.usersOf(view.origin(centred!.inputs[1])!.outputs[0]))
      if (user.op === 'Sub') chain.push(user);
  }
  const weights = (of: GraphNode, op: string): GraphNode | undefined =>
    view
      .next(of)
      .find((user) => user.op === op && user.inputs.some((name) => view.weightOf(name) !== undefined));
  const scale = weights(node, 'Mul');
  const shift = kind === 'layernorm' && scale !== undefined ? weights(scale, 'Add') : undefined;
  for (const one of [scale, shift]) {
    if (one === undefined) continue;
    chain.push(one);
    for (const name of one.inputs) {
      const weight = view.weightOf(name);
      if (weight !== undefined) weigh(weight.name, weight.elements);
    }
  }
  for (const one of chain) view.claimed.add(one);
  return kind;
}
