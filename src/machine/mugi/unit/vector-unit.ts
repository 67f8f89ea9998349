import { encodeWeight, weightEncoderModule } from './m-proc.ts';
import { type Bits, concat, constant, mux } from '../../../hardware/bits.ts';
import { firstOf, oneOf, select, tree } from '../../../hardware/choice.ts';
import { module } from '../../../hardware/module.ts';
import { vector } from '../../../hardware/port.ts';
import { CODE_CYCLES } from '../../../vlp/array.ts';
import { gatedBf16Adder } from '../../../hardware/units/bf16-adder.ts';
import { gatedBf16Multiplier } from '../../../hardware/units/bf16-multiplier.ts';
import { add, BF16_NAN, fromBits, multiply, orderKey, toBits } from '../proof/arithmetic.ts';

/** Rows that one vector lane serves: one of each chunk, and a chunk passes in each cycle of a code. */
export const ROWS_PER_LANE = CODE_CYCLES;
const BF16_MINUS_INFINITY = 0xff80;
/** Cycles through the multiplier and through the adder of a lane, and beside the adder. */
const MULTIPLY_STAGES = 2;
export const LANE_ADDER_STAGES = 2;
export const PASS_STAGES = 2;
/** Enables of the way out: factor, multiplier, its product, and what passes beside the adder. */
export const OUT_STAGES = 1 + MULTIPLY_STAGES + 1 + PASS_STAGES;
/** Nibbles of a scale, one a cycle. */
export const SCALE_NIBBLES = 4;

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

/** Mantissas of the reciprocals of 1.f for f = 1/128 … 127/128; the first entry, 1/1.0, is never used. */
const RECIPROCAL_MANTISSA = Array.from({ length: 128 }, (_, f) => toBits(1 / (1 + f / 128)) & 0x7f);

/** 1/x from a table of 128 mantissas; zero for zero, as `reciprocal` defines it. */
export const reciprocalModule = module(
  {
    name: 'reciprocal',
    doc: '1/x rounded to nearest even; zero for zero and for results below the normal range.',
    inputs: { x: 16 },
  },
  (m, { x }) => {
    const exponent = x.slice(14, 7);
    const mantissa = x.low(7);
    const one = m.wire('one', mantissa.isZero());
    const table = select(
      mantissa,
      RECIPROCAL_MANTISSA.map((value) => constant(value, 7)),
    );
    // 254 - e for a power of two, 253 - e otherwise.
    const raised = m.wire('raised', constant(253, 9).add(one.extend(9)).sub(exponent.extend(9)));
    const tiny = raised.msb.or(raised.low(8).isZero());
    const special = exponent.all();
    const magnitude = firstOf(
      [
        [special.and(one.not()), constant(BF16_NAN, 15)],
        [special.or(exponent.isZero()).or(tiny), constant(0, 15)],
      ],
      concat(raised.low(8), table),
    );
    const signed = exponent.any().and(special.and(one.not()).not());
    return { y: concat(x.msb.and(signed), magnitude) };
  },
);

const or = (a: Bits, b: Bits): Bits => a.or(b);

/**
 * Everything in a lane stands still while it is not needed: `row_read` rests where no row register is (its lines are the
 * chunk, one-hot), `shows` clocks the read-back register, and `begun` and `adds` are the enables of the multiplier's and
 * the adder's stages and of the registers behind them, in order, a cycle apart.
 */
export const vectorLaneModule = module(
  {
    name: 'vector_lane',
    doc: 'One lane of Vec: maximum and subtraction on the way in, scaling and group sums on the way out.',
    inputs: {
      data: 16,
      live: 1,
      nibble: 4,
      back: 16,
      row_read: vector(ROWS_PER_LANE, 1),
      load: vector(PASS_STAGES, 1),
      weight: 1,
      subtract: 1,
      maximum: 1,
      first: 1,
      scale: 1,
      scale_nibble: vector(SCALE_NIBBLES, 1),
      scale_chunk: 3,
      out_chunk: 3,
      take_reciprocal: 1,
      late_chunk: 3,
      partial: 1,
      shows: 1,
      begun: vector(OUT_STAGES, 1),
      adds: vector(LANE_ADDER_STAGES, 1),
    },
  },
  (m, io) => {
    const written = (i: number) => ({
      maximum: io.maximum.and(io.row_read[i]),
      nibble: m.wire(`nibble_${i}`, tree(io.scale_nibble, or).and(io.scale_chunk.eq(i))),
      reciprocal: m.wire(`reciprocal_${i}`, io.take_reciprocal.and(io.late_chunk.eq(i))),
    });
    const writes = Array.from({ length: ROWS_PER_LANE }, (_, i) => written(i));
    const rows = writes.map(({ maximum, nibble, reciprocal: inverse }, i) =>
      m.register(`row_${i}`, 16, { enable: maximum.or(nibble).or(inverse) }),
    );
    const ofChunk = m.wire('of_chunk', oneOf(io.row_read, rows));
    const [multiply] = io.begun;
    const readBack = m.delay('read_back_register', mux(io.scale, io.data.gate(io.live), io.back), {
      enable: io.shows,
    });
    const factor = m.delay('factor', mux(io.scale, ofChunk.gate(io.live), select(io.out_chunk, rows)), {
      enable: multiply,
    });
    const multiplier = m.instance('multiplier', gatedBf16Multiplier({ stages: MULTIPLY_STAGES }), {
      a: readBack,
      b: factor,
      enable: concat(...io.begun.slice(1, 1 + MULTIPLY_STAGES).reverse()),
    });
    // Rounding here and the adder's comparison behind it are too long for one cycle.
    const product = m.delay('product', multiplier.product, { enable: io.begun[1 + MULTIPLY_STAGES] });

    // The adder serves the way in or the way out; both pass beside it otherwise.
    const lowest = m.wire('lowest', ofChunk.eq(BF16_MINUS_INFINITY));
    const subtracts = m.wire('subtracts', io.subtract.and(lowest.not()));
    const { sum } = m.instance('adder', gatedBf16Adder({ stages: LANE_ADDER_STAGES }), {
      a: mux(io.partial, product, io.data),
      b: mux(io.partial, io.data, concat(ofChunk.msb.not(), ofChunk.low(15))),
      enable: concat(...[...io.adds].reverse()),
    });
    const twice = (name: string, value: Bits, enables: readonly Bits[]) =>
      enables.reduce((last, enable, i) => m.delay(`${name}_${i + 1}`, last, { enable }), value);
    const out = io.begun.slice(-PASS_STAGES);
    const { x } = m.instance('encoder', weightEncoderModule, { nibble: io.nibble });
    const plain = twice('loaded', mux(io.weight, x, io.data), io.load);
    const loaded = mux(twice('subtracts', subtracts, io.load), sum, plain);
    const result = mux(twice('partial', io.partial, out), sum, twice('result', product, out));

    const key = (value: Bits) => {
      const nan = value.slice(14, 7).all().and(value.low(7).any());
      const ordered = concat(value.msb.not(), value.low(15).xor(value.msb.repeat(15)));
      return mux(nan, constant(0xffff, 16), ordered);
    };
    const old = m.wire('old', mux(io.first, constant(BF16_MINUS_INFINITY, 16), ofChunk));
    const larger = m.wire('larger', io.live.and(key(io.data).gt(key(old))));
    const { y } = m.instance('reciprocal', reciprocalModule, { x: readBack });
    rows.forEach((row, i) => {
      const nibbles = io.scale_nibble.map((line, n) => mux(line, io.nibble, row.slice(4 * n + 3, 4 * n)));
      const { maximum, nibble } = writes[i];
      row.next(
        firstOf(
          [
            [maximum, mux(larger, io.data, old)],
            [nibble, concat(...nibbles.reverse())],
          ],
          y,
        ),
      );
    });
    return { loaded, loaded_live: twice('live', io.live, io.load), result, read_back: readBack };
  },
);
