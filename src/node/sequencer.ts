import { type Bits, mux } from '../rtl/bits.ts';
import { module } from '../rtl/module.ts';
import * as F from './frame.ts';
import type { LaneControl } from './vector-unit.ts';

/** Cycles from the row bus, or from the head of the ring, through multiplier and adder to the result pins. */
export const VECTOR_LATENCY = 5;

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
    control.partial = this.partialLate[3] === 1;
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

/** Names of the controls that the RTL sequencer gives, with the frame bit behind each. */
const bit = (frame: Bits, mask: number): Bits => frame.bit(31 - Math.clz32(mask));

export const sequencerModule = module(
  {
    name: 'sequencer',
    doc: 'CNT, the frame pipeline (load, hold, active, out, emit) and every control that follows from them.',
    inputs: { frame: F.FRAME_BITS },
  },
  (m, { frame }) => {
    const count = m.register('cnt', 3, { reset: 7 });
    count.next(count.add(1));
    const wrap = m.wire('wrap', count.eq(7));
    const parity = m.register('parity', 1, { reset: 1, enable: wrap });
    parity.next(parity.not());
    const stage = (name: string, from: Bits) => m.delay(name, from, { reset: F.IDLE, enable: wrap });
    const load = stage('load', frame);
    const hold = stage('hold', load);
    const active = stage('active', hold);
    const out = stage('out', active);
    const emit = stage('emit', out);
    const late = (name: string, value: Bits, times: number): Bits => {
      let last = value;
      for (let age = 1; age <= times; age++) last = m.delay(`${name}_${age}`, last, { reset: 0 });
      return last;
    };
    const chunk = (of: Bits) => of.slice(F.CHUNK_BIT + 2, F.CHUNK_BIT);
    const first = count.isZero();
    const ahead = m.wire('ahead', mux(wrap, hold, active));
    const begun = m.wire('begun', bit(load, F.SCALE).or(bit(out, F.DRAIN)));
    const partial = late('partial_begun', bit(out, F.PARTIAL), 3);
    const emitted = late('emit_begun', bit(emit, F.EMIT), 1);
    const sums = m.wire('sums', bit(emit, F.SUM).and(first));
    const turns = (value: Bits) => wrap.and(value);
    return {
      count,
      // Vector lanes.
      chunk: count,
      weight: bit(load, F.WEIGHT),
      subtract: bit(load, F.SUBTRACT),
      maximum: bit(load, F.MAXIMUM),
      load_first: bit(load, F.FIRST),
      scale: bit(load, F.SCALE),
      scale_nibble: bit(load, F.DRAIN).and(count.msb.not()),
      scale_chunk: chunk(load),
      out_chunk: chunk(out),
      take_reciprocal: late('reciprocal_begun', bit(out, F.RECIPROCAL).and(first), 1),
      late_chunk: late('out_chunk_late', chunk(out), 1),
      partial,
      // Row FIFOs, exponent search.
      fifo_write: late('fifo_write_begun', bit(load, F.LOAD), 2),
      fifo_chunk: late('fifo_chunk_begun', count, 2),
      fifo_parity: late('fifo_parity_begun', parity, 2),
      hold_parity: parity.not(),
      choose: bit(hold, F.LOAD).and(bit(hold, F.LOOKUP)),
      // Columns, one cycle ahead of column 0's slot.
      start_columns: count.eq(6).and(bit(hold, F.MAC)),
      column_lookup: bit(ahead, F.LOOKUP),
      column_products: bit(ahead, F.MAC),
      column_parity: mux(wrap, parity.not(), parity),
      // Rows.
      take: turns(bit(hold, F.SPIKE).and(bit(hold, F.LOAD))),
      take_sign: turns(bit(hold, F.SPIKE)),
      hold_products: bit(hold, F.MAC),
      spike: bit(active, F.SPIKE),
      any_sign: bit(active, F.MAC).or(bit(active, F.SINGLE)),
      negative: bit(active, F.NEGATIVE),
      turn: wrap,
      enter_lookup: bit(active, F.LOOKUP),
      enter_products: bit(active, F.MAC),
      out_lookup: bit(out, F.LOOKUP),
      out_emit: turns(bit(out, F.EMIT)),
      add_product: bit(out, F.MAC),
      add_result: sums,
      sum_first: mux(sums, bit(emit, F.FIRST), bit(out, F.FIRST)),
      show_result: bit(emit, F.EMIT),
      back_chunk: mux(bit(emit, F.EMIT), count, chunk(out)),
      // Result pins.
      from_read_back: emitted,
      result_valid: emitted.or(late('result_begun', begun, VECTOR_LATENCY)),
    };
  },
);
