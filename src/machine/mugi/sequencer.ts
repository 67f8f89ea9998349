import { type Bits, mux } from '../../hardware/bits.ts';
import { module } from '../../hardware/module.ts';
import * as F from './program/frame.ts';
import type { LaneControl } from './unit/vector-unit.ts';

/** Cycles from the row bus, or from the head of the ring, through multiplier and adder to the result pins. */
export const VECTOR_LATENCY = 6;
/** Cycles from the head of the ring to the adder that adds an earlier partial result. */
export const PARTIAL_DELAY = 4;

/**
 * CNT and the frame pipeline. CNT is the shared up-counter of the temporal code (Mugi §4, Fig. 9); its wrap moves
 * every frame one stage on and takes the next one in. Some controls are needed a few cycles after their stage:
 * the arrays `…Late` hold them by age.
 */
export class Sequencer {
  count = F.FRAME_CYCLES - 1;
  /** Parity of the frame in the load stage; stages two apart share it. */
  parity = 1;
  load = F.IDLE;
  hold = F.IDLE;
  active = F.IDLE;
  out = F.IDLE;
  emit = F.IDLE;
  readonly loadLate = new Uint32Array(3);
  readonly countLate = new Uint8Array(3).fill(F.FRAME_CYCLES - 1);
  readonly parityLate = new Uint8Array(3).fill(1);
  emitLate = F.IDLE;
  outLate = F.IDLE;
  /** Whether a product was begun `age` cycles ago, and whether a partial result is to be added to it. */
  readonly resultLate = new Uint8Array(VECTOR_LATENCY + 1);
  readonly partialLate = new Uint8Array(VECTOR_LATENCY + 1);

  /** Sets what the vector lanes do in this cycle. */
  laneControl(control: LaneControl): void {
    const { load, out, count } = this;
    control.chunk = count;
    control.weight = (load & F.WEIGHT) !== 0;
    control.subtract = (load & F.SUBTRACT) !== 0;
    control.maximum = (load & F.MAXIMUM) !== 0;
    control.first = (load & F.FIRST) !== 0;
    control.scale = (load & F.SCALE) !== 0;
    control.scaleNibble = (load & F.DRAIN) !== 0 && count < 4;
    control.scaleChunk = F.chunkOf(load);
    control.outChunk = F.chunkOf(out);
    control.reciprocal = (this.outLate & F.RECIPROCAL) !== 0 && this.countLate[1] === 0;
    control.lateChunk = F.chunkOf(this.outLate);
    control.partial = this.partialLate[PARTIAL_DELAY] === 1;
  }

  /** One clock edge; `next` is the frame to load if this edge begins one. */
  clock(next: number): void {
    const { loadLate, countLate, parityLate, resultLate, partialLate } = this;
    loadLate[2] = loadLate[1];
    loadLate[1] = this.load;
    countLate[2] = countLate[1];
    countLate[1] = this.count;
    parityLate[2] = parityLate[1];
    parityLate[1] = this.parity;
    this.emitLate = this.emit;
    this.outLate = this.out;
    for (let age = VECTOR_LATENCY; age > 1; age--) {
      resultLate[age] = resultLate[age - 1];
      partialLate[age] = partialLate[age - 1];
    }
    resultLate[1] = (this.load & F.SCALE) !== 0 || (this.out & F.DRAIN) !== 0 ? 1 : 0;
    partialLate[1] = (this.out & F.PARTIAL) !== 0 ? 1 : 0;
    if (this.count === F.FRAME_CYCLES - 1) {
      this.count = 0;
      this.parity ^= 1;
      this.emit = this.out;
      this.out = this.active;
      this.active = this.hold;
      this.hold = this.load;
      this.load = next;
    } else this.count++;
  }
}

/** The bit of a frame word that `mask` names. */
const bit = (frame: Bits, mask: number): Bits => frame.bit(31 - Math.clz32(mask));
const chunk = (frame: Bits): Bits => frame.slice(F.CHUNK_BIT + 2, F.CHUNK_BIT);

/**
 * Every control leaves a register: what a cycle needs is decided in the cycle before, from the next values of CNT
 * and of the stages. So the whole period is left for the way to the rows, which all hang on these nets.
 */
export const sequencerModule = module(
  {
    name: 'sequencer',
    doc: 'CNT, the frame pipeline (load, hold, active, out, emit) and every control that follows, each registered.',
    inputs: { frame: F.FRAME_BITS },
  },
  (m, { frame }) => {
    const count = m.register('cnt', 3, { reset: 7 });
    const nextCount = m.wire('cnt_next', count.add(1));
    count.next(nextCount);
    const wrap = m.wire('wrap', count.eq(7));
    const wrapNext = m.wire('wrap_next', count.eq(6));
    const parity = m.register('parity', 1, { reset: 1 });
    const nextParity = m.wire('parity_next', parity.xor(wrap));
    parity.next(nextParity);
    const stage = (name: string, from: Bits) => {
      const held = m.register(name, F.FRAME_BITS, { reset: F.IDLE });
      const next = m.wire(`${name}_next`, mux(wrap, from, held));
      held.next(next);
      return [held, next] as const;
    };
    const [load, nextLoad] = stage('load', frame);
    const [hold, nextHold] = stage('hold', load);
    const [active, nextActive] = stage('active', hold);
    const [out, nextOut] = stage('out', active);
    const [emit, nextEmit] = stage('emit', out);
    const registered = (name: string, value: Bits, reset = 0) => m.delay(`${name}_now`, value, { reset });
    const late = (name: string, value: Bits, times: number): Bits => {
      let last = value;
      for (let age = 1; age <= times; age++) last = m.delay(`${name}_${age}`, last, { reset: 0 });
      return last;
    };
    // The columns work for the mapping that is active one cycle later.
    const ahead = m.wire('ahead', mux(wrapNext, hold, nextActive));
    const sums = m.wire('sums_next', wrap.and(bit(out, F.SUM)));
    const begun = m.wire('begun', bit(load, F.SCALE).or(bit(out, F.DRAIN)));
    const emitted = late('emit_begun', bit(emit, F.EMIT), 1);
    const writes = late('fifo_write_begun', bit(load, F.LOAD), 1);
    const written = late('fifo_chunk_begun', count, 1);
    return {
      count,
      // Vector lanes.
      chunk: count,
      weight: bit(load, F.WEIGHT),
      subtract: bit(load, F.SUBTRACT),
      maximum: bit(load, F.MAXIMUM),
      load_first: bit(load, F.FIRST),
      scale: bit(load, F.SCALE),
      scale_nibble: registered('scale_nibble', bit(nextLoad, F.DRAIN).and(nextCount.msb.not())),
      scale_chunk: chunk(load),
      out_chunk: chunk(out),
      take_reciprocal: late('reciprocal_begun', bit(out, F.RECIPROCAL).and(count.isZero()), 1),
      late_chunk: late('out_chunk_late', chunk(out), 1),
      partial: late('partial_begun', bit(out, F.PARTIAL), PARTIAL_DELAY),
      // Row FIFOs, one write enable per chunk of rows; exponent search.
      fifo_writes: Array.from({ length: F.FRAME_CYCLES }, (_, c) =>
        registered(`fifo_write_${c}`, writes.and(written.eq(c))),
      ),
      fifo_parity: late('fifo_parity_begun', parity, 2),
      hold_parity: registered('hold_parity', nextParity.not()),
      choose: registered('choose', bit(nextHold, F.LOAD).and(bit(nextHold, F.LOOKUP))),
      // Columns, one cycle ahead of column 0's slot.
      start_columns: registered('start_columns', nextCount.eq(6).and(bit(nextHold, F.MAC))),
      column_lookup: registered('column_lookup', bit(ahead, F.LOOKUP)),
      column_products: registered('column_products', bit(ahead, F.MAC)),
      column_parity: registered('column_parity', nextParity.xor(wrapNext)),
      // Rows.
      take: registered('take', wrapNext.and(bit(hold, F.SPIKE)).and(bit(hold, F.LOAD))),
      take_sign: registered('take_sign', wrapNext.and(bit(hold, F.SPIKE))),
      hold_products: bit(hold, F.MAC),
      spike: bit(active, F.SPIKE),
      any_sign: registered('any_sign', bit(nextActive, F.MAC).or(bit(nextActive, F.SINGLE))),
      negative: bit(active, F.NEGATIVE),
      turn: registered('turn', wrapNext, 1),
      enter_lookup: bit(active, F.LOOKUP),
      enter_products: bit(active, F.MAC),
      out_lookup: bit(out, F.LOOKUP),
      out_emit: registered('out_emit', wrapNext.and(bit(out, F.EMIT))),
      add_product: bit(out, F.MAC),
      add_result: registered('sums', sums),
      sum_first: registered('sum_first', mux(sums, bit(out, F.FIRST), bit(nextOut, F.FIRST))),
      show_result: bit(emit, F.EMIT),
      back_chunk: registered('back_chunk', mux(bit(nextEmit, F.EMIT), nextCount, chunk(nextOut))),
      // Result pins.
      from_read_back: emitted,
      result_valid: emitted.or(late('result_begun', begun, VECTOR_LATENCY)),
    };
  },
);
