import { type Bits, mux } from '../../hardware/bits.ts';
import * as F from './program/frame.ts';
import { COLUMNS } from '../../vlp/array.ts';
import {
  type LaneControl,
  LANE_ADDER_STAGES,
  OUT_STAGES,
  PARTIAL_STAGE,
  PASS_STAGES,
  SCALE_NIBBLES,
} from './unit/vector-unit.ts';
import { unit } from '../unit.ts';

/** Cycles from the row bus, or from the head of the ring, through multiplier and adder to the result pins. */
export const VECTOR_LATENCY = 6;

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
    control.partial = this.partialLate[PARTIAL_STAGE] === 1;
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

const or = (a: Bits, b: Bits): Bits => a.or(b);
/** Whether a frame's rows are searched for their extreme exponent, and looked up. */
const searches = (frame: Bits): Bits => bit(frame, F.LOAD).and(bit(frame, F.LOOKUP));

/**
 * Every control leaves a register: what a cycle needs is decided in the cycle before, from the next values of CNT
 * and of the stages. So the whole period is left for the way to the rows, which all hang on these nets.
 */
export const sequencer = unit({
  name: 'sequencer',
  doc: 'CNT, the frame pipeline (load, hold, active, out, emit) and every control that follows, each registered.',
  inputs: { frame: F.FRAME_BITS },
  hardware: (m, { frame }) => {
    const count = m.register('cnt', 3, { reset: 7 });
    const nextCount = m.wire('cnt_next', count.add(1));
    count.next(nextCount);
    const wrap = m.wire('wrap', count.eq(7));
    const wrapNext = m.wire('wrap_next', count.eq(6));
    const parity = m.register('parity', 1, { reset: 1 });
    const nextParity = m.wire('parity_next', parity.xor(wrap));
    parity.next(nextParity);
    const stage = (name: string, from: Bits) => {
      const held = m.register(name, F.FRAME_BITS, { reset: F.IDLE, enable: wrap });
      held.next(from);
      return [held, m.wire(`${name}_next`, mux(wrap, from, held))] as const;
    };
    const [load, nextLoad] = stage('load', frame);
    const [hold, nextHold] = stage('hold', load);
    const [active, nextActive] = stage('active', hold);
    const [out, nextOut] = stage('out', active);
    const [emit, nextEmit] = stage('emit', out);
    const registered = (name: string, value: Bits, reset = 0) => m.delay(`${name}_now`, value, { reset });
    /** A control that stands for a frame: it changes with the stage that `from` enters. */
    const framed = (name: string, value: Bits) => m.delay(`${name}_now`, value, { reset: 0, enable: wrap });
    /** A value now and in each of the cycles after it. */
    const ages = (name: string, value: Bits, times: number): Bits[] => {
      const all = [value];
      for (let age = 1; age < times; age++) {
        all.push(m.delay(`${name}_${age}`, all[age - 1], { reset: 0 }));
      }
      return all;
    };
    const late = (name: string, value: Bits, times: number): Bits => ages(name, value, times + 1)[times];
    /** One line for each value of CNT, high in the cycle of it if `wanted` says so a cycle ahead. */
    const lines = (name: string, wanted: (count: number) => Bits) =>
      Array.from({ length: F.FRAME_CYCLES }, (_, c) =>
        registered(`${name}_${c}`, nextCount.eq(c).and(wanted(c))),
      );
    const has = (frame: Bits, ...masks: number[]) => masks.map((mask) => bit(frame, mask)).reduce(or);
    // The columns work for the mapping that is active one cycle later.
    const ahead = m.wire('ahead', mux(wrapNext, hold, nextActive));
    const sums = m.wire('sums_next', wrap.and(bit(out, F.SUM)));
    const addResult = registered('sums', sums);
    const begun = m.wire('begins', has(load, F.SCALE).or(bit(out, F.DRAIN)));
    const out_ages = ages('result_begun', begun, VECTOR_LATENCY + 1);
    const emitted = late('emit_begun', bit(emit, F.EMIT), 1);
    const writes = late('fifo_write_begun', bit(load, F.LOAD), 1);
    const written = late('fifo_chunk_begun', count, 1);
    const writtenParity = late('fifo_parity_begun', parity, 1);
    const partial = late('partial_begun', bit(out, F.PARTIAL), PARTIAL_STAGE);
    const starts = registered('column_start', nextCount.eq(6).and(bit(nextHold, F.MAC)));
    const scales = m.wire('scales_next', bit(nextLoad, F.DRAIN));
    const shows = m.wire('shows_sum_next', has(nextOut, F.DRAIN, F.RECIPROCAL));
    const products = m.wire('products_next', bit(nextOut, F.MAC));
    const reads = m.wire('sum_reads_next', products.and(bit(nextOut, F.FIRST).not()).or(shows));
    const more = m.wire('result_more', sums.and(bit(out, F.FIRST).not()));
    return {
      count,
      // Vector lanes.
      row_read: lines('row_read', () => has(nextLoad, F.SUBTRACT, F.MAXIMUM, F.SCALE)),
      load_pass: ages('load_pass', bit(load, F.LOAD), PASS_STAGES),
      weight: bit(load, F.WEIGHT),
      subtract: bit(load, F.SUBTRACT),
      maximum: bit(load, F.MAXIMUM),
      load_first: bit(load, F.FIRST),
      scale: bit(load, F.SCALE),
      scale_nibble: lines('scale_nibble', () => scales).slice(0, SCALE_NIBBLES),
      scale_chunk: chunk(load),
      out_chunk: chunk(out),
      take_reciprocal: late('reciprocal_begun', bit(out, F.RECIPROCAL).and(count.isZero()), 1),
      late_chunk: late('out_chunk_late', chunk(out), 1),
      partial,
      shows: registered('shows', shows.or(bit(nextLoad, F.SCALE)).or(bit(nextEmit, F.EMIT))),
      begun: out_ages.slice(0, OUT_STAGES),
      lane_adds: ages('lane_adds', bit(load, F.SUBTRACT).or(partial), LANE_ADDER_STAGES),
      // Row FIFOs, one write enable per chunk of rows and parity; exponent search.
      fifo_writes: Array.from({ length: 2 * F.FRAME_CYCLES }, (_, i) =>
        registered(
          `fifo_write_${i >> 1}_${i & 1}`,
          writes.and(written.eq(i >> 1)).and((i & 1) === 1 ? writtenParity : writtenParity.not()),
        ),
      ),
      hold_parity: registered('hold_parity', nextParity.not()),
      search: registered('search', searches(nextLoad).or(searches(nextHold))),
      choose: registered('choose', searches(nextHold)),
      // Columns, one cycle ahead of column 0's slot; column c the same c cycles later.
      column_start: ages('column_starts', starts, COLUMNS),
      column_lookup: ages('column_lookup', registered('column_lookup', bit(ahead, F.LOOKUP)), COLUMNS),
      column_products: ages('column_products', registered('column_products', bit(ahead, F.MAC)), COLUMNS),
      // Rows.
      take: registered('take', wrapNext.and(bit(hold, F.SPIKE)).and(bit(hold, F.LOAD))),
      take_lookup: registered('take_lookup', wrapNext.and(bit(hold, F.SPIKE)).and(searches(hold))),
      spike: bit(active, F.SPIKE),
      any_sign: framed('any_sign', has(hold, F.MAC, F.SINGLE)),
      negative: bit(active, F.NEGATIVE),
      turn: registered('turn', wrapNext, 1),
      turn_lookup: registered('turn_lookup', wrapNext.and(bit(active, F.LOOKUP))),
      enter_lookup: bit(active, F.LOOKUP),
      enter_products: bit(active, F.MAC),
      slot_read: lines('slot_read', () => has(nextOut, F.MAC, F.LOOKUP)),
      look_count: registered('look_count', nextCount.gate(bit(nextOut, F.LOOKUP))),
      out_lookup: bit(out, F.LOOKUP),
      out_emit: registered('out_emit', wrapNext.and(bit(out, F.EMIT))),
      add: registered('add', products.or(sums)),
      add_result: addResult,
      sum_read: lines('sum_read', (c) => (c === 0 ? reads.or(more) : reads)),
      sum_write: Array.from({ length: F.FRAME_CYCLES }, (_, c) => {
        const adds = c === 0 ? bit(out, F.MAC).or(addResult) : bit(out, F.MAC);
        return registered(`sum_write_${c}`, count.eq(c).and(adds));
      }),
      show_result: bit(emit, F.EMIT),
      show_sum: has(out, F.DRAIN, F.RECIPROCAL).and(bit(emit, F.EMIT).not()),
      back_chunk: registered('back_chunk', mux(bit(nextEmit, F.EMIT), nextCount, chunk(nextOut).gate(shows))),
      // Result pins.
      from_read_back: emitted,
      result_valid: emitted.or(out_ages[VECTOR_LATENCY]),
    };
  },
  behaviour() {
    const steps = new Sequencer();
    return {
      shown: () => {
        const { count, load, hold, active, out, emit } = steps;
        return { cnt: count, load, hold, active, out, emit };
      },
      clock: ({ frame }) => steps.clock(frame),
    };
  },
  work: (draw) => () => ({ frame: draw.below(2 ** F.FRAME_BITS) }),
  events: {},
});
