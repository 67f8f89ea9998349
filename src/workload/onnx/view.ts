import type { Graph, GraphNode } from '../../onnx/graph.ts';
import { elementsOf } from '../../onnx/graph.ts';
import { bitsOf, ordered } from '../../onnx/infer.ts';
import type { Value } from '../../onnx/value.ts';

/** A tensor of the file that a node multiplies with, possibly behind nodes that only unpack or turn it. */
export interface Weight {
  /** Of the initializer. */
  name: string;
  elements: number;
  /** Bits of an element as it is stored, 16 at most: what is wider is computed in BF16. */
  stored: number;
  /** Bits of an element, and of scales and zero points with each; undefined for floating point. */
  format?: { bits: number; scaleBits: number };
}

/** Nodes behind which a weight is still the same weight. */
const UNPACKING = new Set([
  'Transpose',
  'Cast',
  'Identity',
  'Reshape',
  'Unsqueeze',
  'Squeeze',
  'DequantizeLinear',
  'Flatten',
]);

/** Nodes that only convert or unpack, one behind the other, that are looked through. */
const MOST_PASSED = 16;

/** A graph with who makes and who uses each value, and what is known of values. */
export class GraphView {
  readonly graph: Graph;
  readonly values: ReadonlyMap<string, Value>;
  readonly nodes: readonly GraphNode[];
  /** Nodes that count with another one, of which they are a part. */
  readonly claimed = new Set<GraphNode>();
  readonly #makers = new Map<string, GraphNode>();
  readonly #users = new Map<string, GraphNode[]>();
  readonly #weights = new Map<string, Weight | undefined>();

  constructor(graph: Graph, values: ReadonlyMap<string, Value>) {
    this.graph = graph;
    this.values = values;
    this.nodes = ordered(graph, new Map());
    for (const node of this.nodes) {
      for (const name of node.outputs) this.#makers.set(name, node);
      for (const name of new Set(node.inputs)) {
        const users = this.#users.get(name);
        if (users === undefined) this.#users.set(name, [node]);
        else users.push(node);
      }
    }
  }

  makerOf(name: string | undefined): GraphNode | undefined {
    return name === undefined ? undefined : this.#makers.get(name);
  }

  usersOf(name: string | undefined): readonly GraphNode[] {
    return name === undefined ? [] : (this.#users.get(name) ?? []);
  }

  value(name: string | undefined): Value {
    return name === undefined || name === '' ? {} : (this.values.get(name) ?? {});
  }

  shape(name: string | undefined): readonly number[] | undefined {
    return this.value(name).shape;
  }

  /** One number that follows from the file. */
  scalar(name: string | undefined): number | undefined {
    const { data } = this.value(name);
    return data?.length === 1 ? data[0] : undefined;
  }

  isScalar(name: string | undefined): boolean {
    const { shape } = this.value(name);
    return this.isConstant(name) && shape !== undefined && elementsOf(shape) === 1;
  }

  /** Whether a value stands in the file, behind nodes that only unpack it. */
  isConstant(name: string | undefined): boolean {
    if (name === undefined || name === '') return false;
    return this.value(name).data !== undefined || this.weightOf(name) !== undefined;
  }

  /** The maker of a value, conversions between number formats passed over. */
  origin(name: string | undefined): GraphNode | undefined {
    let node = this.makerOf(name);
    for (let i = 0; i < MOST_PASSED && node?.op === 'Cast'; i++) node = this.makerOf(node.inputs[0]);
    return node;
  }

  /** The users of a node's first output, conversions passed over. */
  next(node: GraphNode, depth = MOST_PASSED): GraphNode[] {
    return this.usersOf(node.outputs[0]).flatMap((user) =>
      user.op === 'Cast' && depth > 0 ? this.next(user, depth - 1) : [user],
    );
  }

  weightOf(name: string, depth = MOST_PASSED): Weight | undefined {
    if (this.#weights.has(name)) return this.#weights.get(name);
    this.#weights.set(name, undefined);
    const found = this.#findWeight(name, depth);
    this.#weights.set(name, found);
    return found;
  }

  #findWeight(name: string, depth: number): Weight | undefined {
    const stored = this.graph.initializers.get(name);
    if (stored !== undefined) {
      const format = isInteger(stored.type) ? { bits: bitsOf(stored.type), scaleBits: 0 } : undefined;
      const width = Math.min(16, bitsOf(stored.type));
      return {
        name,
        elements: elementsOf(stored.dims),
        stored: width,
        ...(format === undefined ? {} : { format }),
      };
    }
    const node = this.makerOf(name);
    if (node?.op === 'Constant') {
      const shape = this.shape(name);
      return shape === undefined ? undefined : { name, elements: elementsOf(shape), stored: 16 };
    }
    if (node === undefined || !UNPACKING.has(node.op) || node.inputs[0] === undefined || depth === 0)
      return undefined;
    const below = this.weightOf(node.inputs[0], depth - 1);
    if (below?.format === undefined || node.op !== 'DequantizeLinear') return below;
    return {
      ...below,
      format: { bits: below.format.bits, scaleBits: this.scaleBits(below.elements, node.inputs.slice(1)) },
    };
  }

  /** Bits of scales and zero points, spread over the weights that they belong to. */
  scaleBits(weights: number, names: readonly (string | undefined)[]): number {
    const bits = names.reduce((sum, name) => {
      const { shape, type } = this.value(name);
      return sum + (shape === undefined ? 0 : elementsOf(shape) * bitsOf(type));
    }, 0);
    return weights === 0 ? 0 : bits / weights;
  }
}

/** Types that weights are quantised to: whole numbers up to 8 bits, and FP8, FP4 and narrower. */
const isInteger = (type: number): boolean => type === 2 || type === 3 || type >= 17;
