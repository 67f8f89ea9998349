import { expect, it } from 'vitest';
import { exponentClamp } from '../../../src/machine/mugi/unit/e-proc.ts';
import { DeskewBuffer, deskewBuffer } from '../../../src/machine/mugi/unit/deskew-buffer.ts';
import { InputAccumulators, inputAccumulator } from '../../../src/machine/mugi/unit/input-accumulator.ts';
import { InputFifo, inputFifo } from '../../../src/machine/mugi/unit/input-fifo.ts';
import {
  encodeWeight,
  exponentOf,
  mProc,
  splitAndRound,
  weightEncoder,
} from '../../../src/machine/mugi/unit/m-proc.ts';
import { processingElement } from '../../../src/machine/mugi/unit/processing-element.ts';
import { SignConverter, signConverter } from '../../../src/machine/mugi/unit/sign-converter.ts';
import { reciprocal, reciprocalUnit } from '../../../src/machine/mugi/unit/reciprocal.ts';
import { simulate } from '../../../src/hardware/simulator/simulator.ts';
import { patterns, random } from './reference.ts';
import { bit, CYCLES, eight, integer, poke, reset } from './pins.ts';

it('M-proc, weight encoder and reciprocal agree on every input', () => {
  const [split, inverse, encoder] = [
    simulate(mProc.module),
    simulate(reciprocalUnit.module),
    simulate(weightEncoder.module),
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
  const rtl = simulate(exponentClamp.module);
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
  const rtl = simulate(inputAccumulator.module);
  const [start, activation, value] = [rtl.poker('start'), rtl.poker('activation'), rtl.probe('value')];
  rtl.poke('run', 1);
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

it('iFIFO delays LUT rows as the model does, and lets products through that begin late themselves', () => {
  const next = random(9);
  const fifo = simulate(inputFifo.module);
  const model = new InputFifo();
  // What the columns carried, so that the hardware's products can come as late as their iAccs begin.
  const history: Uint16Array[] = Array.from({ length: 8 }, () => new Uint16Array(8));
  const lookups: number[] = eight(0);
  let lookup = 0;
  let compared = 0;
  for (let cycle = 0; cycle < CYCLES; cycle++) {
    // Modes change at frames, and then in any order.
    if (cycle % 8 === 0) lookup = integer(next, 2);
    const values = patterns(next, 8);
    history.unshift(values);
    lookups.unshift(lookup);
    poke(fifo, {
      entries: [...values].map((value) => (lookup === 1 ? value : integer(next, 65536))),
      products: Array.from(values, (_, c) => (lookups[c] === 1 ? integer(next, 65536) : history[c][c])),
      lookup: lookups.slice(0, 8),
      work: eight(1),
    });
    fifo.step();
    model.clock(values, cycle & 1);
    if (cycle >= 8) {
      expect(fifo.peekLanes('bus')).toEqual([...model.bus]);
      compared++;
    }
  }
  expect(compared).toBe(CYCLES - 8);
  // Without work a bus keeps its value.
  const before = fifo.peekLanes('bus');
  poke(fifo, { entries: eight(1), products: eight(2) });
  poke(fifo, { work: eight(0) });
  fifo.step();
  expect(fifo.peekLanes('bus')).toEqual(before);
});

it('the slots of eight PEs, read with the sign of their mapping, are those of the deskew buffer', () => {
  const next = random(3);
  const elements = Array.from({ length: 8 }, () => simulate(processingElement.module));
  const reader = simulate(deskewBuffer.module);
  const signs = simulate(signConverter.module);
  for (const element of elements) reset(element);
  const model = { buffer: new DeskewBuffer(1), sign: new SignConverter(1) };
  let [magnitude, negative, live] = [0, 0, 0];
  let waiting = 0;
  // Mappings of eight cycles: the row's spike passes column c in cycle m + c; slot c is read eight cycles after that
  // column saw slot 0, when the next mapping is under way.
  const spikes = [...eight(0), ...eight(0)];
  let read = 0;
  for (let cycle = 0; cycle < CYCLES; cycle++) {
    const count = cycle & 7;
    const parity = (cycle >> 3) & 1;
    if (count === 0) {
      poke(signs, { turn: 1, negative: negative & live });
      signs.step();
      poke(signs, { turn: 0, negative: integer(next, 2) });
      waiting = live;
      [magnitude, negative, live] = [integer(next, 8), integer(next, 2), bit(integer(next, 8) > 0)];
      model.sign.take(parity, 0, negative === 1);
      for (let c = 0; c < 8; c++) spikes[(cycle + magnitude + c) & 15] |= live << c;
    }
    const now = spikes[cycle & 15];
    spikes[cycle & 15] = 0;
    const values = patterns(next, 8);
    const lines = Array.from({ length: 8 }, (_, c) => bit(c === count));
    poke(reader, { slots: elements.map((element) => element.peek('slot')), read: lines, hit: waiting });
    poke(signs, { value: reader.peek('value') });
    if (waiting === 1) {
      expect(signs.peek('product')).toBe(model.buffer.slot[count]);
      read++;
    } else if (cycle > 7) expect(signs.peek('product')).toBe(0);
    // Column c works for the mapping before in the first c cycles.
    const parities = Array.from({ length: 8 }, (_, c) => (c > count ? parity ^ 1 : parity));
    model.buffer.capture(
      Uint8Array.of(now),
      values,
      parities.reduce((all, of, c) => all | (of << c), 0),
      model.sign.mask,
    );
    elements.forEach((element, c) => {
      poke(element, { spike: (now >>> c) & 1, value: values[c] });
      element.step();
    });
  }
  expect(read).toBeGreaterThan(CYCLES / 2);
  // Nothing is read where no line is high.
  poke(reader, { slots: eight(0xffff), read: eight(0), hit: 1 });
  expect(reader.peek('value')).toBe(0);
});
