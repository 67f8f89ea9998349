import { EXACT_SUMS, type GemmArithmetic } from './gemm.ts';
import type { RowSum } from './row-sum.ts';
import { PLAIN_SWITCHES, type VlpSwitches } from './switches.ts';

export type Unquantised = 'embedding' | 'output matrix' | 'norms' | 'biases';

/** Bits of a scale of weights, keys and values: BF16. */
export const SCALE_BITS = 16;

/**
 * The arithmetic of a design, as plain data: what its array, its accumulators and its vector unit compute, to the bit.
 * The cost model takes cycles and traffic from it, the node and the kernels compute it, and accuracy is measured on it.
 */
export interface DesignArithmetic {
  /** Products of the array and the chains of sums behind them. */
  products: GemmArithmetic;
  /** Results of every operator. */
  activations: 'bf16';
  /** Matrices of the layers and the output matrix: BF16 scales along the inner index, applied by the vector unit behind the sum. */
  weights: { bits: 4; group: number };
  /**
   * Keys: a scale for each token and head behind the sum; static scales of the channels, powers of two, stand in the
   * query. Values: a scale for each token and head, multiplied into its probability. The newest token included.
   */
  kv: { bits: 4; scales: 'token' };
  /** Mantissa bits of the temporal code and exponents of a row of the look-up table. */
  lut: { mantissaBits: number; exponents: number };
  /** The sum of a softmax row. */
  softmax: { sum: RowSum };
  /** What VLP computes besides, and how its tables answer. */
  functions: VlpSwitches;
  /** What stays as the checkpoint stores it; products with it are exact, with FP32 sums. */
  unquantised: readonly Unquantised[];
}

/** Inner indices of a chain of sums where nothing else is said. */
export const CHAIN = 256;

/**
 * The paper prices the output matrix as INT4 as all others (the artifact counts it among the GEMMs of 4 bits), so it is
 * computed so. A tied embedding is read as stored: a look-up multiplies nothing.
 */
export const UNQUANTISED: readonly Unquantised[] = ['embedding', 'norms', 'biases'];

/**
 * As the paper has it: one BF16 accumulator a row and column, of which nothing says that a chain ever ends before K
 * does (Mugi §4, Fig. 9; the artifact's `adderbf16`). A scale for each off-chip tile of 256, as its model charges.
 */
export const PUBLISHED_ARITHMETIC: DesignArithmetic = {
  products: { product: 'bf16', accumulator: 'bf16', subnormals: 'keep' },
  activations: 'bf16',
  weights: { bits: 4, group: 256 },
  kv: { bits: 4, scales: 'token' },
  lut: { mantissaBits: 3, exponents: 12 },
  softmax: { sum: 'bf16' },
  functions: PLAIN_SWITCHES,
  unquantised: UNQUANTISED,
};

/**
 * As we would build it: softmax rows summed by a cascade in the ring of the accumulator, and chains of products that end
 * with the 256 inner indices of a tile, with or without a scale (docs/sums.md). Neither takes a cycle that the corrected
 * model does not charge already.
 */
export const REPAIRED_ARITHMETIC: DesignArithmetic = {
  ...PUBLISHED_ARITHMETIC,
  products: { product: 'bf16', accumulator: 'bf16', subnormals: 'keep', chain: CHAIN },
  softmax: { sum: 'bf16-cascade' },
};

/** The experiment `exact-sums` on a design: its products exact, every sum in FP32, the rest as the design has it. */
export const withExactSums = (arithmetic: DesignArithmetic): DesignArithmetic => ({
  ...arithmetic,
  products: EXACT_SUMS,
  softmax: { sum: 'fp32' },
});

/**
 * The same where softmax runs on a vector array, whose row sums are not modelled: they count as FP32, to the advantage
 * of such designs.
 */
export const VECTOR_ARITHMETIC: DesignArithmetic = {
  ...REPAIRED_ARITHMETIC,
  softmax: { sum: 'fp32' },
};

/** The same of an array whose adders and multipliers read subnormals as zero, and that forms products and sums its own way. */
export const arrayArithmetic = (products: Partial<GemmArithmetic>): DesignArithmetic => ({
  ...VECTOR_ARITHMETIC,
  products: { ...VECTOR_ARITHMETIC.products, subnormals: 'flush', ...products },
});

/** FIGNA: integer sums of vectors that share an exponent. */
export const integerSums = (lanes: number): Partial<GemmArithmetic> => ({
  product: 'exact',
  vector: { lanes, order: 'integer' },
});

/** What an output matrix is computed in. */
export type HeadBits = 'stored' | 'int4';

/** What designs compute the output matrix in. */
export const headOf = (unquantised: DesignArithmetic['unquantised']): HeadBits =>
  unquantised.includes('output matrix') ? 'stored' : 'int4';

/** What is measured for an output matrix that is priced at so many bits: INT4 at 4, else as stored. */
export const headAt = (bits: number): HeadBits => (bits === 4 ? 'int4' : 'stored');
