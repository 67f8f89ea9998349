import { concat, constant, firstOf, module, select, tree, vector } from '../../../src/hardware/index.ts';

/** A loadable down-counter: registers with reset and enable. */
export const counter = (width: number) =>
  module(
    {
      name: `counter_w${width}`,
      doc: 'A loadable up-counter.',
      inputs: { enable: 1, load: 1, start: width },
    },
    (m, { enable, load, start }) => {
      const count = m.register('count', width, { reset: 0, enable: enable.or(load) });
      count.next(load.choose(start, count.add(1)));
      return { count, wraps: count.all().and(enable) };
    },
  );

/** Every operation of the builder at the given width, for comparison of the back ends. */
export const everything = (width: number) =>
  module(
    {
      name: `everything_w${width}`,
      inputs: { a: width, b: width, c: 3, s: 1, lanes: vector(3, width) },
    },
    (m, { a, b, c, s, lanes }) => {
      const sum = m.wire('sum', a.add(b));
      const words = m.rom(
        'words',
        width,
        Array.from({ length: 6 }, (_, i) => (i * 37) % 2 ** Math.min(width, 8)),
      );
      const file = m.memory('file', { width, depth: 8 });
      file.write(s, c, sum);
      return {
        bitwise: a.and(b).or(a.not()).xor(b),
        arithmetic: sum.sub(a.negate()),
        carry: a.addCarry(b),
        product: a.mul(b),
        compare: concat(a.eq(b), a.ne(b), a.lt(b), a.gt(b), a.le(b), a.ge(b), a.eq(0)),
        shifts: a.shiftLeft(c).xor(b.shiftRight(c)),
        beyond: a.shiftLeft(b).or(a.shiftRight(b)),
        slices: concat(a.add(1).slice(width - 1, 1), b.high(2), b.low(2)),
        reductions: concat(sum.all(), sum.any(), sum.parity(), a.isZero()),
        chosen: s.choose(a, sum),
        selected: select(c, [a, b, sum, a.and(b), ...lanes]),
        few: select(c, [constant(1, width), a]),
        first: firstOf(
          [
            [a.lt(b), lanes[0]],
            [s, constant(3, width)],
          ],
          lanes[2],
        ),
        gated: a.gate(s),
        extended: a.extendSigned(width + 3),
        joined: tree(lanes, (x, y) => x.or(y)),
        word: words.read(c),
        stored: file.read(c),
        rotated: [lanes[1], lanes[2], lanes[0]],
        held: m.delay('held', sum, { enable: s, reset: 1 }),
      };
    },
  );
