import { expect, it } from 'vitest';
import { exponentClampModule } from '../../../src/machine/mugi/unit/e-proc.ts';
import { DeskewBuffer, deskewBufferModule } from '../../../src/machine/mugi/unit/deskew-buffer.ts';
import {
  InputAccumulators,
  inputAccumulatorModule,
} from '../../../src/machine/mugi/unit/input-accumulator.ts';
import { InputFifo, inputFifoModule } from '../../../src/machine/mugi/unit/input-fifo.ts';
import {
  encodeWeight,
  exponentOf,
  mProcModule,
  splitAndRound,
  weightEncoderModule,
} from '../../../src/machine/mugi/unit/m-proc.ts';
import { joined, orTreeModule } from '../../../src/machine/mugi/unit/or-tree.ts';
import {
  ProcessingElements,
  processingElementModule,
} from '../../../src/machine/mugi/unit/processing-element.ts';
import { RowFifo, rowFifoModule } from '../../../src/machine/mugi/unit/row-fifo.ts';
import { SignConverter, signConverterModule } from '../../../src/machine/mugi/unit/sign-converter.ts';
import { slideWindow, slidingWindowModule } from '../../../src/machine/mugi/unit/sliding-window.ts';
import {
  TemporalConverter,
  temporalConverterModule,
} from '../../../src/machine/mugi/unit/temporal-converter.ts';
import { reciprocal, reciprocalModule } from '../../../src/machine/mugi/unit/vector-unit.ts';
import { simulate } from '../../../src/hardware/simulator/simulator.ts';
import { patterns, random } from './reference.ts';
import { bit, CYCLES, integer, poke, reset } from './pins.ts';

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
    const [magnitude, sign, enable, anySign, negative] = [
      integer(next, 8),
      ...[0, 0, 0, 0].map(() => integer(next, 2)),
    ];
    poke(converter, { take: write, magnitude, sign, live, count, enable, any_sign: anySign, negative });
    models.converter.compare(count, enable === 1, anySign === 1, negative);
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
    const spikes = (even === odd ? 0 : enable << even) | (anySign << odd);
    poke(signs, {
      take: write,
      parity,
      negative: sign,
      even: spikes & ~parities ? data[even] : 0,
      odd: anySign * data[odd],
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
