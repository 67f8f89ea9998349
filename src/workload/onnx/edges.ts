import type { GraphNode } from '../../onnx/graph.ts';
import type { GraphOperator } from '../model.ts';
import type { GraphView } from './view.ts';

/** The operators that a node came to, as places in the list of all: from the first to the one behind the last. */
export type Places = readonly [from: number, to: number];

/** Nodes that stand for norms and activations which are written out in single steps. */
type Patterns = Pick<ReadonlyMap<GraphNode, unknown>, 'has'>;

/** A pair of places: the second reads what the first gives. */
export type PlacedEdge = readonly [number, number];

/** Order of the operators inside a node: the list, but that the softmax of an attention stands before its values. */
function inside(operators: readonly GraphOperator[], [from, to]: Places): number[] {
  const places = Array.from({ length: to - from }, (_, i) => from + i);
  const rank = (place: number): number => (operators[place].name.endsWith('/a·v') ? 1 : 0);
  return places.toSorted((a, b) => rank(a) - rank(b));
}

/**
 * Edges between the operators of a graph. Nodes that cost nothing (they move data, add biases) are passed through: what
 * reads them reads what they read.
 */
export function edgesOf(
  view: GraphView,
  operators: readonly GraphOperator[],
  made: ReadonlyMap<GraphNode, Places>,
  found: Patterns,
): PlacedEdge[] {
  const edges: PlacedEdge[] = [];
  for (const node of view.nodes) {
    const places = made.get(node);
    if (places === undefined || places[0] === places[1]) continue;
    const order = inside(operators, places);
    for (let i = 1; i < order.length; i++) edges.push([order[i - 1], order[i]]);
    for (const from of sourcesOf(view, node, made, found))
      edges.push([inside(operators, from).at(-1)!, order[0]]);
  }
  return edges;
}

const costly = (made: ReadonlyMap<GraphNode, Places>, node: GraphNode): Places | undefined => {
  const places = made.get(node);
  return places !== undefined && places[0] < places[1] ? places : undefined;
};

/** What a norm or an activation that is written out in single steps counts as, where the node is one of its steps. */
function standing(
  view: GraphView,
  node: GraphNode,
  made: ReadonlyMap<GraphNode, Places>,
  found: Patterns,
): Places | undefined {
  const seen = new Set<GraphNode>();
  const waiting = [node];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    if (found.has(at)) return costly(made, at);
    if (!view.claimed.has(at)) continue;
    for (const input of at.inputs) {
      const maker = view.makerOf(input);
      if (maker !== undefined) waiting.push(maker);
    }
  }
  return undefined;
}

/** The nearest nodes upstream that cost something. */
function sourcesOf(
  view: GraphView,
  node: GraphNode,
  made: ReadonlyMap<GraphNode, Places>,
  found: Patterns,
): Set<Places> {
  const sources = new Set<Places>();
  const seen = new Set<GraphNode>([node]);
  const waiting = [node];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    for (const input of at.inputs) {
      const maker = view.makerOf(input);
      if (maker === undefined || seen.has(maker)) continue;
      seen.add(maker);
      const places = costly(made, maker) ?? standing(view, maker, made, found);
      if (places !== undefined) sources.add(places);
      else waiting.push(maker);
    }
  }
  return sources;
}

/**
 * Edges between merged operators. Those that lead back, from the end of a layer to the next one of its kind, are left
 * out: what is merged is drawn once.
 */
export function mergedEdges(edges: readonly PlacedEdge[], places: readonly number[]): PlacedEdge[] {
  const known = new Map<string, PlacedEdge>();
  for (const [from, to] of edges) {
    const edge = [places[from], places[to]] as const;
    if (edge[0] < edge[1]) known.set(edge.join(), edge);
  }
  return [...known.values()];
}
