import { type GemmOperator, isSpan, type TransferOperator } from '../../workload/operator.ts';
import type { Design } from '../design.ts';

/** What of a product decides its scales. */
export type ScaledProduct = Pick<GemmOperator, 'operand' | 'k' | 'n' | 'weightBits' | 'scaleBits'>;

/** Bits of scales that are stored and moved with each element on the weight side. */
export function scaleBitsOf(
  { arithmetic, scaleBits }: Pick<Design, 'arithmetic' | 'scaleBits'>,
  op: ScaledProduct,
): number {
  // What a file says of its matrices holds; other integers have the scales of the design's arithmetic.
  if (op.scaleBits !== undefined && op.scaleBits > 0) return op.scaleBits;
  if (scaleBits === 0 || !coded(op)) return 0;
  return scaleBits / (op.operand === 'weights' ? arithmetic.weights.group : headOf(op));
}

/**
 * Multiplications that scales ask for in front of a product, one execution: the static channel scales of the keys stand
 * in the query, and each value's scale in its probability, an input of the product either way. Scales of weights and of
 * keys come behind the sum, where every partial result is scaled already.
 */
export function inputScalings({ scaleBits }: Design, op: GemmOperator): number {
  if (scaleBits === 0 || op.operand === 'weights' || !coded(op)) return 0;
  const positions = isSpan(op.n) ? op.n.to - op.n.from + 1 : 1;
  const inner = isSpan(op.k) ? ((op.k.from + op.k.to) * (op.k.to - op.k.from + 1)) / 2 : op.k * positions;
  return op.batch * op.m * inner;
}

/** Bits of the scales of keys and values on their way into the cache. */
export const scaleBitsWritten = ({ scaleBits }: Design, { vectors = 0 }: TransferOperator): number =>
  scaleBits * vectors;

/** Whole numbers, of the array's code or in slices of it; 16 bits are BF16, which needs no scale. */
const coded = ({ weightBits }: ScaledProduct): boolean => weightBits < 16;

/** Elements of a key or value of one token and head: the axis of the product that is not the tokens'. */
const headOf = ({ operand, k, n }: ScaledProduct): number => (operand === 'keys' ? k : n) as number;
