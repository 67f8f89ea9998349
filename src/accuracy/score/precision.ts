import type { Arithmetic, KvUse, WeightUse } from '../../model/arithmetic.ts';
import { type DesignArithmetic, headOf, type HeadBits } from '../../vlp/arithmetic.ts';
import { EXACT_SUMS, type GemmArithmetic } from '../../vlp/gemm.ts';
import type { NonlinearEvaluator } from '../../model/layer/nonlinear.ts';
import type { RowSum } from '../../vlp/row-sum.ts';
import type { AlonePart } from './accuracy-parts.ts';

/** Precision that holds for all methods of a measurement alike. */
export interface Precision {
  activations: 'fp32' | 'bf16';
  weights: 'stored' | 'int4' | 'planned';
  kv: 'fp32' | 'int4' | 'planned';
  /** The output matrix, or the classifier. */
  head: HeadBits;
  /** Inputs that share a scale, for INT4 weights. */
  group: number;
  /** What products with INT4 operands compute. */
  products: GemmArithmetic;
  /** What `planned` stands for: by matrix, and by place of softmax. */
  plan?: { weights: Readonly<Record<string, WeightUse>>; kv: readonly KvUse[] };
}

export const FULL_PRECISION: Precision = {
  activations: 'fp32',
  weights: 'stored',
  head: 'stored',
  kv: 'fp32',
  group: 128,
  products: EXACT_SUMS,
};

/** Whether everything is computed as it is stored, nonlinear functions apart. */
export const isFull = ({ activations, weights, head, kv }: Precision): boolean =>
  activations === 'fp32' && weights === 'stored' && head === 'stored' && kv === 'fp32';

/** All that a design's arithmetic does to a model, nonlinear functions apart. */
export const precisionOf = ({
  activations,
  weights,
  products,
  unquantised,
}: Pick<DesignArithmetic, 'activations' | 'weights' | 'products' | 'unquantised'>): Precision => ({
  activations,
  weights: 'int4',
  head: headOf(unquantised),
  kv: 'int4',
  group: weights.group,
  products,
});

/** One thing of a precision, all else as stored, as nonlinear functions leave all of it; undefined where it does not do it. */
export function aloneAt(part: AlonePart, precision: Precision): Precision | undefined {
  const { group, weights, head, kv, activations, plan } = precision;
  const plain = { ...FULL_PRECISION, group };
  const planned = plan === undefined ? {} : { plan };
  switch (part) {
    case 'functions':
      return plain;
    case 'weights':
      return weights === 'stored' ? undefined : { ...plain, weights, ...planned };
    case 'head':
      return head === 'stored' ? undefined : { ...plain, head };
    case 'kv':
      return kv === 'fp32' ? undefined : { ...plain, kv, ...planned };
    case 'activations':
      return activations === 'fp32' ? undefined : { ...plain, activations };
  }
}

/** The arithmetic of a forward pass at a precision. */
export const arithmeticFor = (precision: Precision, nonlinear: NonlinearEvaluator): Arithmetic => ({
  activations: precision.activations,
  weights:
    precision.weights === 'planned'
      ? { type: 'planned', each: precision.plan?.weights ?? {} }
      : precision.weights === 'int4'
        ? { type: 'int4', group: precision.group }
        : { type: 'stored' },
  head: precision.head === 'int4' ? { type: 'int4', group: precision.group } : { type: 'stored' },
  kv: precision.kv === 'planned' ? (precision.plan?.kv ?? 'fp32') : precision.kv,
  products: precision.products,
  nonlinear,
});

const PRODUCTS = { bf16: '', exact: 'exact products, ', repeated: 'products by repeated addition, ' };
const VECTORS = {
  chain: (lanes: number) => `columns of ${lanes}, `,
  tree: (lanes: number) => `trees of ${lanes}, `,
  integer: (lanes: number) => `integers of ${lanes} aligned, `,
};

/** The sums of an arithmetic in a few words. */
export function showSums(
  { product, accumulator, chain, vector }: GemmArithmetic,
  rowSum: RowSum = 'fp32',
): string {
  const gemm =
    product === 'exact' && accumulator === 'fp32'
      ? 'exact'
      : `${vector === undefined ? PRODUCTS[product] : VECTORS[vector.order](vector.lanes)}${accumulator}${chain === undefined ? '' : ` chains of ${chain}`}`;
  return `${gemm}, softmax ${rowSum}`;
}
