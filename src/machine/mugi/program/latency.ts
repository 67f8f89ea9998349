import { CODE_CYCLES, COLUMNS } from '../../../vlp/array.ts';
import { chainsOf } from '../../../vlp/gemm.ts';
import type { Accumulation } from '../unit/output-accumulator.ts';

/**
 * Cycles and activity of the node in closed form, with the constants of its pipeline: what an evaluation model
 * needs, and what the tests hold equal to the cycle model on random shapes.
 */

/** Cycles per frame, and the interval at which mappings enter: a temporal code. */
export const INITIATION_INTERVAL = CODE_CYCLES;

/** Frames in which a finished output tile (of one scale group) leaves the accumulators: one per chunk of H/8 rows. */
export const DRAIN_FRAMES = CODE_CYCLES;
/** Cycles from the last drain frame's load to its last result, beyond the eight of the frame itself. */
export const GEMM_FILL_AND_DRAIN = 30;
/** The same for a function's last mapping. */
export const FUNCTION_FILL_AND_DRAIN = 33;
/** The same for softmax, whose last frame multiplies by the reciprocal on the way from memory to memory. */
export const SOFTMAX_FILL_AND_DRAIN = 6;
/** Passes of softmax over its scores: maximum, exponential and sum, scaling. */
export const SOFTMAX_FRAMES_PER_KEY = 3;
/** Frames per softmax tile beyond those per key: one idle, eight reciprocals, three idle. */
const SOFTMAX_TILE_FRAMES = 12;
/** One more behind a cascade of row sums, whose levels are added before the reciprocal: three additions, two cycles apart. */
export const CASCADE_FRAMES = 1;
/** Idle frames at a change from GEMM to nonlinear work: the vector lanes still hold scales and partial sums. */
export const MODE_SWITCH_FRAMES = 4;
/** Idle frame at a change from a function to GEMM: the last LUT row and the first activations need the same port. */
export const FUNCTION_TO_GEMM_FRAMES = 1;

export interface Duration {
  frames: number;
  cycles: number;
}

export interface GemmShape {
  rows: number;
  m: number;
  k: number;
  n: number;
  /** Inner indices per scale; k when absent. */
  groupSize?: number;
  /** Inner indices after which a chain of sums leaves the accumulator; those of a scale when absent. */
  chain?: number;
}

/** `tiles × (k + 8 × chains)` frames. */
export function gemmCost({ rows, m, k, n, groupSize = k, chain }: GemmShape): Duration {
  const tiles = Math.ceil(n / rows) * Math.ceil(m / COLUMNS);
  const frames = tiles * (k + DRAIN_FRAMES * chainsOf(k, groupSize, chain));
  return { frames, cycles: frames * INITIATION_INTERVAL + GEMM_FILL_AND_DRAIN };
}

export interface TensorShape {
  rows: number;
  height: number;
  width: number;
  accumulation?: Accumulation;
}

/** Frames of a softmax tile beyond those per key. */
export const softmaxTileFrames = (accumulation: Accumulation = 'bf16'): number =>
  SOFTMAX_TILE_FRAMES + (accumulation === 'bf16-cascade' ? CASCADE_FRAMES : 0);

/** `ceil(height / H) × (3 × width + 12)` frames, 13 with a cascade: maximum, exponential and sum, scaling. */
export function softmaxCost({ rows, height, width, accumulation }: TensorShape): Duration {
  const frames =
    Math.ceil(height / rows) * (SOFTMAX_FRAMES_PER_KEY * width + softmaxTileFrames(accumulation));
  return { frames, cycles: frames * INITIATION_INTERVAL + SOFTMAX_FILL_AND_DRAIN };
}

/** `height × ceil(width / H) × passes` frames; a function of both signs needs two passes over its LUT halves. */
export function functionCost({ rows, height, width }: TensorShape, passes: 1 | 2): Duration {
  const frames = height * Math.ceil(width / rows) * passes;
  return { frames, cycles: frames * INITIATION_INTERVAL + FUNCTION_FILL_AND_DRAIN };
}

/** Activity counts of a GEMM that depend on its shape alone; the names are those of the cycle model. */
export function gemmActivity(shape: GemmShape) {
  const { rows, m, k, n, groupSize = k, chain } = shape;
  const columnTiles = Math.ceil(m / COLUMNS);
  const tiles = Math.ceil(n / rows) * columnTiles;
  const mappings = tiles * k;
  const liveRows = columnTiles * n * k;
  const chains = chainsOf(k, groupSize, chain);
  const drains = tiles * chains * DRAIN_FRAMES;
  return {
    mappings,
    inputLoad: mappings,
    inputValueReuse: mappings * INITIATION_INTERVAL,
    counterReuse: mappings * INITIATION_INTERVAL,
    weightLoad: liveRows,
    temporalCoder: liveRows,
    array: liveRows * COLUMNS,
    accumulate: liveRows * COLUMNS,
    vectorScaling: drains * COLUMNS,
    vectorAdd: tiles * (chains - 1) * DRAIN_FRAMES * COLUMNS,
    // A row's weights of a mapping are half a byte each; a scale is four nibbles.
    weightSramReads: mappings * INITIATION_INTERVAL + drains * 4,
    inputSramReads: mappings,
    outputSramReads: tiles * (chains - 1) * DRAIN_FRAMES * COLUMNS,
    outputSramWrites: drains * COLUMNS,
  };
}

/** Activity counts of softmax without a mask; `lutWords` is 2 for a LUT wider than one SRAM word, else 1. */
export function softmaxActivity({ rows, height, width }: TensorShape, lutWords: 1 | 2) {
  const tiles = Math.ceil(height / rows);
  const mappings = tiles * width;
  const cycles = mappings * INITIATION_INTERVAL;
  return {
    mappings,
    counterReuse: cycles,
    lutRowLoad: cycles,
    preProcess: height * width,
    sum: mappings,
    maximum: cycles,
    subtract: cycles,
    divide: cycles,
    reciprocal: tiles * DRAIN_FRAMES,
    inputSramReads: cycles * lutWords,
    outputSramReads: 3 * cycles,
    outputSramWrites: 2 * cycles,
  };
}

/** Activity counts of a function. */
export function functionActivity({ rows, height, width }: TensorShape, passes: 1 | 2, lutWords: 1 | 2) {
  const loads = height * Math.ceil(width / rows);
  const mappings = loads * passes;
  return {
    mappings,
    counterReuse: mappings * INITIATION_INTERVAL,
    lutRowLoad: mappings * INITIATION_INTERVAL,
    preProcess: height * width,
    inputSramReads: mappings * INITIATION_INTERVAL * lutWords,
    outputSramReads: loads * INITIATION_INTERVAL,
    outputSramWrites: loads * INITIATION_INTERVAL,
  };
}

/**
 * Cycles of a mesh from the last chain of an output tile that leaves a node to the first that its neighbour adds to: the
 * 8 frames in which 8 H sums leave, four of pipeline, and a link, in whole frames.
 */
export const MESH_PASS = 96;
