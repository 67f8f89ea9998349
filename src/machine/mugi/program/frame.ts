import { CODE_CYCLES } from '../../../vlp/array.ts';

/**
 * The node's instruction: what one frame of eight cycles does. A frame moves through five stages, one frame
 * apart (load → hold → active → out → emit), so five mappings are in flight and a new one enters every eight
 * cycles. The bits are horizontal microcode: each switches one thing in one stage and needs no decoder.
 */
export const FRAME_BITS = 19;
export const FRAME_CYCLES = CODE_CYCLES;

export const LOAD = 1 << 0; //      load: eight chunks of row data enter the row FIFOs
export const WEIGHT = 1 << 1; //    load: the data are INT4 weights (from the weight SRAM), not BF16 values
export const SUBTRACT = 1 << 2; //  load: the vector lane subtracts the row maximum
export const SPIKE = 1 << 3; //     active: temporal converters and columns work
export const MAC = 1 << 4; //       active: columns carry t·a; out: products enter the output accumulator
export const FIRST = 1 << 5; //     the accumulation (MAC, SUM or MAXIMUM) starts anew
export const LOOKUP = 1 << 6; //    active: columns carry LUT rows; out: post-processing picks a result
export const NEGATIVE = 1 << 7; //  active: the LUT half for negative inputs
export const SINGLE = 1 << 8; //    the LUT has one half, which serves every row
export const EMIT = 1 << 9; //      emit: the results leave, one chunk a cycle
export const SUM = 1 << 10; //      emit: the results are also added to the row's first partial sum
export const MAXIMUM = 1 << 11; //  load: the vector lane keeps the larger of its row's register and the data
export const DRAIN = 1 << 12; //    load: scales enter; out: chunk `r` of the partial sums leaves, scaled
export const PARTIAL = 1 << 13; //  out: the scaled sums are added to earlier partial results
export const RECIPROCAL = 1 << 14; // out: 1/sum of chunk `r` enters the lane's row register
export const SCALE = 1 << 15; //    load: the data are multiplied by the row register and leave
const CHUNK = 16;

export const IDLE = 0;

/** The chunk (one of eight groups of H/8 rows) that DRAIN and RECIPROCAL serve. */
export const chunkOf = (frame: number): number => (frame >>> CHUNK) & 7;
const withChunk = (frame: number, chunk: number): number => frame | (chunk << CHUNK);
/** Lowest bit of the chunk field. */
export const CHUNK_BIT = CHUNK;

export const macFrame = (first: boolean): number => LOAD | WEIGHT | SPIKE | MAC | (first ? FIRST : 0);
export const drainFrame = (chunk: number, partial: boolean): number =>
  withChunk(DRAIN | (partial ? PARTIAL : 0), chunk);
export const maximumFrame = (first: boolean): number => MAXIMUM | (first ? FIRST : 0);
/** One key of a softmax: subtract the maximum, look exp up, emit it and add it to the sum. */
export const softmaxFrame = (first: boolean): number =>
  LOAD | SUBTRACT | SPIKE | LOOKUP | SINGLE | NEGATIVE | EMIT | SUM | (first ? FIRST : 0);
/** exp of inputs that are never positive. */
export const expFrame = (): number => LOAD | SPIKE | LOOKUP | SINGLE | NEGATIVE | EMIT;
/** A function of both signs takes two frames: the positive half of the LUT, then the negative. */
export const positiveFrame = (): number => LOAD | SPIKE | LOOKUP;
export const negativeFrame = (): number => SPIKE | LOOKUP | NEGATIVE | EMIT;
export const reciprocalFrame = (chunk: number): number => withChunk(RECIPROCAL, chunk);
export const scaleFrame = (): number => SCALE;
