import type { GraphNode } from './graph.ts';

/** What is known of a tensor without running the model. */
export interface Value {
  type?: number;
  shape?: readonly number[];
  /** Its numbers, where they follow from the file: sizes, axes, settings. */
  data?: readonly number[];
}

/** Values of a node's inputs, and the node. */
export interface Site {
  node: GraphNode;
  /** Undefined: an optional one that is left out. */
  inputs: readonly (Value | undefined)[];
}

/** What a node makes of its inputs: a value an output; unknown where it cannot be told. */
export type Rule = (site: Site) => readonly Value[];

/** Dimensions of `shape`, an axis counted from the end where it is negative. Undefined outside. */
export function axisOf(axis: number, rank: number): number | undefined {
  const at = axis < 0 ? axis + rank : axis;
  return Number.isInteger(at) && at >= 0 && at < rank ? at : undefined;
}

/** Sizes of an element-wise result (ONNX, "Multidirectional Broadcasting"); undefined where they do not fit. */
export function broadcast(shapes: readonly (readonly number[] | undefined)[]): number[] | undefined {
  if (shapes.some((shape) => shape === undefined)) return undefined;
  const rank = Math.max(0, ...shapes.map((shape) => shape!.length));
  const out: number[] = [];
  for (let i = 0; i < rank; i++) {
    const sizes = shapes.map((shape) => shape!.at(i - rank) ?? 1);
    const size = sizes.find((one) => one !== 1) ?? 1;
    if (sizes.some((one) => one !== 1 && one !== size)) return undefined;
    out.push(size);
  }
  return out;
}
