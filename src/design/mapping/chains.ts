import type { GemmOperator } from '../../workload/operator.ts';
import type { Design } from '../design.ts';
import { type Axis, axis } from './axis.ts';

/** Lanes that cut the K axis: products of one step, or the lanes of activations of a node that keeps weights. */
export const kLanes = ({ depth, columns, rows, stationary }: Design['array']): number =>
  depth > 1 ? depth : stationary === 'weight' ? columns : rows;

/**
 * Inner indices behind which a partial result is scaled: where the weights' scale ends, and, of an array that holds its sums
 * in place, where a chain does. A tile of K ends both in any case. An array that keeps weights adds the lanes of a
 * step before anything can be scaled, so that its groups are no shorter than these.
 */
export function partialLength(
  { array, arithmetic }: Pick<Design, 'array' | 'arithmetic'>,
  { operand }: Pick<GemmOperator, 'operand'>,
): number {
  const { chain = Infinity } = arithmetic.products;
  const group = operand === 'weights' ? arithmetic.weights.group : Infinity;
  return array.stationary === 'output' ? Math.min(chain, group) : Math.max(group, kLanes(array));
}

/** Σ over positions of the partial results of one output: what is scaled, and leaves an array that holds it in place. */
export function partialResults(
  design: Pick<Design, 'array' | 'arithmetic'>,
  op: Pick<GemmOperator, 'operand' | 'k'>,
  k: Axis,
  tile: number,
): number {
  const length = partialLength(design, op);
  return length >= tile ? k.tiles : axis(op.k, tile, length).folds;
}
