import type { GemmOperator } from '../../workload/operator.ts';
import { type Design, sramBits, type TileSize } from '../design.ts';
import { type Axis, axis, pairPieceWords, pairTileWords } from './axis.ts';
import { kLanes, partialResults } from './chains.ts';
import type { GemmCounts } from './counts.ts';
import { scaleBitsOf, type ScaledProduct } from './scales.ts';

/** Off-chip traffic of a GEMM in bits, every operand of every tile. */
export interface Traffic {
  input: number;
  weight: number;
  output: number;
}

export interface GemmMapping {
  counts: GemmCounts;
  traffic: Traffic;
  /** Products issued, the tensor core's rounded-up K axis included. */
  issuedMacs: number;
  /** Σ over positions of the partial results of one output. */
  partials: number;
  m: Axis;
  k: Axis;
  n: Axis;
}

/** Longest side of an off-chip tile (Mugi artifact). */
const LONGEST_TILE = 256;

/** Tiles of up to 256 that fill whole pieces of an array with `lanes` lanes, and at least one piece. */
const wholePieces = (lanes: number): number => lanes * Math.max(1, Math.floor(LONGEST_TILE / lanes));

/**
 * The largest tiles, 256 halved as often as needed, whose double-buffered operands fit their SRAM. They start at whole pieces of the array, which differs from 256 for sizes that do not divide it.
 * The activation axis shrinks first: it costs weight reloads only when the batch is large.
 */
export function fittingTile(design: Design, op: GemmOperator): TileSize {
  const { array, sram } = design;
  const input = sramBits(sram.input) / 2;
  const weight = sramBits(sram.weight) / 2;
  const output = sramBits(sram.output) / 2;
  const n = wholePieces(array.rows);
  // A chain of sums, which ends where a scale does, so that no piece of an array is in two of them.
  let k = LONGEST_TILE;
  while (k * n * op.weightBits > weight && k > 1) k = Math.floor(k / 2);
  let m = wholePieces(array.columns);
  const most = Math.min(op.m, m);
  while (m > 1) {
    const used = Math.min(m, most);
    if (used * k * op.activationBits <= input && used * n * op.outputBits <= output) break;
    m = Math.floor(m / 2);
  }
  return { m, k, n };
}

/** The off-chip tile of a GEMM: the design's own, or the largest that fits. */
export const tileOf = (design: Design, op: GemmOperator): TileSize => design.tile ?? fittingTile(design, op);

/** The axes of a product as a node or a whole chip has them, and how many products there are. */
export interface Axes {
  batch: number;
  m: Axis;
  k: Axis;
  n: Axis;
  /** Σ over positions of the partial results of one output. */
  partials: number;
}

/** Lanes of the array that each axis lies on. */
export const lanesOf = (array: Design['array']): { m: number; k: number; n: number } => ({
  m: array.columns,
  k: kLanes(array),
  n: array.rows,
});

/** The axes of a GEMM on one node. */
function axesOf(design: Design, op: GemmOperator, tile: TileSize): Axes {
  const { array } = design;
  const k = axis(op.k, tile.k, kLanes(array));
  return {
    batch: op.batch,
    m: axis(op.m, tile.m, array.columns),
    k,
    n: axis(op.n, tile.n, array.rows),
    partials: partialResults(design, op, k, tile.k),
  };
}

/** Steps of the array along K. */
const stepsAlong = ({ array }: Pick<Design, 'array'>, k: Axis): number =>
  array.depth > 1 ? k.folds : k.size;

/** Traffic of a GEMM on one node. */
export function trafficOf(
  design: Pick<Design, 'arithmetic' | 'scaleBits'>,
  op: Pick<GemmOperator, 'activationBits' | 'outputBits'> & ScaledProduct,
  { batch, m, k, n }: Axes,
  scaled = scaleBitsOf(design, op),
): Traffic {
  return {
    input: batch * n.tiles * m.size * k.size * op.activationBits,
    weight: batch * m.tiles * k.size * n.size * (op.weightBits + scaled),
    output: batch * k.positions * m.size * n.size * op.outputBits,
  };
}

/** Maps one GEMM of the workload: two cuts, off-chip tiles and array pieces (Mugi §5, artifact schedule). */
export const mapGemm = (design: Design, op: GemmOperator, tile: TileSize): GemmMapping =>
  mapAxes(design, op, axesOf(design, op, tile));

/** Cycles of the array for one GEMM, by the closed form of an evaluation. */
export const productCycles = (design: Design, op: GemmOperator): number =>
  mapGemm(design, op, tileOf(design, op)).counts.arrayCycles;

/** A GEMM whose axes are known: those of a node's share, or of all shares together. */
export function mapAxes(design: Design, op: GemmOperator, axes: Axes): GemmMapping {
  const { columns, rows, depth, stationary } = design.array;
  const { batch: b, m, k, n, partials } = axes;
  const kSteps = stepsAlong(design, k);
  const { input, weight, output } = design.sram;
  const mappings = k.positions * n.positions;
  const rereads = stationary === 'output' ? m.folds : m.tiles;
  const outputWords = b * pairPieceWords(m, n, op.outputBits, output.wordBits);
  const { pipeline } = design.array;
  // Rows of activations pass the weights of a fold; elsewhere inner indices pass the outputs of one.
  const passing = pipeline.kind === 'weight-stationary' && pipeline.reloads === true;
  const steps = passing ? b * m.size * n.folds * k.folds : b * m.folds * n.folds * kSteps;
  const scaled = scaleBitsOf(design, op);
  const scaleWords = (b * k.size * n.size * scaled) / weight.wordBits;
  const { scaling, scalingSteps } = dequantise(design, b * partials, m, n);
  // Named one by one: a spread inside the literal below costs half of an evaluation.
  const { weightTiles, weightTilesRows } = weightLoads(design, b, m, k, n);
  const counts: GemmCounts = {
    mappings,
    steps,
    stepsColumns: b * (m.size / columns) * n.folds * kSteps,
    stepsRows: b * m.folds * (n.size / rows) * kSteps,
    stepsCells: (b * m.size * n.size * kSteps) / (columns * rows),
    arrayCycles: arrayCycles(design, axes, mappings),
    weightTiles,
    weightTilesRows,
    scaling,
    scalingSteps,
    inputWrites: b * n.tiles * pairTileWords(m, k, op.activationBits, input.wordBits),
    weightWrites: b * m.tiles * pairTileWords(k, n, op.weightBits, weight.wordBits) + m.tiles * scaleWords,
    outputDrains: b * k.positions * pairTileWords(m, n, op.outputBits, output.wordBits),
    inputReads: b * n.folds * pairPieceWords(m, k, op.activationBits, input.wordBits),
    weightReads: b * rereads * pairPieceWords(k, n, op.weightBits, weight.wordBits) + rereads * scaleWords,
    outputReads: outputWords * (stationary === 'output' ? partials : k.folds - k.tiles),
    outputWrites: outputWords * (stationary === 'output' ? partials : k.folds),
  };
  return {
    counts,
    traffic: trafficOf(design, op, axes, scaled),
    partials,
    issuedMacs: counts.stepsCells * columns * rows * depth,
    m,
    k,
    n,
  };
}

/** Scaling of `perTile` partial results an output, by the group scale: once an off-chip K tile (artifact: every 256 of K). */
function dequantise(
  { scaling, array: { columns, rows, counting } }: Design,
  perTile: number,
  m: Axis,
  n: Axis,
): { scaling: number; scalingSteps: number } {
  const artifact = counting === 'artifact';
  switch (scaling.kind) {
    case 'vector':
      return {
        scaling: (perTile * m.size * n.size) / scaling.lanes,
        scalingSteps: (perTile * m.size * n.occupied()) / scaling.lanes,
      };
    case 'rows':
      return {
        scaling: perTile * m.size * (artifact ? n.piecesExact() : n.size / rows),
        scalingSteps: perTile * m.size * n.folds,
      };
    case 'plane':
      return {
        scaling: perTile * (artifact ? m.folds * n.piecesExact() : (m.size / columns) * (n.size / rows)),
        scalingSteps: perTile * m.folds * n.folds,
      };
  }
}

/**
 * Rows of weights that an array takes, and the same weighed with the lanes in use: those of a fold where they stay; one
 * a step where they pass; in a tensor core vectors of `depth`, which stay for the rows of activations of a tile.
 */
function weightLoads(
  { array }: Design,
  b: number,
  m: Axis,
  k: Axis,
  n: Axis,
): Pick<GemmCounts, 'weightTiles' | 'weightTilesRows'> {
  const { rows, depth, stationary, counting } = array;
  if (counting === 'artifact') {
    const steps = b * m.folds * (depth > 1 ? k.folds : k.size);
    return { weightTiles: steps * n.tiles, weightTilesRows: steps * (n.meanPiece() / rows) };
  }
  const each = b * (stationary === 'weight' ? m.tiles : m.folds) * (depth > 1 ? k.folds : k.size);
  return { weightTiles: each * n.folds, weightTilesRows: each * (n.size / rows) };
}

/** Cycles of the array for a product with these axes, fill and drain included, `mappings` tails among them. */
export function arrayCycles(
  design: Pick<Design, 'array'>,
  { batch: b, m, k, n, partials }: Axes,
  mappings: number,
): number {
  const { pipeline, rows, columns, stepCycles } = design.array;
  const steps = b * m.folds * n.folds * stepsAlong(design, k);
  switch (pipeline.kind) {
    case 'ideal':
      return steps * stepCycles;
    case 'tail':
      return (
        steps * stepCycles +
        mappings * pipeline.cycles +
        b * m.folds * n.folds * partials * (pipeline.perTile ?? 0)
      );
    case 'weight-stationary': {
      const { registers = 1, skew = rows + columns - 2, tail = 0, reloads } = pipeline;
      const folds = b * k.folds * n.folds;
      if (registers === 1) {
        const tiles = reloads === true ? m.tiles : 1;
        return folds * (tiles * (columns + skew) + m.size) + mappings * tail;
      }
      // The last fold waits for no weights.
      const { tilesAtLeast, last } = m.atLeast(columns);
      return folds * tilesAtLeast + mappings * (columns + Math.min(0, last - columns) + skew + tail);
    }
    case 'output-stationary': {
      const { perTile = 0, period = 1, tail = 0 } = pipeline;
      const skew = k.positions * (rows + columns - 1 - period);
      return b * m.folds * n.folds * (k.size + skew + partials * perTile) + mappings * tail;
    }
  }
}
