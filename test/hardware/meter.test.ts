import { beforeAll, describe, expect, it } from 'vitest';
import { type AnyModule, module } from '../../src/hardware/index.ts';
import { open45Liberty } from '../../src/hardware/liberty/open-45.ts';
import { readLiberty } from '../../src/hardware/liberty/read.ts';
import { GateSimulator } from '../../src/hardware/synthesis/simulation/gate-simulator.ts';
import { clockEnergy, edgeEnergy } from '../../src/hardware/synthesis/internal-energy.ts';
import type { Netlist } from '../../src/hardware/synthesis/netlist.ts';
import { switchingEnergy } from '../../src/hardware/synthesis/energy.ts';
import { synthesise } from '../../src/hardware/synthesis/synthesise.ts';
import { bf16Adder } from '../../src/hardware/units/bf16-adder.ts';
import { bf16Multiplier } from '../../src/hardware/units/bf16-multiplier.ts';
import { characterise } from '../../src/machine/catalogue/characterise.ts';
import { PUBLISHED_45 } from '../../src/technology/published-45.ts';
import { generator } from './support/bf16.ts';

const text = open45Liberty();
const library = readLiberty(text, 'open-45');

/** A counter that runs by itself, with gates that only its bits and one input feed. */
const counting = module({ name: 'counting', inputs: { a: 8 } }, (m, { a }) => {
  const count = m.register('count', 8, { reset: 0 });
  count.next(count.add(1));
  return { total: m.delay('total', count.add(a)) };
});

/** pJ per cycle after 200 cycles of a stimulus that all lanes carry alike, or of one a lane. */
function measured(netlist: Netlist, lanes: number, value: (cycle: number, lane: number) => number) {
  const gates = new GateSimulator(netlist, library, { lanes });
  const poke = (port: string, of: (lane: number) => number) =>
    gates.poke(
      port,
      Array.from({ length: lanes }, (_, lane) => of(lane)),
    );
  poke('reset', () => 1);
  gates.step();
  poke('reset', () => 0);
  gates.clearToggles();
  for (let cycle = 0; cycle < 200; cycle++) {
    poke('a', (lane) => value(cycle, lane));
    gates.step();
  }
  return switchingEnergy(gates, library).get('counting')!;
}

describe('the meter of the gates', () => {
  let netlist: Netlist;
  beforeAll(async () => {
    ({ netlist } = await synthesise(counting, { liberty: text }));
  });

  it('reads the same whatever the number of lanes that carry the same stimulus', () => {
    const random = generator(3);
    const values = Array.from({ length: 200 }, () => random() & 255);
    const one = measured(netlist, 1, (cycle) => values[cycle]);
    expect(one.data).toBeGreaterThan(0.01);
    for (const lanes of [2, 7, 31, 32]) {
      const many = measured(netlist, lanes, (cycle) => values[cycle]);
      expect(many.data).toBeCloseTo(one.data, 12);
      expect(many.clock).toBe(one.clock);
    }
  });

  it('reads the same of a netlist that only counts in 1 and in 32 lanes', () => {
    const [one, all] = [1, 32].map((lanes) => measured(netlist, lanes, () => 0));
    expect(one.data).toBeGreaterThan(0.01);
    expect(all.data).toBeCloseTo(one.data, 12);
    // A lane more with a stimulus of its own is an average, no sum.
    const random = generator(4);
    const busy = measured(netlist, 32, () => random() & 255);
    expect(busy.data).toBeLessThan(4 * one.data);
  });

  it('refuses lanes that nothing drives, and numbers of lanes that it cannot have', () => {
    const gates = new GateSimulator(netlist, library, { lanes: 4 });
    expect(() => gates.poke('a', [1, 2, 3])).toThrow(/every lane must be driven/);
    for (const lanes of [0, 33, 1.5]) {
      expect(() => new GateSimulator(netlist, library, { lanes })).toThrow(/side by side/);
    }
  });
});

describe('energies beside published ones of 45 nm', () => {
  /** Bounds that docs/synthesis.md states. */
  const within = (ours: number, published: number, factor: number) => {
    expect(ours / published).toBeGreaterThan(1 / factor);
    expect(ours / published).toBeLessThan(factor);
  };

  it('an idle flip-flop is within 15 % of NanGate45 (DFF_X1, 1.1 V: 6.9 fJ inside, 1.1 fJ of clock pin)', () => {
    const flop = library.cells.get('DFF_X1')!;
    const pin = flop.pins.find(({ name }) => name === flop.flop!.clock)!;
    within(clockEnergy(flop) + pin.capacitance * library.voltage ** 2, 6.9 + 1.1, 1.15);
    // 4.4 fJ a transition of Q.
    within(edgeEnergy(flop, 'Q'), 4.4, 1.15);
  });

  // Horowitz, "Computing's energy problem", ISSCC 2014, 45 nm at 0.9 V: pJ an operation, its activity not stated.
  // Ours draws all operand bits anew and charges the input nets.
  it.each([
    ['32-bit addition', 0.1, 32],
    ['8-bit multiplication', 0.2, 8],
  ] as const)(
    'an integer %s of fresh operands is within a factor of four of Horowitz 2014',
    async (name, at09, width) => {
      const unit: AnyModule = module({ name: 'unit', inputs: { a: width, b: width } }, (_m, { a, b }) => ({
        result: name === '32-bit addition' ? a.add(b) : a.mul(b),
      }));
      const { energy_nJ } = await characterise(unit, {}, { text, library });
      within(energy_nJ * 1000, at09 * (library.voltage / 0.9) ** 2, 4);
    },
  );

  it.each([
    ['adderbf16', bf16Adder({ subnormals: 'flush', stages: 1 })],
    ['multiplierbf16', bf16Multiplier({ subnormals: 'flush', stages: 1 })],
  ] as const)('%s is within 40 % of the published table', async (name, unit) => {
    const { energy_nJ } = await characterise(unit, { a: 'bf16', b: 'bf16' }, { text, library });
    within(energy_nJ, PUBLISHED_45.logic[name].energy_nJ, 1.4);
  });
});
