/** What a mapping counts and the rules of a design refer to; everything else about a count's name follows from here. */

/** Counts of a GEMM, for the whole chip, summed over its span where it has one. */
export const GEMM_COUNTS = [
  /** Mappings: 1, or one a position of the span. */
  'mappings',
  /** What takes time; the narrower counts weigh it with the columns and rows in use, for energy. */
  'steps',
  'stepsColumns',
  'stepsRows',
  'stepsCells',
  /** Cycles of the array with its fill and drain. */
  'arrayCycles',
  /** Weight loads of a MAC array, and the same weighed with the rows in use. */
  'weightTiles',
  'weightTilesRows',
  /** Dequantisation: operations of all lanes, and the steps they take. */
  'scaling',
  'scalingSteps',
] as const;
export type GemmCount = (typeof GEMM_COUNTS)[number];

/** How often things happen in one GEMM: what rules refer to, and SRAM words. */
export interface GemmCounts extends Record<GemmCount, number> {
  /** SRAM words, off-chip side. */
  inputWrites: number;
  weightWrites: number;
  outputDrains: number;
  /** SRAM words, array side. */
  inputReads: number;
  weightReads: number;
  outputReads: number;
  outputWrites: number;
}

/** Counts of a nonlinear operator, likewise. */
export const NONLINEAR_COUNTS = [
  'mappings',
  /** Array or vector steps: one column of up to `lanes` rows. */
  'steps',
  /** Steps weighed with the lanes in use: elements / lanes. */
  'stepsUsed',
  'elements',
  /** Cycles of the array's whole sequence, where the design knows it; else 0. */
  'arrayCycles',
  /** Tiles of `lanes` rows of all mappings. */
  'tiles',
] as const;
export type NonlinearCount = (typeof NONLINEAR_COUNTS)[number];

/** How often things happen in one nonlinear operator: what rules refer to, and SRAM words. */
export interface NonlinearCounts extends Record<NonlinearCount, number> {
  /** Output SRAM words of one array-side pass over the tensor. */
  passWords: number;
  /** Output SRAM words of one off-chip pass (load or drain). */
  drainWords: number;
}

/**
 * The counts as a vector in the order of their list: what compiled rules index. Written out, since a loop over names
 * costs a tenth of an evaluation; a test holds the order.
 */
export const gemmVector = (c: Readonly<Record<GemmCount, number>>): number[] => [
  c.mappings,
  c.steps,
  c.stepsColumns,
  c.stepsRows,
  c.stepsCells,
  c.arrayCycles,
  c.weightTiles,
  c.weightTilesRows,
  c.scaling,
  c.scalingSteps,
];
export const nonlinearVector = (c: Readonly<Record<NonlinearCount, number>>): number[] => [
  c.mappings,
  c.steps,
  c.stepsUsed,
  c.elements,
  c.arrayCycles,
  c.tiles,
];
