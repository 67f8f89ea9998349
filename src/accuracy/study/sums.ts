import type { OpenedModel } from '../../model/load.ts';
import type { LoadedModel } from '../../model/model.ts';
import { exactNonlinear } from '../../model/layer/nonlinear.ts';
import { PUBLISHED_ARITHMETIC, REPAIRED_ARITHMETIC } from '../../vlp/arithmetic.ts';
import type { GemmArithmetic } from '../../vlp/gemm.ts';
import { ROW_SUMS, type RowSum } from '../../vlp/row-sum.ts';
import type { Row } from '../../present/csv.ts';
import { keyOf, type OnProgress, WorkState } from '../../files/state.ts';
import { type Block, keyOfBlocks } from '../data/blocks.ts';
import { fingerprint } from '../score/fingerprint.ts';
import { arithmeticFor, FULL_PRECISION, type Precision, precisionOf } from '../score/precision.ts';
import { type BatchScores, scoreRuns } from '../score/score-runs.ts';
import { isTie, pairedDifference } from '../score/statistics.ts';
import { DEFAULT_SETTINGS, methodUnit } from './methods.ts';

/** Where sums are formed: softmax rows, products with INT4 operands, or everything that a design does in the layers. */
export const SUM_PARTS = ['softmax', 'gemm', 'all'] as const;
export type SumPart = (typeof SUM_PARTS)[number];

/** One way of forming the sums of a part, and what its loss is compared with. */
interface SumVariant {
  part: SumPart;
  name: string;
  precision: Precision;
  softmax: RowSum;
  /** Name of the variant that the difference is taken from; `stored` is the model as the checkpoint stores it. */
  against: string;
}

const STORED = 'stored';
const INT4: Precision = { ...FULL_PRECISION, weights: 'int4', kv: 'int4', group: 128 };
const bf16 = PUBLISHED_ARITHMETIC.products;

const PRODUCTS: readonly [string, GemmArithmetic][] = [
  ['BF16 products, FP32 sums', { ...bf16, accumulator: 'fp32' }],
  ['BF16 sums of 64', { ...bf16, chain: 64 }],
  ['BF16 sums of 128', { ...bf16, chain: 128 }],
  ['BF16 sums of 256', { ...bf16, chain: 256 }],
  ['BF16 sums to the end of a group', bf16],
];

/** The variants of a part, its exact sums first. */
function sumVariants(parts: readonly SumPart[]): SumVariant[] {
  const softmax = ROW_SUMS.map(
    (sum): SumVariant => ({
      part: 'softmax',
      name: `softmax ${sum}`,
      precision: FULL_PRECISION,
      softmax: sum,
      against: sum === 'fp32' ? STORED : 'softmax fp32',
    }),
  );
  const gemm: SumVariant[] = [
    { part: 'gemm', name: 'exact sums', precision: INT4, softmax: 'fp32', against: STORED },
    ...PRODUCTS.map(
      ([name, products]): SumVariant => ({
        part: 'gemm',
        name,
        precision: { ...INT4, products },
        softmax: 'fp32',
        against: 'exact sums',
      }),
    ),
  ];
  const all = [
    ['as published', PUBLISHED_ARITHMETIC],
    ['repaired', REPAIRED_ARITHMETIC],
  ] as const;
  const whole = all.map(
    ([name, { products, activations, weights, softmax, unquantised }]): SumVariant => ({
      part: 'all',
      name,
      // Sums of the layers are asked about: the output matrix is as stored in every variant.
      precision: { ...precisionOf({ activations, products, weights, unquantised }), head: 'stored' },
      softmax: softmax.sum,
      against: STORED,
    }),
  );
  return [...softmax, ...gemm, ...whole].filter(({ part }) => parts.includes(part));
}

/** Mean loss of one way of summing at one context. */
export interface SumRow extends Row {
  context: number;
  part: SumPart;
  sums: string;
  tokens: number;
  loss: number;
  /** Mean loss less that of `against` on the same blocks, nats per target, and the half-width of its 95 % interval. */
  loss_increase: number;
  loss_increase_ci95: number;
  tie: boolean | null;
  against: string;
}

/** What sums cost a model on blocks of one length, every variant on the same blocks. */
export async function measureSums(options: {
  opened: OpenedModel;
  model: LoadedModel;
  parts: readonly SumPart[];
  context: number;
  blocks: readonly Block[];
  fresh?: boolean;
  onProgress?: OnProgress;
}): Promise<SumRow[]> {
  const { opened, model, blocks, context } = options;
  const variants = sumVariants(options.parts);
  const reference = arithmeticFor(FULL_PRECISION, exactNonlinear);
  const runs = variants.map(({ precision, softmax }) => {
    const { unit, ranges } = methodUnit('vlp', opened.config, { ...DEFAULT_SETTINGS, rowSum: softmax });
    return { arithmetic: arithmeticFor(precision, unit), ranges };
  });
  const state = new WorkState<BatchScores>(
    keyOf(['sums', fingerprint(opened), variants, keyOfBlocks(blocks)]),
    options.fresh,
  );
  const stored = { arithmetic: reference, ranges: () => ({ inputs: 0, clamped: 0 }) };
  const scores = await scoreRuns({
    model,
    reference,
    runs: [stored, ...runs],
    blocks,
    state,
    onProgress: options.onProgress,
    onPart: options.onProgress,
  });
  state.finish();
  const losses = scores.map(({ blocks }) => blocks.map(({ loss }) => loss));
  const names = [STORED, ...variants.map(({ name }) => name)];
  const counts = blocks.map(({ scored }) => scored);
  const tokens = counts.reduce((a, b) => a + b, 0);
  return variants.map(({ part, name, against }, i) => {
    const own = losses[i + 1];
    const difference = pairedDifference(own, losses[names.indexOf(against)], counts);
    return {
      context,
      part,
      sums: name,
      tokens,
      loss: own.reduce((a, b) => a + b, 0) / tokens,
      loss_increase: difference.mean,
      loss_increase_ci95: difference.ci95,
      tie: isTie(difference),
      against,
    };
  });
}
