import { constant, mux } from '../../../hardware/bits.ts';
import { firstOf } from '../../../hardware/choice.ts';
import { BF16_NAN } from '../proof/arithmetic.ts';
import { exponentOf, SPLIT_NAN, SPLIT_SIGN, SPLIT_ZERO, splitAndRound } from './m-proc.ts';
import { COLUMNS } from '../../../vlp/array.ts';
import { unit } from '../../unit.ts';

/** What a function gives where the LUT does not reach (Mugi §3.3). */
export interface OutsideWindow {
  /** BF16 result of zero and of everything below the window: f(0). */
  zero: number;
  /**
   * Positive inputs above the window pass through, negative ones give 0 (SiLU, GELU). If not, the function has no
   * positive half (exp in softmax): a positive input gives NaN, and a negative one above the window 0.
   */
  passPositive: boolean;
}

/**
 * PP (Mugi §4.1): exponent subscription and special values. Results that need no LUT (zero, outside the window,
 * INF, NaN, masked) are known when the mapping becomes active and start in the result register; the others are
 * taken from the deskew buffer in the cycle that reads the slot of the row's exponent.
 */
export class PostProcessing {
  // Of the active mapping.
  readonly #special: Uint16Array;
  readonly #inside: Uint8Array;
  readonly #place: Uint8Array;
  /** Of the mapping in the out stage: whether the row takes a value, and which slot's. */
  readonly hit: Uint8Array;
  readonly place: Uint8Array;
  readonly result: Uint16Array;
  /** Results of the mapping in the emit stage. */
  readonly held: Uint16Array;
  readonly #outside: OutsideWindow;

  constructor(rows: number, outside: OutsideWindow) {
    this.#outside = outside;
    this.#special = new Uint16Array(rows);
    this.#inside = new Uint8Array(rows);
    this.#place = new Uint8Array(rows);
    this.hit = new Uint8Array(rows);
    this.place = new Uint8Array(rows);
    this.result = new Uint16Array(rows);
    this.held = new Uint16Array(rows);
  }

  /** A row's value becomes active: `x` with its M-proc split, and the sliding window's lowest exponent. */
  take(row: number, x: number, live: number, split: number, low: number): void {
    const distance = exponentOf(split) - low;
    const zero = (split & SPLIT_ZERO) !== 0 || distance < 0;
    const nan = (split & SPLIT_NAN) !== 0;
    const positive = (split & SPLIT_SIGN) === 0;
    const invalid = nan || (positive && !this.#outside.passPositive && (split & SPLIT_ZERO) === 0);
    this.#inside[row] = live !== 0 && !zero && !invalid && distance < COLUMNS ? 1 : 0;
    this.#place[row] = distance & 7;
    if (live === 0) this.#special[row] = 0;
    else if (invalid) this.#special[row] = BF16_NAN;
    else if (zero) this.#special[row] = this.#outside.zero;
    else this.#special[row] = positive ? x : 0;
  }

  /** Reads the slot `count` for a lookup mapping. */
  capture(slot: Uint16Array, count: number): void {
    const { hit, place, result } = this;
    for (let row = 0; row < hit.length; row++) {
      if (hit[row] !== 0 && place[row] === count) result[row] = slot[row * COLUMNS + count];
    }
  }

  /** The end of an out stage whose results leave. */
  emit(): void {
    this.held.set(this.result);
  }

  /** The active mapping moves to the out stage: rows take special values or wait for their slot. */
  enterLookup(live: Uint8Array, sign: Uint8Array, anySign: boolean, negative: number): void {
    for (let row = 0; row < this.hit.length; row++) {
      const mine = anySign || sign[row] === negative;
      this.hit[row] = mine && live[row] !== 0 ? this.#inside[row] : 0;
      this.place[row] = this.#place[row];
      if (mine) this.result[row] = this.#special[row];
    }
  }

  enterProducts(live: Uint8Array): void {
    this.hit.set(live);
  }
}

export const postProcessing = unit({
  name: 'post_processing',
  doc: 'PP: takes the LUT value of the exponent, or a special value; holds results until they have left.',
  inputs: {
    take: 1,
    x: 16,
    x_live: 1,
    nan: 1,
    zero: 1,
    under: 1,
    over: 1,
    place: 3,
    zero_value: 16,
    pass_positive: 1,
    turn: 1,
    turn_lookup: 1,
    enter_lookup: 1,
    enter_products: 1,
    any_sign: 1,
    negative: 1,
    row_sign: 1,
    row_live: 1,
    slot: 16,
    count: 3,
    out_lookup: 1,
    emit: 1,
  },
  hardware: (m, io) => {
    const below = io.zero.or(io.under);
    const positive = m.wire('positive', io.x.bit(15).not());
    const invalid = m.wire('invalid', io.nan.or(positive.and(io.zero.or(io.pass_positive).not())));
    const value = firstOf(
      [
        [io.x_live.not(), constant(0, 16)],
        [invalid, constant(BF16_NAN, 16)],
        [below, io.zero_value],
      ],
      io.x.gate(positive),
    );
    const within = io.x_live.and(below.or(invalid).or(io.over).not());
    const special = m.delay('special', value, { enable: io.take });
    const inside = m.delay('within_window', within, { enable: io.take });
    const nextPlace = m.delay('next_place', io.place, { enable: io.take });

    const mine = m.wire('mine', io.any_sign.or(io.row_sign.eq(io.negative)));
    const looked = io.enter_lookup.and(mine).and(inside);
    const hit = m.delay('hit', io.row_live.and(io.enter_products.or(looked)), { enable: io.turn });
    const place = m.delay('place_out', nextPlace, { enable: io.turn });
    const capture = m.wire('capture', hit.and(io.out_lookup).and(place.eq(io.count)));
    const begins = m.wire('begins', io.turn_lookup.and(mine));
    const result = m.register('result', 16, { enable: begins.or(capture) });
    result.next(mux(begins, special, io.slot));
    const latest = mux(capture, io.slot, result);
    return { hit, held: m.delay('held_result', latest, { enable: io.emit }) };
  },
  behaviour() {
    let post: PostProcessing | undefined;
    return {
      shown({ zero_value, pass_positive }) {
        post ??= new PostProcessing(1, { zero: zero_value, passPositive: pass_positive === 1 });
        return { hit: post.hit[0], held: post.held[0] };
      },
      clock(pins) {
        const one = post!;
        const { x, place, under, over, row_live, row_sign } = pins;
        if (pins.out_lookup === 1) one.capture(new Uint16Array(COLUMNS).fill(pins.slot), pins.count);
        if (pins.emit === 1) one.emit();
        if (pins.turn === 1) {
          const live = Uint8Array.of(row_live);
          if (pins.enter_lookup === 1)
            one.enterLookup(live, Uint8Array.of(row_sign), pins.any_sign === 1, pins.negative);
          else if (pins.enter_products === 1) one.enterProducts(live);
          else one.hit.fill(0);
        }
        if (pins.take === 0) return;
        const split = splitAndRound(x);
        const distance = under === 1 ? -1 : over === 1 ? COLUMNS : place;
        one.take(0, x, pins.x_live, split, exponentOf(split) - distance);
      },
    };
  },
  work(draw) {
    const [zero_value, pass_positive] = [draw.bf16(), draw.bit()];
    let looked = false;
    return () => {
      const x = draw.bf16();
      const split = splitAndRound(x);
      const distance = exponentOf(split) - 121 - draw.below(4);
      const [turn, mode] = [draw.bit(), draw.below(3)];
      const pins = {
        take: draw.bit(),
        x,
        x_live: draw.bit(),
        nan: (split & SPLIT_NAN) === 0 ? 0 : 1,
        zero: (split & SPLIT_ZERO) === 0 ? 0 : 1,
        under: distance < 0 ? 1 : 0,
        over: distance >= COLUMNS ? 1 : 0,
        place: distance & (COLUMNS - 1),
        zero_value,
        pass_positive,
        turn,
        turn_lookup: turn === 1 && mode === 1 ? 1 : 0,
        enter_lookup: mode === 1 ? 1 : 0,
        enter_products: mode === 2 ? 1 : 0,
        any_sign: draw.bit(),
        negative: draw.bit(),
        row_sign: draw.bit(),
        row_live: draw.bit(),
        slot: draw.bf16(),
        count: draw.below(COLUMNS),
        // Slots are looked up only for a mapping that entered by look-up.
        out_lookup: looked ? draw.bit() : 0,
        emit: turn === 1 ? draw.bit() : 0,
      };
      if (turn === 1) looked = mode === 1;
      return pins;
    };
  },
  events: {
    take: { when: ({ take, x_live }) => take === 1 && x_live === 1, counted: ({ preProcess }) => preProcess },
    turn: { when: ({ turn }) => turn === 1 },
    emit: { when: ({ emit }) => emit === 1 },
  },
});
