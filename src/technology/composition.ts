/**
 * What a kind of machine is composed of at any size: for each of its units how many there are and how large they are, as sums
 * of terms in the sides of the array. Generated from the machines' descriptions (`src/machine/whole/composition.ts`), so that
 * pricing a size needs no builder.
 */
export interface Composition {
  /** As the pattern of its names. */
  kind: string;
  units: readonly ComposedUnit[];
}

export interface ComposedUnit {
  unit: string;
  /** What a test holds to the walk; prices need sizes alone. */
  instances: Terms;
  /** Size of all instances, in gates of two inputs by rule (`src/hardware/inventory.ts`). */
  gates: Terms;
}

/** Factors of terms, by their names: `CR` times columns and rows. */
export type Terms = Readonly<Partial<Record<Term, number>>>;

interface Lanes {
  /** Lanes of activations and of weights. */
  columns: number;
  rows: number;
}

/** What terms stand for; C columns, R rows, and levels of trees over them. The first that suffice are used. */
export const TERMS = {
  one: () => 1,
  R: ({ rows }: Lanes) => rows,
  C: ({ columns }: Lanes) => columns,
  CR: ({ columns, rows }: Lanes) => columns * rows,
  CC: ({ columns }: Lanes) => columns ** 2,
  RR: ({ rows }: Lanes) => rows ** 2,
  logC: ({ columns }: Lanes) => Math.log2(columns),
  ClogC: ({ columns }: Lanes) => columns * Math.log2(columns),
  RlogC: ({ columns, rows }: Lanes) => rows * Math.log2(columns),
  logR: ({ rows }: Lanes) => Math.log2(rows),
  RlogR: ({ rows }: Lanes) => rows * Math.log2(rows),
} as const;
export type Term = keyof typeof TERMS;
export const TERM_NAMES = Object.keys(TERMS) as Term[];

/** A sum of terms for an array. */
export function termsAt(terms: Terms, lanes: Lanes): number {
  let sum = 0;
  for (const [term, factor] of Object.entries(terms)) sum += factor * TERMS[term as Term](lanes);
  return sum;
}
