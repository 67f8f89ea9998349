/** Sides of an array of cells. */
export interface Sides {
  /** Lanes of activations: of M where outputs stand still, of K where weights do. */
  columns: number;
  /** Lanes of weights and results, N. */
  rows: number;
}

/** A square of this size, or sides. */
export const sidesOf = (size: number | Sides): Sides =>
  typeof size === 'number' ? { columns: size, rows: size } : size;

/** `16` for a square, `8x32` for a rectangle. */
export const sidesName = ({ columns, rows }: Sides): string =>
  columns === rows ? String(rows) : `${columns}x${rows}`;
