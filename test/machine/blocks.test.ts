import { expect, it } from 'vitest';
import {
  bitwise,
  counter,
  equality,
  integerAdder,
  lutDecoder,
  multiplexer,
  plainRegister,
  queue,
} from '../../src/machine/part/logic-blocks.ts';
import {
  exponentSubscription,
  extremeNode,
  registeredClamp,
  registeredRound,
  registeredWindow,
  resultSelection,
} from '../../src/machine/part/nonlinear-blocks.ts';
import { exponentOf, splitAndRound } from '../../src/machine/mugi/unit/m-proc.ts';
import { type AnyModule, simulate } from '../../src/hardware/index.ts';
import { generator } from '../hardware/support/bf16.ts';

type Values = Record<string, number>;

/** Compares a block with a function from inputs (and the cycle) to outputs, over random inputs. */
function holds(
  block: AnyModule,
  expected: (inputs: Values, before: Values, cycle: number) => Values | undefined,
): void {
  const sim = simulate(block);
  const random = generator(41);
  const draw = (width: number): number => random() >>> (32 - width);
  let before: Values = {};
  sim.reset();
  for (let cycle = 0; cycle < 600; cycle++) {
    const inputs: Values = {};
    for (const port of block.inputs) {
      if (port.lanes !== undefined) {
        for (let i = 0; i < port.lanes; i++) inputs[`${port.name}[${i}]`] = draw(port.width);
      } else inputs[port.name] = draw(port.width);
    }
    for (const [name, value] of Object.entries(inputs)) sim.poke(name, value);
    const want = cycle === 0 ? undefined : expected(inputs, before, cycle);
    for (const [name, value] of Object.entries(want ?? {}))
      expect([cycle, name, sim.peek(name)]).toEqual([cycle, name, value]);
    before = inputs;
    sim.step();
  }
}

it('combinational blocks are what their names say', () => {
  holds(integerAdder(8), ({ a, b }) => ({ sum: (a! + b!) & 255 }));
  holds(bitwise('and', 7), ({ a, b }) => ({ y: a! & b! }));
  holds(bitwise('or', 7), ({ a, b }) => ({ y: a! | b! }));
  holds(bitwise('xor', 7), ({ a, b }) => ({ y: a! ^ b! }));
  holds(bitwise('xnor', 7), ({ a, b }) => ({ y: ~(a! ^ b!) & 127 }));
  holds(equality(3), ({ a, b }) => ({ equal: a === b ? 1 : 0 }));
  holds(multiplexer(16, 2), (now) => ({ word: now[`words[${now.which}]`] }));
  holds(extremeNode, ({ a, b, follow_min }) => ({
    extreme: follow_min === 1 ? Math.min(a!, b!) : Math.max(a!, b!),
  }));
});

it('registered blocks show what entered a cycle before', () => {
  holds(plainRegister(5), (_now, { d }) => ({ q: d! }));
  holds(counter(3), (_now, _before, cycle) => ({ count: cycle & 7 }));
  holds(registeredRound, (_now, { x }) => ({
    magnitude: splitAndRound(x!) & 7,
    exponent: exponentOf(splitAndRound(x!)),
    sign: x! >>> 15,
  }));
  holds(registeredClamp, (_now, { exponent, window_low }) => {
    const distance = exponent! - window_low!;
    return { place: distance & 7, under: distance < 0 ? 1 : 0, over: distance > 7 ? 1 : 0 };
  });
  holds(registeredWindow, (_now, before) =>
    before.offset! > 4
      ? {}
      : Object.fromEntries(
          Array.from({ length: 8 }, (_, i) => [`values[${i}]`, before[`row[${i + before.offset!}]`]]),
        ),
  );
});

it('the blocks of post-processing keep what they wait for', () => {
  let [place, waits, result] = [-1, 0, -1];
  holds(exponentSubscription, ({ count }, before) => {
    if (before.take === 1) [place, waits] = [before.place!, before.in_window!];
    return place < 0 ? undefined : { hit: waits === 1 && place === count ? 1 : 0 };
  });
  holds(resultSelection, (_now, before) => {
    if (before.first === 1) result = before.special!;
    else if (before.hit === 1) result = before.slot!;
    return result < 0 ? undefined : { result };
  });
});

it('a queue of one entry can be refilled in the cycle in which it is emptied', () => {
  let held: number | undefined;
  holds(queue(8, 1), (_now, before) => {
    if (before.push === 1 && (held === undefined || before.pop === 1)) held = before.data!;
    else if (before.pop === 1) held = undefined;
    return { full: held === undefined ? 0 : 1, ...(held === undefined ? {} : { front: held }) };
  });
});

it('the LUT decoder raises one line for each entry', () => {
  const sim = simulate(lutDecoder);
  for (let address = 0; address < 256; address++) {
    const [sign, exponent, magnitude] = [address >>> 7, (address >>> 3) & 15, address & 7];
    sim.poke('sign', sign);
    sim.poke('exponent', exponent);
    sim.poke('magnitude', magnitude);
    const line = (sign * 12 + exponent) * 8 + magnitude;
    expect([address, sim.peekBig('lines')]).toEqual([address, exponent < 12 ? 1n << BigInt(line) : 0n]);
  }
});
