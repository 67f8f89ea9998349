import { expect, it } from 'vitest';
import { ExponentProcessor, exponentProcessorModule } from '../../../src/machine/mugi/unit/e-proc.ts';
import { exponentOf, splitAndRound } from '../../../src/machine/mugi/unit/m-proc.ts';
import {
  OutputAccumulator,
  outputAccumulatorModule,
} from '../../../src/machine/mugi/unit/output-accumulator.ts';
import { rowAdderModule } from '../../../src/machine/mugi/unit/row-adder.ts';
import { add } from '../../../src/machine/mugi/proof/arithmetic.ts';
import { CORNERS } from '../../hardware/support/bf16.ts';
import { PostProcessing, postProcessingModule } from '../../../src/machine/mugi/unit/post-processing.ts';
import { Sequencer, sequencerModule } from '../../../src/machine/mugi/sequencer.ts';
import { Sram, sramModule } from '../../../src/machine/mugi/unit/sram.ts';
import { VectorUnit, vectorLaneModule } from '../../../src/machine/mugi/unit/vector-unit.ts';
import { simulate } from '../../../src/hardware/simulator/simulator.ts';
import { patterns, random } from './reference.ts';
import { bit, CYCLES, eight, integer, poke, reset } from './pins.ts';

it('E-proc follows mappings of 1, 4 and 32 lanes to the same window', () => {
  for (const lanes of [1, 4, 32]) {
    for (const anchor of ['max', 'min'] as const) {
      const next = random(lanes);
      const window = { low: 121, high: 131, anchor };
      const rtl = simulate(exponentProcessorModule(lanes));
      const model = new ExponentProcessor(window);
      poke(rtl, { low: 121, high: 131, follow_min: bit(anchor === 'min') });
      for (let cycle = 0; cycle < 800; cycle++) {
        const x = patterns(next, lanes);
        const live = Uint8Array.from(x, () => integer(next, 2));
        const choose = integer(next, 4) > 0 ? 1 : 0;
        poke(rtl, { x: [...x], live: [...live], search: 1, count: cycle & 7, choose });
        rtl.step();
        model.clock(x, live, cycle & 7, choose === 1);
        // Before the pipeline has filled, the model starts at its neutral value and the registers at zero.
        if (cycle > 24 && model.low > 0) expect(rtl.peek('window_low')).toBe(model.low);
      }
    }
  }
});

it('PP takes the same results', () => {
  const next = random(4);
  for (const passPositive of [false, true]) {
    const rtl = simulate(postProcessingModule);
    const model = new PostProcessing(1, { zero: 0x3f80, passPositive });
    poke(rtl, { zero_value: 0x3f80, pass_positive: bit(passPositive) });
    const slot = new Uint16Array(8);
    let entered = 0;
    for (let cycle = 0; cycle < CYCLES; cycle++) {
      const [x] = patterns(next, 1);
      const [take, live, turn, anySign, negative, sign, rowLive] = [0, 0, 0, 0, 0, 0, 0].map(() =>
        integer(next, 2),
      );
      const mode = integer(next, 3);
      // Slots are looked up only for a mapping that entered by lookup.
      const lookup = entered === 1 ? integer(next, 2) : 0;
      const [emit, count, low] = [turn * integer(next, 2), integer(next, 8), 121 + integer(next, 4)];
      const split = splitAndRound(x);
      const distance = exponentOf(split) - low;
      slot[count] = patterns(next, 1)[0];
      poke(rtl, {
        take,
        x,
        x_live: live,
        nan: (split >>> 13) & 1,
        zero: (split >>> 12) & 1,
        under: bit(distance < 0),
        over: bit(distance > 7),
        place: distance & 7,
        turn,
        turn_lookup: bit(turn === 1 && mode === 1),
        enter_lookup: bit(mode === 1),
        enter_products: bit(mode === 2),
        any_sign: anySign,
        negative,
        row_sign: sign,
        row_live: rowLive,
        slot: slot[count],
        count,
        out_lookup: lookup,
        emit,
      });
      expect(rtl.peek('hit')).toBe(model.hit[0]);
      rtl.step();
      if (lookup === 1) model.capture(slot, count);
      if (emit === 1) model.emit();
      if (turn === 1) {
        if (mode === 1)
          model.enterLookup(Uint8Array.of(rowLive), Uint8Array.of(sign), anySign === 1, negative);
        else if (mode === 2) model.enterProducts(Uint8Array.of(rowLive));
        else model.hit.fill(0);
      }
      if (turn === 1) entered = mode;
      if (take === 1) model.take(0, x, live, split, low);
      expect(rtl.peek('held')).toBe(model.held[0]);
    }
  }
});

it('the adder of a row rounds as defined, at every edge of the format and on random pairs', () => {
  const rtl = simulate(rowAdderModule);
  const [a, b, sum] = [rtl.poker('a'), rtl.poker('b'), rtl.probe('sum')];
  rtl.poke('enable', 1);
  const next = random(12);
  const pairs: [number, number][] = CORNERS.flatMap((x) => CORNERS.map((y): [number, number] => [x, y]));
  for (let i = 0; i < 60_000; i++) {
    const x = Math.floor(next() * 65536);
    // Half of them of like magnitude, where digits cancel, and a quarter near the subnormals.
    const y = i % 2 === 0 ? Math.floor(next() * 65536) : (x & 0x7f80) ^ Math.floor(next() * 0x200) ^ 0x8000;
    pairs.push(i % 4 === 3 ? [x & 0x87ff, y & 0x87ff] : [x, y & 0xffff]);
  }
  let wrong = 0;
  for (const [x, y] of pairs) {
    a(x);
    b(y);
    rtl.step();
    if (sum() !== add(x, y)) wrong++;
  }
  expect(wrong).toBe(0);
  // It holds while it is not enabled.
  const before = sum();
  rtl.poke('enable', 0);
  a(0x3f80);
  b(0x4000);
  rtl.step();
  expect(sum()).toBe(before);
});

it('oAcc keeps the same eight sums', () => {
  const next = random(5);
  const rtl = simulate(outputAccumulatorModule);
  const model = new OutputAccumulator(1, 'bf16');
  const line = (column: number, high: boolean) =>
    Array.from({ length: 8 }, (_, c) => bit(high && c === column));
  let written = { column: 0, high: false };
  for (let cycle = 0; cycle < CYCLES; cycle++) {
    const column = cycle & 7;
    const [product, result] = patterns(next, 2);
    const addResult = column === 0 && next() < 0.2;
    const addProduct = !addResult && next() < 0.8;
    const first = next() < 0.05;
    const adds = addProduct || addResult;
    // A sum that nothing is added to may be shown.
    const shown = adds ? !first : next() < 0.5;
    poke(rtl, {
      product,
      result,
      add: bit(adds),
      add_result: bit(addResult),
      read: line(column, shown),
      write: line(written.column, written.high),
    });
    expect(rtl.peek('head')).toBe(shown ? model.head(0, column) : 0);
    rtl.step();
    written = { column, high: adds };
    const slot = new Uint16Array(8).fill(product);
    if (addResult) model.addResults(Uint16Array.of(result), first);
    else if (addProduct) model.addProducts(slot, Uint8Array.of(1), column, first);
  }
});

it('a vector lane gives the same outputs for any controls, and holds what nobody waits for', () => {
  const next = random(6);
  const rtl = simulate(vectorLaneModule);
  const model = new VectorUnit(1);
  const flag = (share: number): boolean => next() < share;
  const line = (index: number, high: boolean, lines = 8) =>
    Array.from({ length: lines }, (_, i) => bit(high && i === index));
  // Whether a value was loaded, and a product begun, so many cycles ago.
  const loads: boolean[] = eight(false);
  const products: boolean[] = eight(false);
  const additions: boolean[] = [false, false];
  const checked = { loaded: 0, result: 0 };
  for (let cycle = 0; cycle < CYCLES; cycle++) {
    const [data, back] = patterns(next, 2);
    const writes = integer(next, 6);
    const [maximum, nibbles, inverse] = [writes === 0, writes === 1, writes === 2];
    const load = flag(0.6);
    const scale = flag(0.3);
    const begun = scale || flag(0.4);
    const shows = begun || inverse || flag(0.3);
    products.unshift(begun);
    loads.unshift(load);
    // Sums join products only where there are some; the way in does not need the adder then.
    const partial = products[4] && flag(0.5);
    const control = {
      chunk: nibbles ? integer(next, 4) : integer(next, 8),
      weight: flag(0.3),
      subtract: !partial && flag(0.5),
      maximum,
      first: flag(0.2),
      scale,
      scaleNibble: nibbles,
      scaleChunk: integer(next, 8),
      outChunk: integer(next, 8),
      reciprocal: inverse,
      lateChunk: integer(next, 8),
      partial,
    };
    if (control.weight) control.subtract = false;
    additions.unshift(control.subtract || partial);
    const [live, nibble] = [integer(next, 2), integer(next, 16)];
    poke(rtl, {
      data,
      live,
      nibble,
      back,
      row_read: line(control.chunk, control.subtract || maximum || scale),
      load: loads.slice(0, 2).map(bit),
      weight: bit(control.weight),
      subtract: bit(control.subtract),
      maximum: bit(maximum),
      first: bit(control.first),
      scale: bit(scale),
      scale_nibble: line(control.chunk, nibbles, 4),
      scale_chunk: control.scaleChunk,
      out_chunk: control.outChunk,
      take_reciprocal: bit(inverse),
      late_chunk: control.lateChunk,
      partial: bit(partial),
      shows: bit(shows),
      begun: products.slice(0, 6).map(bit),
      adds: additions.slice(0, 2).map(bit),
    });
    // The reciprocal is of what the register holds, so the model must hold it too.
    const held = model.readBack[0];
    rtl.step();
    model.clock(control, {
      data: Uint16Array.of(data),
      live: Uint8Array.of(live),
      nibble: Uint8Array.of(nibble),
      back: Uint16Array.of(back),
    });
    if (!shows) model.readBack[0] = held;
    expect(rtl.peek('read_back')).toBe(model.readBack[0]);
    if (loads[1]) {
      expect([rtl.peek('loaded'), rtl.peek('loaded_live')]).toEqual([model.loaded[0], model.live[0]]);
      checked.loaded++;
    }
    if (products[5]) {
      expect(rtl.peek('result')).toBe(model.result[0]);
      checked.result++;
    }
  }
  expect(Math.min(checked.loaded, checked.result)).toBeGreaterThan(CYCLES / 3);
});

it('sequencer and SRAM step alike', () => {
  const next = random(7);
  const rtl = simulate(sequencerModule);
  const memory = simulate(sramModule(16, 32));
  reset(rtl);
  const model = new Sequencer();
  const sram = new Sram(32);
  const stages = ['load', 'hold', 'active', 'out', 'emit'] as const;
  for (let cycle = 0; cycle < CYCLES; cycle++) {
    const frame = integer(next, 2 ** 19);
    rtl.poke('frame', frame);
    rtl.step();
    model.clock(frame);
    expect(rtl.peek('count')).toBe(model.count);
    expect(stages.map((stage) => rtl.peek(stage))).toEqual(stages.map((stage) => model[stage]));
    const [read, write, from, to, word] = [
      integer(next, 2),
      integer(next, 2),
      integer(next, 32),
      integer(next, 32),
      integer(next, 65536),
    ];
    poke(memory, { read, read_address: from, write, write_address: to, word });
    memory.step();
    sram.clock(read === 1, from, write === 1, to, word);
    expect(memory.peek('data')).toBe(sram.data);
  }
});
