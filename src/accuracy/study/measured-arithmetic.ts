import { type Computed, computedBy } from '../../design/computed.ts';
import type { Design } from '../../design/design.ts';
import { EXACT_SUMS } from '../../vlp/gemm.ts';
import type { AccuracyPart, AlonePart } from '../score/accuracy-parts.ts';
import { FULL_PRECISION, type Precision } from '../score/precision.ts';

/** An arithmetic whose loss is measured: what designs compute, and where the windows of its tables come from. */
export interface Arithmetic extends Computed {
  /** Under VLP: chosen by a calibration pass, or [−4, 3] everywhere. */
  windows?: 'auto' | 'default';
  /** One thing of it on the stored model; absent: all that it does. */
  alone?: AlonePart;
}

/** What of a design its losses depend on. */
export type MeasuredDesign = Pick<Design, 'method' | 'arithmetic' | 'array'>;

/** What a design computes, with windows chosen for the model. */
export function arithmeticOf(design: MeasuredDesign): Arithmetic {
  const computed = computedBy(design);
  return computed.vlp === undefined ? computed : { ...computed, windows: 'auto' };
}

/** A part of an arithmetic's loss: what is measured for it, and what its loss is taken from (absent: the stored model). */
export interface Part {
  part: AccuracyPart;
  one: Arithmetic;
  beside?: Arithmetic;
}

/** All of it with its products exact and sums in FP32. */
const withExactSums = (one: Arithmetic): Arithmetic => ({
  ...one,
  products: EXACT_SUMS,
  ...(one.vlp === undefined ? {} : { vlp: { ...one.vlp, rowSum: 'fp32' } }),
});

/** All of it but its nonlinear functions, which are exact. */
export const withExactFunctions = ({ products, activations, group }: Arithmetic): Arithmetic => ({
  functions: 'precise',
  products,
  activations,
  group,
});

/**
 * What makes the loss of an arithmetic up, as `mugi accuracy` has it. Parts that several arithmetics share are equal data,
 * so that they are measured once.
 * @param head what becomes of the output matrix in all of them
 */
export function partsOf(one: Arithmetic, head: Precision['head']): Part[] {
  const { functions, vlp, windows, group, activations } = one;
  const plain = { products: EXACT_SUMS, activations };
  const exact = { functions: 'precise' as const, ...plain };
  const own = { functions, ...plain, group: FULL_PRECISION.group };
  const without = { ...exact, group: FULL_PRECISION.group };
  return [
    ...(functions === 'precise'
      ? []
      : [
          {
            part: 'functions' as const,
            one: {
              ...own,
              ...(vlp === undefined ? {} : { vlp: { ...vlp, rowSum: 'fp32' as const }, windows }),
              alone: 'functions' as const,
            },
          },
        ]),
    { part: 'weights', one: { ...exact, group, alone: 'weights' } },
    ...(head === 'stored'
      ? []
      : [{ part: 'head' as const, one: { ...exact, group, alone: 'head' as const } }]),
    { part: 'kv', one: { ...without, alone: 'kv' } },
    { part: 'activations', one: { ...without, alone: 'activations' } },
    { part: 'sums', one, beside: withExactSums(one) },
  ];
}
