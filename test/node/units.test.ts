import { expect, it } from 'vitest';
import { ExponentProcessor, exponentClampModule, exponentProcessorModule } from '../../src/node/e-proc.ts';
import { DeskewBuffer, deskewBufferModule } from '../../src/node/deskew-buffer.ts';
import { InputAccumulators, inputAccumulatorModule } from '../../src/node/input-accumulator.ts';
import { InputFifo, inputFifoModule } from '../../src/node/input-fifo.ts';
import {
  encodeWeight,
  exponentOf,
  mProcModule,
  splitAndRound,
  weightEncoderModule,
} from '../../src/node/m-proc.ts';
import { joined, orTreeModule } from '../../src/node/or-tree.ts';
import { OutputAccumulator, outputAccumulatorModule } from '../../src/node/output-accumulator.ts';
import { PostProcessing, postProcessingModule } from '../../src/node/post-processing.ts';
import { ProcessingElements, processingElementModule } from '../../src/node/processing-element.ts';
import { RowFifo, rowFifoModule } from '../../src/node/row-fifo.ts';
import { Sequencer, sequencerModule } from '../../src/node/sequencer.ts';
import { SignConverter, signConverterModule } from '../../src/node/sign-converter.ts';
import { slideWindow, slidingWindowModule } from '../../src/node/sliding-window.ts';
import { Sram, sramModule } from '../../src/node/sram.ts';
import { TemporalConverter, temporalConverterModule } from '../../src/node/temporal-converter.ts';
import { reciprocal, reciprocalModule, VectorUnit, vectorLaneModule } from '../../src/node/vector-unit.ts';
import { type Simulator, simulate } from '../../src/rtl/simulator/simulator.ts';
import { patterns, random } from './reference.ts';

const CYCLES = 4000;
const bit = (flag: boolean): number => (flag ? 1 : 0);
const poke = (rtl: Simulator, pins: Record<string, number | number[]>): void => {
  for (const [name, value] of Object.entries(pins)) rtl.poke(name, value);
};
const reset = (rtl: Simulator): void => {
  rtl.poke('reset', 1);
  rtl.step();
  rtl.poke('reset', 0);
};
const integer = (next: () => number, below: number): number => Math.floor(next() * below);

it('M-proc, weight encoder and reciprocal agree on every input', () => {
  const [split, inverse, encoder] = [
    simulate(mProcModule),
    simulate(reciprocalModule),
    simulate(weightEncoderModule),
  ];
  const pins = ['magnitude', 'exponent', 'sign', 'zero', 'nan'].map((name) => split.probe(name));
  const [x, y] = [split.poker('x'), inverse.poker('x')];
  const result = inverse.probe('y');
  let wrong = 0;
  for (let bits = 0; bits < 65536; bits++) {
    x(bits);
    y(bits);
    const model = splitAndRound(bits);
    const expected = [
      model & 7,
      exponentOf(model),
      (model >>> 11) & 1,
      (model >>> 12) & 1,
      (model >>> 13) & 1,
    ];
    if (pins.some((pin, i) => pin() !== expected[i]) || result() !== reciprocal(bits)) wrong++;
  }
  expect(wrong).toBe(0);
  for (let nibble = 0; nibble < 16; nibble++) {
    encoder.poke('nibble', nibble);
    expect(encoder.peek('x')).toBe(encodeWeight(nibble));
  }
});

it('E-clamp places every exponent in every window', () => {
  const rtl = simulate(exponentClampModule);
  for (let low = 1; low < 248; low++) {
    for (let exponent = 0; exponent < 256; exponent++) {
      poke(rtl, { exponent, window_low: low });
      const distance = exponent - low;
      if (distance < 0) expect(rtl.peek('under')).toBe(1);
      else
        expect([rtl.peek('under'), rtl.peek('over'), rtl.peek('place')]).toEqual([
          0,
          bit(distance > 7),
          distance & 7,
        ]);
    }
  }
});

it('iAcc makes t·a of every BF16 value', () => {
  const rtl = simulate(inputAccumulatorModule);
  const [start, activation, value] = [rtl.poker('start'), rtl.poker('activation'), rtl.probe('value')];
  const model = new InputAccumulators();
  const made = new Uint16Array(8);
  let wrong = 0;
  for (let bits = 0; bits < 65536; bits++) {
    start(1);
    activation(bits);
    rtl.step();
    model.clock(true, new Uint16Array(8).fill(bits));
    start(0);
    for (let t = 0; t < 8; t++) {
      model.values(made);
      if (value() !== made[0]) wrong++;
      rtl.step();
      model.clock(false, made);
    }
  }
  expect(wrong).toBe(0);
});

it('iFIFO, SW, PE and OR tree move values alike', () => {
  const next = random(1);
  const [fifo, window, tree, element] = [
    inputFifoModule,
    slidingWindowModule,
    orTreeModule,
    processingElementModule,
  ].map((module) => simulate(module));
  reset(element);
  const model = new InputFifo();
  const elements = new ProcessingElements(1);
  const eight = new Uint16Array(8);
  for (let cycle = 0; cycle < CYCLES; cycle++) {
    const row = patterns(next, 12);
    const offset = integer(next, 5);
    poke(window, { row: [...row], offset });
    slideWindow(row, offset, eight);
    expect(window.peekLanes('values')).toEqual([...eight]);
    const spikes = integer(next, 256);
    poke(tree, { values: [...eight].map((value, c) => ((spikes >>> c) & 1) * value) });
    expect(tree.peek('value')).toBe(joined(spikes, 0, 0, eight));
    poke(fifo, { values: [...eight], parity: cycle & 1 });
    fifo.step();
    model.clock(eight, cycle & 1);
    expect(fifo.peekLanes('bus')).toEqual([...model.bus]);
    const parities = fifo.peekLanes('parities').reduce((sum, parity, c) => sum | (parity << c), 0);
    expect(parities).toBe(model.parities);
    const spike = integer(next, 2);
    poke(element, { spike, parity: cycle & 1, value: eight[0] });
    expect([element.peek('even'), element.peek('odd')]).toEqual([
      joined(spike, cycle & 1, 0, eight),
      joined(spike, cycle & 1, 1, eight),
    ]);
    elements.spikes[0] = 0;
    elements.enter(Uint8Array.of(spike));
    elements.shift();
    element.step();
    expect(element.peek('spike_next')).toBe(elements.spikes[0] >>> 1);
  }
});

it('row FIFO, TC, SC and deskew buffer keep state alike', () => {
  const next = random(2);
  const fifo = simulate(rowFifoModule);
  const converter = simulate(temporalConverterModule);
  const signs = simulate(signConverterModule);
  const buffer = simulate(deskewBufferModule);
  for (const rtl of [fifo, converter, signs]) reset(rtl);
  const models = {
    fifo: new RowFifo(1),
    converter: new TemporalConverter(1),
    sign: new SignConverter(1),
    buffer: new DeskewBuffer(1),
  };
  for (let cycle = 0; cycle < CYCLES; cycle++) {
    const data = patterns(next, 8);
    const [parity, read, live, write] = [0, 0, 0, 0].map(() => integer(next, 2));
    poke(fifo, { write, write_parity: parity, data: data[0], live, read_parity: read });
    expect([fifo.peek('x'), fifo.peek('x_live')]).toEqual([models.fifo.data[read], models.fifo.live[read]]);
    fifo.step();
    if (write === 1) models.fifo.write(parity, 0, data.subarray(0, 1), Uint8Array.of(live));

    const count = integer(next, 8);
    const [magnitude, sign, enable, any, negative] = [
      integer(next, 8),
      ...[0, 0, 0, 0].map(() => integer(next, 2)),
    ];
    poke(converter, { take: write, magnitude, sign, live, count, enable, any_sign: any, negative });
    models.converter.compare(count, enable === 1, any === 1, negative);
    expect(converter.peek('spike')).toBe(models.converter.spike[0]);
    converter.step();
    if (write === 1) {
      models.converter.magnitude[0] = magnitude;
      models.converter.sign[0] = sign;
      models.converter.live[0] = live;
    }

    // One spike per mapping parity, as a row has.
    const [even, odd] = [integer(next, 8), integer(next, 8)];
    const parities = 1 << odd;
    const spikes = (even === odd ? 0 : enable << even) | (any << odd);
    poke(signs, {
      take: write,
      parity,
      negative: sign,
      even: spikes & ~parities ? data[even] : 0,
      odd: any * data[odd],
    });
    poke(buffer, {
      spikes: [0, 1, 2, 3, 4, 5, 6, 7].map((c) => (spikes >>> c) & 1),
      parities: [0, 1, 2, 3, 4, 5, 6, 7].map((c) => (parities >>> c) & 1),
      even_product: signs.peek('even_product'),
      odd_product: signs.peek('odd_product'),
      read: count,
    });
    expect(buffer.peek('value')).toBe(models.buffer.slot[count]);
    models.buffer.capture(Uint8Array.of(spikes), data, parities, models.sign.mask);
    buffer.step();
    signs.step();
    if (write === 1) models.sign.take(parity, 0, sign === 1);
  }
});

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
        poke(rtl, { x: [...x], live: [...live], count: cycle & 7, choose });
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
    reset(rtl);
    const model = new PostProcessing(1, { zero: 0x3f80, passPositive });
    poke(rtl, { zero_value: 0x3f80, pass_positive: bit(passPositive) });
    const slot = new Uint16Array(8);
    let entered = 0;
    for (let cycle = 0; cycle < CYCLES; cycle++) {
      const [x] = patterns(next, 1);
      const [take, live, turn, any, negative, sign, rowLive] = [0, 0, 0, 0, 0, 0, 0].map(() =>
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
        enter_lookup: bit(mode === 1),
        enter_products: bit(mode === 2),
        any_sign: any,
        negative,
        row_sign: sign,
        row_live: rowLive,
        slot: slot[count],
        count,
        out_lookup: lookup,
        emit,
      });
      expect(rtl.peek('product')).toBe(model.hit[0] === 1 ? slot[count] : 0);
      rtl.step();
      if (lookup === 1) model.capture(slot, count);
      if (emit === 1) model.emit();
      if (turn === 1) {
        if (mode === 1) model.enterLookup(Uint8Array.of(rowLive), Uint8Array.of(sign), any === 1, negative);
        else if (mode === 2) model.enterProducts(Uint8Array.of(rowLive));
        else model.hit.fill(0);
      }
      if (turn === 1) entered = mode;
      if (take === 1) model.take(0, x, live, split, low);
      expect(rtl.peek('held')).toBe(model.held[0]);
    }
  }
});

it('oAcc keeps the same eight sums', () => {
  const next = random(5);
  const rtl = simulate(outputAccumulatorModule);
  reset(rtl);
  const model = new OutputAccumulator(1, 'bf16');
  for (let cycle = 0; cycle < CYCLES; cycle++) {
    const column = cycle & 7;
    const [product, result] = patterns(next, 2);
    const addResult = column === 0 && next() < 0.2;
    const addProduct = !addResult && next() < 0.8;
    const first = next() < 0.05;
    poke(rtl, {
      product,
      result,
      add_product: bit(addProduct),
      add_result: bit(addResult),
      first: bit(first),
    });
    expect(rtl.peek('head')).toBe(model.head(0, column));
    rtl.step();
    const slot = new Uint16Array(8).fill(product);
    if (addResult) model.addResults(Uint16Array.of(result), first);
    else if (addProduct) model.addProducts(slot, Uint8Array.of(1), column, first);
  }
});

it('a vector lane gives the same outputs for any controls', () => {
  const next = random(6);
  const rtl = simulate(vectorLaneModule);
  const model = new VectorUnit(1);
  const seen = () => ['loaded', 'loaded_live', 'result', 'read_back'].map((name) => rtl.peek(name));
  for (let cycle = 0; cycle < CYCLES; cycle++) {
    const [data, back] = patterns(next, 2);
    const flag = (share: number): boolean => next() < share;
    const writes = integer(next, 6);
    const [maximum, nibbles, inverse] = [writes === 0, writes === 1, writes === 2];
    const partial = flag(0.3);
    const control = {
      chunk: nibbles ? integer(next, 4) : integer(next, 8),
      weight: flag(0.3),
      subtract: !partial && flag(0.5),
      maximum,
      first: flag(0.2),
      scale: flag(0.3),
      scaleNibble: nibbles,
      scaleChunk: integer(next, 8),
      outChunk: integer(next, 8),
      reciprocal: inverse,
      lateChunk: integer(next, 8),
      partial,
    };
    if (control.weight) control.subtract = false;
    const [live, nibble] = [integer(next, 2), integer(next, 16)];
    poke(rtl, {
      data,
      live,
      nibble,
      back,
      chunk: control.chunk,
      weight: bit(control.weight),
      subtract: bit(control.subtract),
      maximum: bit(maximum),
      first: bit(control.first),
      scale: bit(control.scale),
      scale_nibble: bit(nibbles),
      scale_chunk: control.scaleChunk,
      out_chunk: control.outChunk,
      take_reciprocal: bit(inverse),
      late_chunk: control.lateChunk,
      partial: bit(partial),
    });
    rtl.step();
    model.clock(control, {
      data: Uint16Array.of(data),
      live: Uint8Array.of(live),
      nibble: Uint8Array.of(nibble),
      back: Uint16Array.of(back),
    });
    expect(seen()).toEqual([model.loaded[0], model.live[0], model.result[0], model.readBack[0]]);
  }
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
