/**
 * How often things happen in one GEMM (summed over its span, where it has one), for the whole chip. `steps` counts
 * what takes time; the narrower counts weigh it with the columns and rows in use, for energy.
 */
export interface GemmCounts {
  /** Mappings: 1, or one a position of the span. */
  mappings: number;
  steps: number;
  stepsColumns: number;
  stepsRows: number;
  stepsCells: number;
  /** Cycles of the array with its fill and drain. */
  arrayCycles: number;
  /** Weight loads of a MAC array, and the same weighed with the rows in use. */
  weightTiles: number;
  weightTilesRows: number;
  /** Dequantisation: operations of all lanes, and the steps they take. */
  scaling: number;
  scalingSteps: number;
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

/** The counts in the order of `gemmVector`. */
export const GEMM_COUNTS = [
  'mappings',
  'steps',
  'stepsColumns',
  'stepsRows',
  'stepsCells',
  'arrayCycles',
  'weightTiles',
  'weightTilesRows',
  'scaling',
  'scalingSteps',
] as const satisfies readonly (keyof GemmCounts)[];

/** The counts that rules refer to, as a vector. */
export const gemmVector = (c: GemmCounts): number[] => [
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

/** How often things happen in one nonlinear operator (summed over its span), for the whole chip. */
export interface NonlinearCounts {
  mappings: number;
  /** Array or vector steps: one column of up to `lanes` rows. */
  steps: number;
  /** Steps weighed with the lanes in use: elements / lanes. */
  stepsUsed: number;
  elements: number;
  /** Cycles of the array's whole sequence, where the design knows it; else 0. */
  arrayCycles: number;
  /** Output SRAM words of one array-side pass over the tensor. */
  passWords: number;
  /** Output SRAM words of one off-chip pass (load or drain). */
  drainWords: number;
}

/** The counts in the order of `nonlinearVector`. */
export const NONLINEAR_COUNTS = [
  'mappings',
  'steps',
  'stepsUsed',
  'elements',
  'arrayCycles',
] as const satisfies readonly (keyof NonlinearCounts)[];

/** The counts that rules refer to, as a vector. */
export const nonlinearVector = (c: NonlinearCounts): number[] => [
  c.mappings,
  c.steps,
  c.stepsUsed,
  c.elements,
  c.arrayCycles,
];
