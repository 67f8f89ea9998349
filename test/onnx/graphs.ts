import type { GraphOperator, GraphStack, ModelShape } from '../../src/workload/model.ts';
import { modelFromOnnx } from '../../src/workload/onnx/model.ts';
import { type GraphSpec, type NodeSpec, onnxFile, type TensorSpec } from './write.ts';

/** A graph written as a file and read back as a workload. */
export const read = (graph: GraphSpec, dims?: Record<string, number>): ModelShape =>
  modelFromOnnx(onnxFile(graph), 'net.onnx', 'net', dims);

export const operators = (model: ModelShape): GraphOperator[] => (model.stacks[0] as GraphStack).operators;

export const USE = { batch: 2, context: 128, prefill: 128, activationBits: 16, weightBits: 4, kvBits: 4 };

/** Sizes that the encoder's file leaves open. */
export const OPEN = { batch: 2, sequence: 128 };

/** A graph of one node with input `x`, weights `w` and what `more` adds. */
export function one(
  op: string,
  x: readonly number[],
  w: readonly number[],
  attributes: NodeSpec['attributes'] = {},
  more: { type?: number; inputs?: string[]; initializers?: TensorSpec[]; domain?: string } = {},
): GraphSpec {
  return {
    nodes: [
      { op, in: more.inputs ?? ['x', 'w'], out: ['out'], name: 'node', attributes, domain: more.domain },
    ],
    inputs: [{ name: 'x', dims: x }],
    outputs: [{ name: 'out' }],
    initializers: [{ name: 'w', dims: w, type: more.type }, ...(more.initializers ?? [])],
  };
}
