import { MugiError } from '../errors.ts';
import type { Accumulation } from '../machine/mugi/unit/output-accumulator.ts';
import { checkedRows, MAX_ROWS, MIN_ROWS } from '../machine/mugi/configuration.ts';
import { presetDesign } from '../published/preset-design.ts';
import { COLUMNS } from '../vlp/array.ts';
import type { RowSum } from '../vlp/row-sum.ts';
import type { Simulation } from './asked.ts';

/** How the node of so many rows keeps partial sums. */
export interface NodeSums {
  gemm: { accumulation: Accumulation; chain?: number };
  softmax: { accumulation: Accumulation };
}

/**
 * The sums of the design with this many rows. The experiment `exact-sums` is the same array with FP32 accumulators:
 * products are still what the 16-bit bus carries, and chains end where the design's do.
 */
export function nodeSums(rows: number, asked: Pick<Simulation, 'preset' | 'arithmetic'>): NodeSums {
  const { products, softmax } = presetDesign(`mugi-${rows}`, asked.preset).arithmetic;
  const exact = asked.arithmetic === 'exact-sums';
  return {
    gemm: { accumulation: exact ? 'fp32' : products.accumulator, chain: products.chain },
    softmax: { accumulation: exact ? 'fp32' : nodeSum(softmax.sum) },
  };
}

export function nodeSum(sum: RowSum): Accumulation {
  if (sum === 'bf16' || sum === 'fp32' || sum === 'bf16-cascade') return sum;
  throw new MugiError({
    code: 'unsupported',
    message: `the node has no accumulator that adds softmax rows as ${sum}`,
    path: 'design',
    expected: 'bf16, fp32 or bf16-cascade',
    received: sum,
    nearest: 'bf16-cascade',
  });
}

/** Rows of a design name; the width of the node is fixed. `others` are names that are known beside the node's. */
export function rowsOf(design: string, others: readonly string[] = []): number {
  const match = /^mugi-(\d+)(?:x(\d+))?$/.exec(design);
  if (match === null) {
    throw new MugiError({
      code: 'unknown-name',
      message:
        others.length === 0
          ? `the cycle model knows the Mugi node only, not "${design}"`
          : `no whole machine is called "${design}"`,
      path: 'design',
      expected: [`mugi-H with H a power of two from ${MIN_ROWS} to ${MAX_ROWS}`, ...others].join(', '),
      received: design,
      nearest: 'mugi-8',
    });
  }
  if (match[2] !== undefined && match[2] !== String(COLUMNS)) {
    throw new MugiError({
      code: 'invalid-value',
      message: 'the node has eight columns, one per slot of the 3-bit temporal code',
      path: 'design',
      expected: `a width of ${COLUMNS}`,
      received: match[2],
      nearest: `mugi-${match[1]}`,
    });
  }
  return checkedRows(Number(match[1]), 'design');
}
