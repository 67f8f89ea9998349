import { type Bits, concat, constant, mux } from '../../../hardware/bits.ts';
import { firstOf, oneOf, select, tree } from '../../../hardware/choice.ts';
import { vector } from '../../../hardware/port.ts';
import { gatedBf16Adder } from '../../../hardware/units/bf16-adder.ts';
import { gatedBf16Multiplier } from '../../../hardware/units/bf16-multiplier.ts';
import { weightEncoder } from './m-proc.ts';
import { reciprocalUnit } from './reciprocal.ts';
import {
  BF16_MINUS_INFINITY,
  LANE_ADDER_STAGES,
  MULTIPLY_STAGES,
  OUT_STAGES,
  PARTIAL_STAGE,
  PASS_STAGES,
  ROWS_PER_LANE,
  SCALE_NIBBLES,
  VectorUnit,
} from './vector-unit.ts';
import { oneLine, unit } from '../../unit.ts';

const or = (a: Bits, b: Bits): Bits => a.or(b);

/**
 * Everything in a lane stands still while it is not needed: `row_read` rests where no row register is (its lines are the
 * chunk, one-hot), `shows` clocks the read-back register, and `begun` and `adds` are the enables of the multiplier's and
 * the adder's stages and of the registers behind them, in order, a cycle apart.
 */
export const vectorLane = unit({
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
  hardware: (m, io) => {
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
    const { x } = m.instance('encoder', weightEncoder.module, { nibble: io.nibble });
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
    const { y } = m.instance('reciprocal', reciprocalUnit.module, { x: readBack });
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
  behaviour() {
    const lane = new VectorUnit(1);
    let [loaded, result] = [false, false];
    return {
      shown: (): Record<string, number> => ({
        read_back: lane.readBack[0],
        ...(loaded ? { loaded: lane.loaded[0], loaded_live: lane.live[0] } : {}),
        ...(result ? { result: lane.result[0] } : {}),
      }),
      clock(pins) {
        const held = lane.readBack[0];
        const nibble = pins.scale_nibble.indexOf(1);
        const line = pins.row_read.indexOf(1);
        lane.clock(
          {
            chunk: Math.max(0, line, nibble),
            weight: pins.weight === 1,
            subtract: pins.subtract === 1,
            maximum: pins.maximum === 1,
            first: pins.first === 1,
            scale: pins.scale === 1,
            scaleNibble: nibble >= 0,
            scaleChunk: pins.scale_chunk,
            outChunk: pins.out_chunk,
            reciprocal: pins.take_reciprocal === 1,
            lateChunk: pins.late_chunk,
            partial: pins.partial === 1,
          },
          {
            data: Uint16Array.of(pins.data),
            live: Uint8Array.of(pins.live),
            nibble: Uint8Array.of(pins.nibble),
            back: Uint16Array.of(pins.back),
          },
        );
        if (pins.shows === 0) lane.readBack[0] = held;
        [loaded, result] = [pins.load[PASS_STAGES - 1] === 1, pins.begun[OUT_STAGES - 1] === 1];
      },
    };
  },
  work(draw) {
    // Whether a value was loaded, a product begun and a sum added so many cycles ago.
    const loads = oneLine(0, PASS_STAGES, false);
    const products = oneLine(0, OUT_STAGES, false);
    const additions = oneLine(0, LANE_ADDER_STAGES, false);
    const age = (line: number[], now: number): number[] => {
      line.unshift(now);
      line.pop();
      return [...line];
    };
    return () => {
      const writes = draw.below(6);
      const [maximum, nibbles, inverse] = [writes === 0, writes === 1, writes === 2];
      const chunk = draw.below(nibbles ? SCALE_NIBBLES : ROWS_PER_LANE);
      const scale = draw.flag(0.3);
      const begins = scale || draw.flag(0.4) ? 1 : 0;
      const begun = age(products, begins);
      // Sums join products only where there are some; the way in does not need the adder then.
      const partial = begun[PARTIAL_STAGE] === 1 && draw.flag();
      const weight = draw.flag(0.3);
      const subtract = !weight && !partial && draw.flag();
      return {
        data: draw.bf16(),
        live: draw.bit(),
        nibble: draw.below(16),
        back: draw.bf16(),
        row_read: oneLine(chunk, ROWS_PER_LANE, subtract || maximum || scale),
        load: age(loads, draw.bit(0.6)),
        weight: weight ? 1 : 0,
        subtract: subtract ? 1 : 0,
        maximum: maximum ? 1 : 0,
        first: draw.bit(0.2),
        scale: scale ? 1 : 0,
        scale_nibble: oneLine(chunk, SCALE_NIBBLES, nibbles),
        scale_chunk: draw.below(ROWS_PER_LANE),
        out_chunk: draw.below(ROWS_PER_LANE),
        take_reciprocal: inverse ? 1 : 0,
        late_chunk: draw.below(ROWS_PER_LANE),
        partial: partial ? 1 : 0,
        shows: begins === 1 || inverse || draw.flag(0.3) ? 1 : 0,
        begun,
        adds: age(additions, subtract || partial ? 1 : 0),
      };
    };
  },
  events: {
    load: {
      when: ({ load }) => load[0] === 1,
      counted: ({ weightLoad, preProcess }) => weightLoad + preProcess,
    },
    multiply: {
      when: ({ begun }) => begun[0] === 1,
      counted: ({ vectorScaling, divide, lanes }) => (vectorScaling + divide) * lanes,
    },
    add: {
      when: ({ adds }) => adds[0] === 1,
      counted: ({ subtract, vectorAdd, lanes }) => (subtract + vectorAdd) * lanes,
    },
    compare: {
      when: ({ maximum }) => maximum === 1,
      counted: ({ maximum, lanes }) => maximum * lanes,
    },
  },
});
