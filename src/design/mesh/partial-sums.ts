import type { GemmOperator } from '../../workload/operator.ts';
import type { Design, TileSize } from '../design.ts';

/**
 * A product whose K is cut among nodes. A chain of sums (`design.arithmetic.products.chain`, or the group of a scale) ends
 * with an off-chip tile on one node already: it is scaled and added to the total so far. The cut lies between two chains,
 * and the total so far travels to the next node, in the format of the accumulator, where it is what the next chain is
 * added to. So chains are added in ascending order whatever the mesh, each addition rounded as on one node, and no bit of
 * a result depends on it.
 */

/** Cycles of a total from node to node where sums leave an array one by one: a multiplier, an adder and a link. */
const SUM_PASS = 3;

/** Cycles from a total that is complete to the cycle in which the next node may add to it. */
export const passCycles = ({ array }: Pick<Design, 'array'>): number => array.pass ?? SUM_PASS;

/**
 * Inner indices between which K may be cut: whole chains that are whole tiles. None where chains have no end of their own,
 * end elsewhere than tiles, or causality leaves pieces of K out.
 */
export function cutOf(
  { arithmetic }: Pick<Design, 'arithmetic'>,
  { causal, operand }: Pick<GemmOperator, 'causal' | 'operand'>,
  { k }: TileSize,
): number | undefined {
  const { chain = Infinity } = arithmetic.products;
  const group = operand === 'weights' ? arithmetic.weights.group : Infinity;
  const ends = Math.min(chain, group);
  // Chains are counted from the start of a group.
  const regular = ends < Infinity && (chain >= group || group === Infinity || group % chain === 0);
  if (causal !== undefined || !regular) return undefined;
  if (k % ends === 0) return k;
  return ends % k === 0 ? ends : undefined;
}
