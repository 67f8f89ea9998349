import type { Arithmetic } from './arithmetic.ts';
import type { Batch, LoadedModel } from './model.ts';
import type { WeightMatrix } from './weight/weight-matrix.ts';

/** The operands of a matrix product of a layer, as a pass of the model brings them. */
export interface LayerOperands {
  /** The checkpoint's name of the tensor. */
  name: string;
  rows: number;
  /** [rows][inputs] */
  activations: Float32Array;
  weight: WeightMatrix;
}

/** Runs a pass and gives what enters each matrix product of the layers, in the order in which they come. */
export function layerOperands(model: LoadedModel, batch: Batch, arithmetic: Arithmetic): LayerOperands[] {
  const seen: LayerOperands[] = [];
  const linears = [...model.linears];
  for (const [name, linear] of linears) {
    const apply = linear.apply.bind(linear);
    linear.apply = (x, rows, how) => {
      seen.push({ name, rows, activations: x.slice(0, rows * linear.weight.inputs), weight: linear.weight });
      return apply(x, rows, how);
    };
  }
  try {
    model.forward(batch, arithmetic);
  } finally {
    // The method of the class shows again.
    for (const [, linear] of linears) Reflect.deleteProperty(linear, 'apply');
  }
  return seen;
}
