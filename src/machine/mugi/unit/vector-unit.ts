import { encodeWeight } from './m-proc.ts';
import { reciprocal } from './reciprocal.ts';
import { CODE_CYCLES } from '../../../vlp/array.ts';
import { add, multiply, orderKey } from '../proof/arithmetic.ts';

/** Rows that one vector lane serves: one of each chunk, and a chunk passes in each cycle of a code. */
export const ROWS_PER_LANE = CODE_CYCLES;
export const BF16_MINUS_INFINITY = 0xff80;
/** Cycles through the multiplier and through the adder of a lane, and beside the adder. */
export const MULTIPLY_STAGES = 2;
export const LANE_ADDER_STAGES = 2;
export const PASS_STAGES = 2;
/** Enables of the way out: factor, multiplier, its product, and what passes beside the adder. */
export const OUT_STAGES = 1 + MULTIPLY_STAGES + 1 + PASS_STAGES;
/** Cycles from a product's begin, or the head of the ring, to the adder that adds an earlier partial result to it. */
export const PARTIAL_STAGE = OUT_STAGES - PASS_STAGES;
/** Nibbles of a scale, one a cycle. */
export const SCALE_NIBBLES = 4;

/** What the lanes do in a cycle; each switch is timed by the sequencer for the stage that it acts in. */
export interface LaneControl {
  /** Load stage: the chunk on the row bus (CNT), and what becomes of it. */
  chunk: number;
  weight: boolean;
  /** Not where the row register holds -INF: every live value is -INF then, and stays so instead of NaN. */
  subtract: boolean;
  maximum: boolean;
  first: boolean;
  /** The data are multiplied by the row register. */
  scale: boolean;
  /** A nibble of a scale enters the row register of `scaleChunk`, lowest first. */
  scaleNibble: boolean;
  scaleChunk: number;
  /** Out stage: the chunk whose row register meets the rows' read-back values. */
  outChunk: number;
  /** One cycle later: the reciprocal of what was read back enters the row register of `lateChunk`. */
  reciprocal: boolean;
  lateChunk: number;
  /** Four cycles later: the adder, not used by the load stage then, adds an earlier partial result. */
  partial: boolean;
}

/** The inputs of all lanes in one cycle. */
export interface LaneInputs {
  /** Row bus: one BF16 value per lane, whether its row takes part, and one INT4 weight per lane. */
  data: Uint16Array;
  live: Uint8Array;
  nibble: Uint8Array;
  /** What the rows of the chunk show: partial sums or results. */
  back: Uint16Array;
}

/**
 * Vec (Mugi Fig. 9): H/8 lanes, each serving eight rows one after the other. On the way in a lane finds a softmax
 * row's maximum and subtracts it; on the way out it multiplies by the scale (dequantisation) or by the reciprocal
 * of the sum, and adds groups together. One register per row holds the maximum, then the reciprocal, or the scale.
 */
export class VectorUnit {
  readonly lanes: number;
  /** Row registers, [lane × 8 + chunk]. */
  readonly row: Uint16Array;
  /** Outputs: towards the row FIFOs, and whether that value is live. */
  readonly loaded: Uint16Array;
  readonly live: Uint8Array;
  /** Outputs: towards the result pins, and the read-back register. */
  readonly result: Uint16Array;
  readonly readBack: Uint16Array;
  readonly #factor: Uint16Array;
  readonly #product1: Uint16Array;
  readonly #product2: Uint16Array;
  readonly #product3: Uint16Array;
  readonly #loaded1: Uint16Array;
  readonly #result1: Uint16Array;
  readonly #live1: Uint8Array;

  constructor(lanes: number) {
    this.lanes = lanes;
    this.row = new Uint16Array(lanes * ROWS_PER_LANE);
    this.loaded = new Uint16Array(lanes);
    this.live = new Uint8Array(lanes);
    this.result = new Uint16Array(lanes);
    this.readBack = new Uint16Array(lanes);
    this.#factor = new Uint16Array(lanes);
    this.#product1 = new Uint16Array(lanes);
    this.#product2 = new Uint16Array(lanes);
    this.#product3 = new Uint16Array(lanes);
    this.#loaded1 = new Uint16Array(lanes);
    this.#result1 = new Uint16Array(lanes);
    this.#live1 = new Uint8Array(lanes);
  }

  /** The clock edge. */
  clock(control: LaneControl, { data, live, nibble, back }: LaneInputs): void {
    const { row, readBack } = this;
    for (let lane = 0; lane < this.lanes; lane++) {
      const base = lane * ROWS_PER_LANE;
      const loaded = row[base + control.chunk];
      const reciprocalOfBack = control.reciprocal ? reciprocal(readBack[lane]) : 0;

      // Back to front, so that every register reads what stood there before the edge.
      this.loaded[lane] = this.#loaded1[lane];
      this.live[lane] = this.#live1[lane];
      this.#live1[lane] = live[lane];
      if (control.weight) this.#loaded1[lane] = encodeWeight(nibble[lane]);
      else
        this.#loaded1[lane] =
          control.subtract && loaded !== BF16_MINUS_INFINITY ? add(data[lane], loaded ^ 0x8000) : data[lane];
      this.result[lane] = this.#result1[lane];
      const product = this.#product3[lane];
      this.#result1[lane] = control.partial ? add(product, data[lane]) : product;
      this.#product3[lane] = this.#product2[lane];
      this.#product2[lane] = this.#product1[lane];
      this.#product1[lane] = multiply(readBack[lane], this.#factor[lane]);
      if (control.scale) {
        // A dead row gives +0 whatever its register holds: a masked key of a row with NaN stays 0.
        this.#factor[lane] = live[lane] === 0 ? 0 : loaded;
        readBack[lane] = live[lane] === 0 ? 0 : data[lane];
      } else {
        this.#factor[lane] = row[base + control.outChunk];
        readBack[lane] = back[lane];
      }

      if (control.maximum) {
        const old = control.first ? BF16_MINUS_INFINITY : loaded;
        const larger = live[lane] !== 0 && orderKey(data[lane]) > orderKey(old);
        row[base + control.chunk] = larger ? data[lane] : old;
      } else if (control.scaleNibble) {
        const at = base + control.scaleChunk;
        const shift = 4 * control.chunk;
        row[at] = (row[at] & ~(15 << shift)) | (nibble[lane] << shift);
      } else if (control.reciprocal) row[base + control.lateChunk] = reciprocalOfBack;
    }
  }
}
