import type { DesignArithmetic } from '../vlp/arithmetic.ts';
import { changedSwitches, showSwitches, type VlpSwitches } from '../vlp/switches.ts';
import type { Design } from './design.ts';

/**
 * What of a design decides the numbers that it computes: designs with equal data here compute the same, whatever their size,
 * and one measurement of a loss is of all of them. Every field that a method does not use is left out.
 */
export interface Computed {
  /** Mugi-L looks up the entries that VLP selects, but for groups whose exponents span more than VLP's window of eight. */
  functions: Exclude<Design['method'], 'lut'>;
  products: DesignArithmetic['products'];
  activations: DesignArithmetic['activations'];
  /** Weights that share a scale. */
  group: number;
  /** Under VLP: its table, how a softmax row is added, and how many inputs share a window. */
  vlp?: DesignArithmetic['lut'] & {
    rowSum: DesignArithmetic['softmax']['sum'];
    rows: number;
    /** Switches that differ from the paper's. */
    functions?: Partial<VlpSwitches>;
  };
}

/** Inputs that share a sliding window, at most. */
export const MOST_ROWS = 256;

/** Those of an array: its rows. */
export const sharedRows = ({ rows }: Pick<Design['array'], 'rows'>): number => Math.min(MOST_ROWS, rows);

export function computedBy({
  method,
  arithmetic,
  array,
}: Pick<Design, 'method' | 'arithmetic' | 'array'>): Computed {
  const { products, activations, weights, lut, softmax } = arithmetic;
  const switched = changedSwitches(arithmetic.functions);
  const functions = method === 'lut' ? 'vlp' : method;
  return {
    functions,
    products,
    activations,
    group: weights.group,
    ...(functions === 'vlp'
      ? {
          vlp: {
            ...lut,
            rowSum: softmax.sum,
            rows: sharedRows(array),
            ...(Object.keys(switched).length === 0 ? {} : { functions: switched }),
          },
        }
      : {}),
  };
}

/** The same in a line: `vlp, 12 exponents, 256 rows, softmax bf16-cascade; bf16 chains of 256, groups of 256`. */
export function computedText({ functions, products, group, vlp }: Computed): string {
  const table =
    vlp === undefined
      ? ''
      : `, ${vlp.exponents} exponents, ${vlp.rows} rows, softmax ${vlp.rowSum}${vlp.functions === undefined ? '' : `, ${showSwitches(vlp.functions)}`}`;
  const { accumulator, chain } = products;
  return `${functions}${table}; ${accumulator} chains${chain === undefined ? '' : ` of ${chain}`}, groups of ${group}`;
}
