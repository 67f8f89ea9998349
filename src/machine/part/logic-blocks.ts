import { concat, mux } from '../../hardware/bits.ts';
import { select } from '../../hardware/choice.ts';
import { module } from '../../hardware/module.ts';
import { vector } from '../../hardware/port.ts';
import { fifo } from '../../hardware/units/fifo.ts';
import { LUT_EXPONENTS, LUT_ROWS } from '../../vlp/array.ts';

/* The plain blocks that cost tables price by width: what their names say, in one module each. */

export const integerAdder = (width: number) =>
  module(
    { name: `integer_adder_${width}`, doc: 'Sum, without its carry.', inputs: { a: width, b: width } },
    (_m, { a, b }) => ({ sum: a.add(b) }),
  );

export type BitwiseOperation = 'and' | 'or' | 'xor' | 'xnor';

export const bitwise = (operation: BitwiseOperation, width: number) =>
  module(
    { name: `${operation}_bitwise_${width}`, doc: 'Bit by bit.', inputs: { a: width, b: width } },
    (_m, { a, b }) => ({ y: operation === 'xnor' ? a.xor(b).not() : a[operation](b) }),
  );

/** Equality, as a temporal converter compares its magnitude with the counter. */
export const equality = (width: number) =>
  module(
    { name: `equality_${width}`, doc: 'Whether two numbers are equal.', inputs: { a: width, b: width } },
    (_m, { a, b }) => ({ equal: a.eq(b) }),
  );

export const counter = (width: number) =>
  module({ name: `counter_${width}`, doc: 'Counts up every cycle, and wraps.', inputs: {} }, (m) => {
    const count = m.register('count', width, { reset: 0 });
    count.next(width === 1 ? count.not() : count.add(1));
    return { count };
  });

export const plainRegister = (width: number) =>
  module({ name: `register_${width}`, doc: 'A register with reset.', inputs: { d: width } }, (m, { d }) => ({
    q: m.delay('q', d, { reset: 0 }),
  }));

export const multiplexer = (width: number, inputs: number) =>
  module(
    {
      name: `multiplexer_${width}_${inputs}`,
      doc: 'One of several words.',
      inputs: { words: vector(inputs, width), which: Math.ceil(Math.log2(inputs)) },
    },
    (_m, { words, which }) => ({ word: select(which, words) }),
  );

/** A queue of any power-of-two depth; of one entry it is a register with a valid bit. */
export const queue = (width: number, depth: number) => {
  if (depth > 1) return fifo({ width, depth });
  return module(
    {
      name: `fifo_w${width}_d1`,
      doc: `One word of ${width} bits and whether it is there.`,
      inputs: { push: 1, data: width, pop: 1 },
    },
    (m, { push, data, pop }) => {
      const full = m.register('full_now', 1, { reset: 0 });
      const pushes = m.wire('pushes', push.and(full.not().or(pop)));
      full.next(mux(pushes, 1, full.and(pop.not())));
      return { front: m.delay('word', data, { enable: pushes }), empty: full.not(), full };
    },
  );
};

/** Word lines of Mugi-L's look-up table: one of 2 · 12 · 8 lines from sign, exponent and magnitude. */
export const lutDecoder = module(
  {
    name: 'lut_decoder',
    doc: 'One line of 192: sign, exponent (0 to 11) and magnitude.',
    inputs: { sign: 1, exponent: 4, magnitude: 3 },
  },
  (m, { sign, exponent, magnitude }) => {
    const high = Array.from({ length: 2 * LUT_EXPONENTS }, (_, i) =>
      m.wire(
        `exponent_line_${i}`,
        concat(sign, exponent).eq((Math.floor(i / LUT_EXPONENTS) << 4) | (i % LUT_EXPONENTS)),
      ),
    );
    const low = Array.from({ length: LUT_ROWS }, (_, i) => m.wire(`row_line_${i}`, magnitude.eq(i)));
    return { lines: concat(...high.flatMap((h) => low.map((l) => h.and(l))).reverse()) };
  },
);
