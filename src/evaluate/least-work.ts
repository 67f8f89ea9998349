import { type Extent, isSpan, type GemmOperator, type Operator, steps, total } from '../workload/operator.ts';

/**
 * What an operator must do at least, counted from its sizes alone: no tile, no array, no mapping. A second route to the
 * traffic of a mapping, which shares nothing with it on purpose. One execution, over its whole span.
 */
export interface LeastWork {
  /** Multiply-accumulates of the dense product, and the share of them that causality leaves. */
  macs: number;
  needed: number;
  /** Bits that cross the chip's edge: operands at least once, results exactly once. */
  input: number;
  weight: number;
  output: number;
}

/** Bits of an element outside products. */
const ELEMENT_BITS = 16;

export function leastWork(op: Operator): LeastWork {
  if (op.kind === 'gemm') return ofProduct(op);
  if (op.kind === 'transfer') return { macs: 0, needed: 1, input: 0, weight: 0, output: op.bits };
  const elements = op.kind === 'nonlinear' ? op.rows * total(op.columns) * (op.needed ?? 1) : op.elements;
  const bits = elements * ELEMENT_BITS;
  return { macs: 0, needed: 1, input: bits, weight: 0, output: bits };
}

function ofProduct(op: GemmOperator): LeastWork {
  const { batch, m, k, n } = op;
  // Σ over positions of k·n, of k and of n; at most one of them varies.
  const positions = steps(k) * steps(n);
  const over = (extent: Extent): number => (isSpan(extent) ? total(extent) : positions * extent);
  const matrix = isSpan(k) ? total(k) * (n as number) : k * total(n);
  return {
    macs: batch * m * matrix,
    needed: op.causal === undefined ? 1 : neededShare(op),
    input: batch * m * over(k) * op.activationBits,
    weight: batch * matrix * op.weightBits,
    output: batch * m * over(n) * op.outputBits,
  };
}

/** Share of the scores of a causal product that some query needs: position p sees min(p + 1, window) keys. */
function neededShare({ m, k, n, causal }: GemmOperator): number {
  const { axis, rowsPerPosition, window = Infinity } = causal!;
  const keys = (axis === 'k' ? k : n) as number;
  const positions = m / rowsPerPosition;
  const seen = Math.min(window, keys, positions);
  return ((seen * (seen + 1)) / 2 + (positions - seen) * seen) / (positions * keys);
}
