import { encodeWeight } from './m-proc.ts';
import { add, BF16_NAN, fromBits, multiply, orderKey, toBits } from './arithmetic.ts';

/** Rows that one vector lane serves: one of each chunk. */
export const ROWS_PER_LANE = 8;
const BF16_MINUS_INFINITY = 0xff80;

/**
 * 1/x correctly rounded to BF16, as a table of the 128 mantissas gives it. Zero gives zero, so that a softmax row
 * with every key masked stays zero; results below the normal range are zero (a sum would have to pass 2^126).
 */
export function reciprocal(x: number): number {
  const exponent = (x >>> 7) & 0xff;
  if (exponent === 0) return 0;
  if ((x & 0x7fff) > 0x7f80) return BF16_NAN;
  const value = toBits(1 / fromBits(x));
  return (value & 0x7f80) === 0 ? value & 0x8000 : value;
}

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
  /** Three cycles later: the adder, not used by the load stage then, adds an earlier partial result. */
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
      const product = this.#product2[lane];
      this.#result1[lane] = control.partial ? add(product, data[lane]) : product;
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
