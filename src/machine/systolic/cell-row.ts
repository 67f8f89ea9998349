import type { Bits } from '../../hardware/bits.ts';
import type { Module } from '../../hardware/ir.ts';
import type { ModuleBuilder } from '../../hardware/module.ts';

/** A weight-stationary cell, whatever its widths. */
type Cell = Module<
  { activation: number; partial: number; weight: number; load: number },
  { activation_right: Bits; weight_below: Bits; partial_below: Bits }
>;

/** Between two rows of a weight-stationary array: what moves down each column. */
export interface Columns {
  weights: readonly Bits[];
  partials: readonly Bits[];
}

/** One row of cells: the activation passes right, weights and partial sums leave at the bottom. */
export function cellRow(
  m: ModuleBuilder,
  cell: Cell,
  row: number,
  activation: Bits,
  load: Bits,
  { weights, partials }: Columns,
): Columns {
  let passing = activation;
  const cells = weights.map((weight, column) => {
    const one = m.instance(`cell_${row}_${column}`, cell, {
      activation: passing,
      partial: partials[column],
      weight,
      load,
    });
    passing = one.activation_right;
    return one;
  });
  return {
    weights: cells.map(({ weight_below }) => weight_below),
    partials: cells.map(({ partial_below }) => partial_below),
  };
}
