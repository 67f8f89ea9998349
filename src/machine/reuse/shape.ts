import { MugiError } from '../../errors.ts';
import { COLUMNS } from '../../vlp/array.ts';
import { FLOAT_LATENCY } from '../part/registered.ts';

/**
 * How a row gets the product of an activation and its INT4 weight.
 * - `multiplier`: it has one, of the significand with three bits.
 * - `time`: columns run through the multiples 0·a to 7·a, and the row takes the one of its weight in the cycle in which it is
 *   there: value-level parallelism with a temporal code, as in Mugi and Carat.
 * - `space`: the odd multiples 1a, 3a, 5a and 7a stand side by side, made once for all rows, and the weight picks one and
 *   shifts it: the same reuse of values without a temporal code.
 */
export const PICKS = ['multiplier', 'time', 'space'] as const;
/**
 * What a row adds where.
 * - `outer`: a product a cycle to one of the sums of eight tokens, the weight standing for eight cycles.
 * - `inner`: eight neighbouring k of a token one after the other into one register, from which its sum comes and to which it
 *   returns once.
 * - `dot`: the products of neighbouring k in one cycle, added by a tree.
 */
export const FLOWS = ['outer', 'inner', 'dot'] as const;
/** BF16, or integers: activations of a token aligned to the largest exponent of a group of k, converted when the group ends. */
export const SUMS = ['bf16', 'integer'] as const;

export interface RowKind {
  pick: (typeof PICKS)[number];
  flow: (typeof FLOWS)[number];
  sums: (typeof SUMS)[number];
}

/**
 * Whether rows of a kind can be: in time, all columns of a row share one weight in a frame, so that they hold tokens of one k
 * and not several k; two columns of other k would reach the row in the same cycle.
 */
const isPossible = ({ pick, flow }: RowKind): boolean => pick !== 'time' || flow === 'outer';

/** Every kind there is. */
export const ROW_KINDS: readonly RowKind[] = SUMS.flatMap((sums) =>
  FLOWS.flatMap((flow) => PICKS.map((pick) => ({ pick, flow, sums })).filter(isPossible)),
);

/** Tokens whose sums stand beside each other where a row has one product a cycle; also the k of an inner sum. */
export const TOKENS = COLUMNS;

/** Sizes of an array of such rows: `columns` products of k a row and cycle (1 but in `dot`), `rows` outputs. */
export interface ReuseShape extends RowKind {
  columns: number;
  rows: number;
}

/** The shape of an array with so many multiply-accumulates a cycle; dot products have eight k a row, or as many as fit. */
export function reuseShape(kind: RowKind, macs: number): ReuseShape {
  const columns = kind.flow === 'dot' ? Math.min(8, Math.sqrt(macs)) : 1;
  const rows = macs / columns;
  const fits = kind.flow === 'dot' ? columns >= 4 && Number.isInteger(columns) : rows % TOKENS === 0;
  if (fits && Number.isInteger(rows) && isPossible(kind)) return { ...kind, columns, rows };
  throw new MugiError({
    code: 'invalid-value',
    message: `${kind.pick} × ${kind.flow} × ${kind.sums} of ${macs} multiply-accumulates a cycle cannot be built`,
    expected:
      'dot products of 16 or a multiple of 8 from 64 on, others of a multiple of 8, and picking in time only outer products',
    received: String(macs),
  });
}

/** Weights that a row holds: of the inner indices of a tile. */
export const weightsOf = ({ flow, columns }: ReuseShape): number => (flow === 'inner' ? TOKENS : columns);

/** Lanes that weights come and results leave by, an eighth of the products of a cycle; and rows that share one. */
export const reuseLanes = ({ flow, rows }: ReuseShape): { lanes: number; chunks: number } =>
  flow === 'dot' ? { lanes: rows, chunks: 1 } : { lanes: rows / TOKENS, chunks: TOKENS };

/** Exponents on the pins: of each token that comes at once, where sums are integers. */
export const exponentLanes = ({ pick, sums }: ReuseShape): number =>
  sums === 'integer' && pick === 'time' ? TOKENS : 1;

/** Cycles from the pins to the parts of an array, and how long its weights stand. */
export interface ReuseTiming {
  /** Until a row multiplies, or its first column runs through multiples: weights have changed by then. */
  row: number;
  /** Until a row reads the sum of a token, where all rows do so together. */
  read: number;
  /** Until the sum of the last token that came is written, at the end of that cycle. */
  written: number;
  /** Tokens of a pass: sums that a row keeps of each output. */
  slots: number;
  /** Cycles in which the weights of a tile are written, one piece a cycle; a tile takes no less. */
  loads: number;
}

export function reuseTiming(shape: ReuseShape): ReuseTiming {
  const { pick, flow, sums, columns } = shape;
  const float = sums === 'bf16';
  const slots = Math.max(TOKENS, columns);
  const loads = weightsOf(shape) * reuseLanes(shape).chunks;
  if (pick === 'time') {
    // A frame runs through the multiples; BF16 products wait in slots and are added in the order of the columns.
    const row = 3;
    const written = row + TOKENS - 1 + (float ? TOKENS + FLOAT_LATENCY : 0);
    return { row, read: row + TOKENS, written, slots, loads };
  }
  // Input register; alignment of integers; odd multiples.
  const row = 1 + (float ? 0 : 1) + (pick === 'space' ? 1 : 0);
  const levels = Math.log2(columns);
  const tree = flow === 'dot' ? (float ? FLOAT_LATENCY * levels : 2) : 0;
  const read = row + (float ? 1 : 0) + tree;
  return { row, read, written: read + (float ? FLOAT_LATENCY : 0), slots, loads };
}
