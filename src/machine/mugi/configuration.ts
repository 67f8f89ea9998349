import { MugiError } from '../../errors.ts';
import type { NodeConfiguration } from './node.ts';

export const MIN_ROWS = 8;
export const MAX_ROWS = 256;

/** Every height that the node can have. */
export const HEIGHTS: readonly number[] = Array.from(
  { length: Math.log2(MAX_ROWS / MIN_ROWS) + 1 },
  (_, i) => MIN_ROWS * 2 ** i,
);

/**
 * Heights the node can have: powers of two, because rows are loaded in eight equal chunks over a tree of lanes.
 * @throws MugiError for other heights, with the nearest
 */
export function checkedRows(rows: number, path = 'rows'): number {
  const power = Number.isInteger(rows) && (rows & (rows - 1)) === 0;
  if (power && rows >= MIN_ROWS && rows <= MAX_ROWS) return rows;
  const wanted = 2 ** Math.round(Math.log2(Math.max(1, rows)));
  throw new MugiError({
    code: 'invalid-value',
    message: 'the height of the array must be a power of two',
    path,
    expected: `a power of two from ${MIN_ROWS} to ${MAX_ROWS}`,
    received: String(rows),
    nearest: Number.isFinite(wanted) ? String(Math.min(MAX_ROWS, Math.max(MIN_ROWS, wanted))) : undefined,
  });
}

const BIAS = 127;

/** Function settings of a node that runs only GEMM, where every valid window will do. */
export const IDLE_FUNCTION: Pick<NodeConfiguration, 'window' | 'outside'> = {
  window: { low: BIAS - 4, high: BIAS + 3, anchor: 'max' },
  outside: { zero: 0, passPositive: false },
};
