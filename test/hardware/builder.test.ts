import { describe, expect, it } from 'vitest';
import {
  type Bits,
  constant,
  type ModuleBuilder,
  module,
  mux,
  select,
  vector,
} from '../../src/hardware/index.ts';
import type { PortValues } from '../../src/hardware/port.ts';
import { counter } from './support/examples.ts';

const PORTS = { a: 4, b: 3, s: 1, v: vector(2, 4) };

const build = (body: (m: ModuleBuilder, inputs: PortValues<typeof PORTS>) => Record<string, Bits>) =>
  module({ name: 'top', inputs: PORTS }, body);

describe('a mistake in a hardware description names the signals and their widths', () => {
  const cases: [string, Parameters<typeof build>[0], RegExp][] = [
    [
      'addition of unequal widths',
      (_, { a, b }) => ({ y: a.add(b) }),
      /add: "a" is 4 bits wide but "b" is 3/,
    ],
    ['comparison of unequal widths', (_, { a, b }) => ({ y: a.eq(b) }), /eq: "a" is 4 .* "b" is 3/],
    ['a constant that does not fit', (_, { a }) => ({ y: a.and(16) }), /constant 16 does not fit in 4/],
    ['a slice beyond the end', (_, { a }) => ({ y: a.slice(4, 1) }), /slice \[4:1\] .*"a".* 4 bits wide/],
    ['a wide multiplexer condition', (_, { a, b }) => ({ y: mux(b, a, a) }), /condition: "b" is 3 bits/],
    ['unequal branches', (_, { a, b, s }) => ({ y: mux(s, a, b) }), /mux: "a" is 4 .* "b" is 3/],
    ['too many options', (_, { a, s }) => ({ y: select(s, [a, a, a]) }), /"s" is 1 bits wide .* 3 options/],
    ['a register fed too wide', (m, { a }) => ({ y: m.register('r', 3).next(a) }), /"r" is 3 .* "a" is 4/],
    ['a register without next', (m) => ({ y: m.register('r', 3) }), /"r" of module top has no next value/],
    ['a wire never driven', (m) => ({ y: m.declare('w', 3) }), /"w" of module top is never driven/],
    [
      'a wire driven twice',
      (m, { a }) => ({ y: m.declare('w', 4).drive(a).drive(a) }),
      /"w" is driven twice/,
    ],
    ['a name used twice', (m, { a }) => ({ y: m.wire('a', a) }), /uses the name "a" twice/],
    ['a reserved word', (m, { a }) => ({ y: m.wire('reg', a) }), /"reg" cannot be/],
    [
      'an instance input of the wrong width',
      (m, { s, b }) => ({ y: m.instance('i', counter(4), { enable: s, load: s, start: b }).count }),
      /instance "i": input "start" is 4 bits wide but "b" is 3/,
    ],
    [
      'shrinking by extension',
      (_, { a }) => ({ y: a.extend(3) }),
      /"a" is 4 bits wide and cannot be extended to 3/,
    ],
  ];
  for (const [title, body, message] of cases) {
    it(title, () => {
      expect(() => build(body)).toThrow(message);
    });
  }

  it('carries the module as data', () => {
    expect(() => build((_, { a, b }) => ({ y: a.add(b) }))).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ code: 'invalid-value', path: 'top' }) }),
    );
  });

  it('refuses a signal of another module', () => {
    let foreign = constant(0, 4);
    module({ name: 'other', inputs: { x: 4 } }, (_, { x }) => {
      foreign = x;
      return { y: x };
    });
    expect(() => build((_, { a }) => ({ y: a.add(foreign) }))).toThrow(/"x" belongs to module other/);
  });
});

describe('slices look through wiring', () => {
  it('of a concatenation take the part itself', () => {
    const top = module({ name: 'top', inputs: { a: 4, b: 3 } }, (_, { a, b }) => ({
      y: a.extend(7).slice(3, 0),
      z: b.extendSigned(5).slice(1, 0),
    }));
    expect(top.result.y.signal?.name).toBe('a');
    expect(top.result.z.op).toBe('slice');
  });
});
