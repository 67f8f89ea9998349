/** An ONNX model as the file has it: the part of onnx.proto3 that says what is computed, on tensors of which size. */
export interface OnnxModel {
  graph: Graph;
  /** Functions that the file defines itself, `domain:name`. */
  functions: string[];
}

export interface Graph {
  nodes: GraphNode[];
  /** By name. */
  initializers: Map<string, Tensor>;
  inputs: ValueInfo[];
  outputs: ValueInfo[];
  /** What the file says about values in between. */
  values: ValueInfo[];
}

export interface GraphNode {
  /** Of the node, or of what it makes where it has none. */
  name: string;
  op: string;
  /** Empty for ONNX's own operators. */
  domain: string;
  /** Empty names are optional ones left out. */
  inputs: string[];
  outputs: string[];
  attributes: Map<string, Attribute>;
}

export interface Attribute {
  number?: number;
  numbers?: number[];
  text?: string;
  tensor?: Tensor;
  graph?: Graph;
}

export interface Tensor {
  name: string;
  dims: number[];
  /** A value of `TensorProto.DataType`. */
  type: number;
  /** Its numbers, where they are few enough to be sizes or settings. */
  data?: number[];
}

export interface ValueInfo {
  name: string;
  type?: number;
  /** A number, the name of a size that is left open, or '' where the file says neither. */
  dims?: (number | string)[];
}

/** Values of `TensorProto.DataType` that matter here, with the bits of an element. */
export const BITS: Readonly<Record<number, number>> = {
  1: 32,
  2: 8,
  3: 8,
  4: 16,
  5: 16,
  6: 32,
  7: 64,
  9: 8,
  10: 16,
  11: 64,
  12: 32,
  13: 64,
  16: 16,
  17: 8,
  18: 8,
  19: 8,
  20: 8,
  21: 4,
  22: 4,
  23: 4,
  24: 8,
  25: 2,
  26: 2,
};

export const FLOAT = 1;
export const INT64 = 7;
export const BOOL = 9;
/** float, float16, double and bfloat16. */
const FLOATING = new Set([1, 10, 11, 16]);
export const isFloating = (type: number | undefined): boolean => type === undefined || FLOATING.has(type);

/** No tensor has more elements; whole numbers stay exact. */
export const MOST_ELEMENTS = 2 ** 48;

/** Elements of a shape. */
export const elementsOf = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);

export const intOf = (node: GraphNode, name: string, otherwise: number): number =>
  node.attributes.get(name)?.number ?? otherwise;

export const intsOf = (node: GraphNode, name: string): number[] | undefined =>
  node.attributes.get(name)?.numbers;
