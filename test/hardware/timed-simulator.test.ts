import { describe, expect, it } from 'vitest';
import { module } from '../../src/hardware/index.ts';
import { open45Liberty } from '../../src/hardware/liberty/open-45.ts';
import { readLiberty } from '../../src/hardware/liberty/read.ts';
import { gateClocks } from '../../src/hardware/synthesis/clock-gating.ts';
import { switchingEnergy, totalEnergy } from '../../src/hardware/synthesis/energy.ts';
import { GateSimulator } from '../../src/hardware/synthesis/simulation/gate-simulator.ts';
import { flattenNetlist, type YosysJson } from '../../src/hardware/synthesis/netlist.ts';
import { synthesise } from '../../src/hardware/synthesis/synthesise.ts';
import { TimedSimulator } from '../../src/hardware/synthesis/simulation/timed-simulator.ts';
import { TimeWheel } from '../../src/hardware/synthesis/simulation/time-wheel.ts';
import { analyseTiming } from '../../src/hardware/synthesis/timing/timing.ts';
import { gatedBf16Adder } from '../../src/hardware/units/bf16-adder.ts';
import { generator } from './support/bf16.ts';

const text = open45Liberty();
const library = readLiberty(text, 'open-45');

/** Inverters between `a` and an AND gate whose other input is `a` itself, and what the AND gate drives. */
function hazard(inverters: number, load = 0): YosysJson {
  const cells: Record<string, { type: string; connections: Record<string, number[]> }> = {};
  for (let i = 0; i < inverters; i++) {
    cells[`inverter_${i}`] = { type: 'INV_X1', connections: { A: [i === 0 ? 2 : 9 + i], Z: [10 + i] } };
  }
  cells.and = { type: 'AND2_X1', connections: { A: [2], B: [9 + inverters], Z: [3] } };
  for (let i = 0; i < load; i++) {
    cells[`load_${i}`] = { type: 'INV_X1', connections: { A: [3], Z: [1000 + i] } };
  }
  const ports = { a: { direction: 'input', bits: [2] }, y: { direction: 'output', bits: [3] } } as const;
  return { creator: 'test', modules: { top: { ports, cells, netnames: {} } } };
}

describe('the timed gate simulation', () => {
  it('sees the glitch that zero delay hides, and none that is shorter than the delay of its gate', () => {
    const glitches = (inverters: number, load: number) => {
      const netlist = flattenNetlist(hazard(inverters, load), 'top');
      const [timed, zero] = [new TimedSimulator(netlist, library), new GateSimulator(netlist, library)];
      for (const gates of [timed, zero]) {
        gates.clearToggles();
        for (const a of [1, 0, 1, 0]) {
          gates.poke('a', [a]);
          gates.step();
        }
      }
      const [y] = netlist.outputs.get('y')!;
      return [zero.toggles[y], timed.toggles[y]];
    };
    // a and its delayed complement are both high for a while after each rise: up and down again.
    expect(glitches(9, 1)).toEqual([0, 4]);
    // One inverter's delay is shorter than that of an AND gate with much to drive.
    expect(glitches(1, 30)).toEqual([0, 0]);
  });

  it('lets the last event come when static timing says, on a chain', () => {
    const netlist = flattenNetlist(hazard(15), 'top');
    const timed = new TimedSimulator(netlist, library, { inputSlew: 0.02 });
    for (const a of [1, 0, 1]) {
      timed.poke('a', [a]);
      timed.step();
    }
    const { period } = analyseTiming(netlist, library, { inputSlew: 0.02 });
    expect(timed.settled).toBeLessThan(period + 0.01);
    expect(timed.settled).toBeGreaterThan(0.9 * period);
  });

  it('ends every cycle where zero delay does, clock gates included, and counts at least its transitions', async () => {
    const top = module({ name: 'top', inputs: { a: 16, b: 16, on: 1 } }, (m, { a, b, on }) => {
      const { sum } = m.instance('adder', gatedBf16Adder({ stages: 1 }), { a, b, enable: on });
      return { sum: m.delay('sum', sum, { enable: on }), free: m.delay('free', sum) };
    });
    const { netlist: mapped } = await synthesise(top, { liberty: text, gating: true });
    const { netlist, gated } = gateClocks(mapped, library);
    expect(gated).toBeGreaterThan(40);
    const timed = new TimedSimulator(netlist, library);
    const zero = new GateSimulator(netlist, library);
    const random = generator(6);
    for (const gates of [timed, zero]) gates.clearToggles();
    for (let cycle = 0; cycle < 400; cycle++) {
      for (const [port, mask] of [
        ['a', 0xffff],
        ['b', 0xffff],
        ['on', 1],
      ] as const) {
        const value = random() & mask;
        for (const gates of [timed, zero]) gates.poke(port, [value]);
      }
      for (const gates of [timed, zero]) gates.settle();
      for (const port of ['sum', 'free']) expect([cycle, timed.peek(port)]).toEqual([cycle, zero.peek(port)]);
      for (const gates of [timed, zero]) gates.step();
    }
    expect(timed.settled).toBeLessThan(analyseTiming(netlist, library).period);
    // Transitions of a net in a cycle are at least those between its settled values, and differ by an even number.
    let glitches = 0;
    for (const { type, pins } of netlist.gates) {
      const net = pins.Z ?? pins.Q;
      if (net === undefined || type === '$alias') continue;
      const more = timed.toggles[net] - zero.toggles[net];
      // The cycle that has just begun: its first transitions are counted already.
      expect(more).toBeGreaterThanOrEqual(-1);
      glitches += more;
    }
    expect(glitches).toBeGreaterThan(1000);
    expect([...timed.clocked]).toEqual([...zero.clocked]);
    const [all, settled] = [timed, zero].map((gates) => totalEnergy(switchingEnergy(gates, library)));
    expect(all.clock).toBeCloseTo(settled.clock, 12);
    expect(all.data).toBeGreaterThan(1.2 * settled.data);
  });
});

it('a time wheel gives events in the order of their times', () => {
  const wheel = new TimeWheel();
  const random = generator(2);
  const times = Array.from({ length: 5000 }, () => random() % 3000);
  times.forEach((time, event) => wheel.add(event, time));
  const seen: number[] = [];
  for (let event = wheel.next(); event >= 0; event = wheel.next()) {
    expect(times[event]).toBe(wheel.now);
    seen.push(event);
    // What an event causes comes after it.
    if (event < 5000 && event % 5 === 0)
      wheel.add(times.push(wheel.now + (random() % 50)) - 1, times.at(-1)!);
  }
  expect(new Set(seen).size).toBe(times.length);
  wheel.restart();
  expect([wheel.now, wheel.next()]).toEqual([0, -1]);
});
