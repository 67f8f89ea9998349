import { beforeAll, describe, expect, it } from 'vitest';
import { module } from '../../src/hardware/index.ts';
import { open45Liberty } from '../../src/hardware/liberty/open-45.ts';
import { readLiberty } from '../../src/hardware/liberty/read.ts';
import { bufferNetlist } from '../../src/hardware/synthesis/timing/buffering.ts';
import { ENABLE_FLOP, gateClocks, type Gated } from '../../src/hardware/synthesis/clock-gating.ts';
import { clockEnergy, edgeEnergy, stoppedEnergy } from '../../src/hardware/synthesis/internal-energy.ts';
import { switchingEnergy, totalEnergy } from '../../src/hardware/synthesis/energy.ts';
import { GateSimulator } from '../../src/hardware/synthesis/simulation/gate-simulator.ts';
import type { Netlist } from '../../src/hardware/synthesis/netlist.ts';
import { moduleCosts, synthesise } from '../../src/hardware/synthesis/synthesise.ts';
import { analyseTiming } from '../../src/hardware/synthesis/timing/timing.ts';
import { reuseRow } from '../../src/machine/reuse/rows.ts';
import { reuseShape } from '../../src/machine/reuse/shape.ts';
import { generator } from './support/bf16.ts';

const text = open45Liberty();
const library = readLiberty(text, 'open-45');

const leaf = module({ name: 'leaf', inputs: { on: 1, own: 1, d: 12 } }, (m, { on, own, d }) => ({
  q: m.delay('q', d, { enable: on }),
  pair: m.delay('pair', d.low(2), { enable: own }),
  cleared: m.delay('cleared', d, { enable: own, reset: 5 }),
}));
/** Enables that instances share, that one alone has, that too few flip-flops have, and with a reset beside them. */
const top = module(
  { name: 'top', inputs: { on: 1, a: 1, b: 1, d: 12, free: 4 } },
  (m, { on, a, b, d, free }) => {
    const [x, y, z] = [a, b, a.xor(b)].map((own, i) =>
      m.instance(`leaf_${i}`, leaf, { on, own, d: d.xor(i) }),
    );
    return {
      q: [x.q, y.q, z.q],
      pairs: [x.pair, y.pair, z.pair],
      cleared: [x.cleared, y.cleared, z.cleared],
      delayed: m.delay('delayed', free),
    };
  },
);

/** That netlists of one design give the same on random inputs. */
function expectAlike(netlists: readonly Netlist[], cycles: number): void {
  const all = netlists.map((of) => new GateSimulator(of, library, { lanes: 32 }));
  const random = generator(9);
  const [{ inputs, outputs }] = netlists;
  for (let cycle = 0; cycle < cycles; cycle++) {
    for (const [port, nets] of inputs) {
      if (port === 'clock') continue;
      const values = Array.from({ length: 32 }, () =>
        port === 'reset' ? (cycle < 1 || random() % 50 === 0 ? 1 : 0) : random() & (2 ** nets.length - 1),
      );
      for (const gates of all) gates.poke(port, values);
    }
    for (const gates of all) gates.settle();
    for (const port of outputs.keys()) {
      for (let lane = 0; lane < 32; lane++) {
        const [want, ...got] = all.map((gates) => gates.peek(port, lane));
        if (got.some((value) => value !== want)) expect([cycle, port, lane, got]).toBe(want);
      }
    }
    for (const gates of all) gates.step();
  }
}

describe('clock gating', () => {
  let mapped: Netlist;
  let plain: Netlist;
  let gated: Gated;
  beforeAll(async () => {
    ({ netlist: mapped } = await synthesise(top, { liberty: text, gating: true }));
    ({ netlist: plain } = await synthesise(top, { liberty: text }));
    gated = gateClocks(mapped, library);
  });
  const flops = (netlist: Netlist) =>
    moduleCosts(netlist, library).reduce((sum, cost) => sum + cost.flops, 0);
  const clockGates = (netlist: Netlist) => netlist.gates.filter(({ type }) => library.cells.get(type)?.gate);

  it('puts flip-flops of one enable behind one gate, across instances, and few behind a multiplexer', () => {
    expect(mapped.gates.filter(({ type }) => type === ENABLE_FLOP.name).length).toBe(3 * (12 + 2 + 12));
    expect(gated.netlist.gates.some(({ type }) => type === ENABLE_FLOP.name)).toBe(false);
    expect(flops(gated.netlist)).toBe(flops(plain));
    // 36 flip-flops share `on`: more than one gate may drive, so two drive 18 each. Each leaf has a gate for `cleared`,
    // whose enable is not that of `pair` because of the reset; the pairs hold by multiplexers.
    expect([gated.gates, gated.gated, gated.held]).toEqual([2 + 3, 36 + 36, 6]);
    const paths = clockGates(gated.netlist).map(({ path, type }) => `${path} ${type}`);
    expect(paths.sort()).toEqual([
      ' CLKGATE_X4',
      ' CLKGATE_X4',
      'leaf_0 CLKGATE_X2',
      'leaf_1 CLKGATE_X2',
      'leaf_2 CLKGATE_X2',
    ]);
  });

  it('changes nothing that can be seen, buffered or not', () => {
    const { netlist: buffered } = bufferNetlist(gated.netlist, library, { period: 0.3 });
    expectAlike([plain, gated.netlist, buffered], 300);
    expect(analyseTiming(buffered, library).period).toBeLessThan(1);
  });

  it('knows an enable that mapping makes anew for each bit', async () => {
    const row = reuseRow(reuseShape({ pick: 'time', flow: 'outer', sums: 'integer' }, 8));
    const { netlist } = await synthesise(row, { liberty: text, gating: true });
    const asked = netlist.gates.filter(({ type }) => type === ENABLE_FLOP.name);
    expect(asked.length).toBe(8 * 24 + 2 * 4);
    expect(new Set(asked.map(({ pins }) => pins.E)).size).toBeGreaterThan(100);
    const whole = gateClocks(netlist, library);
    expect([whole.gates, whole.gated, whole.held]).toEqual([8 + 2, 200, 0]);
    // What made the other enables is gone, and whatever drives something is still there.
    expect(whole.netlist.gates.length).toBeLessThan(netlist.gates.length - 100);
    const { netlist: ungated } = await synthesise(row, { liberty: text });
    expectAlike([ungated, whole.netlist], 200);
  });

  it('charges clocks only where they arrive, gates always, and data pins that move while stopped', () => {
    const gates = new GateSimulator(gated.netlist, library);
    const run = (on: number, moving: boolean) => {
      gates.poke('on', [on]);
      gates.poke('d', [0]);
      gates.step();
      gates.step();
      gates.clearToggles();
      for (let cycle = 0; cycle < 100; cycle++) {
        gates.poke('d', [moving && cycle % 2 === 0 ? 0xfff : 0]);
        gates.step();
      }
      return totalEnergy(switchingEnergy(gates, library));
    };
    for (const port of ['a', 'b', 'free', 'd', 'reset']) gates.poke(port, [0]);
    const [idle, ticking, moving] = [run(0, false), run(1, false), run(0, true)];
    const flop = library.cells.get('DFF_X1')!;
    const tick = (clockEnergy(flop) + 1.6 * library.voltage ** 2) / 1000;
    // Six flip-flops of the pairs and four that are always clocked; 36 behind `on`.
    expect(idle.clock).toBeCloseTo(10 * tick, 9);
    expect(ticking.clock).toBeCloseTo(46 * tick, 9);
    expect(idle.clock_gates).toBeGreaterThan(0);
    expect(ticking.clock_gates).toBeGreaterThan(idle.clock_gates);
    expect(idle.data_pins + idle.data).toBe(0);
    expect(moving.clock).toBeCloseTo(idle.clock, 9);
    // Twelve bits of d in three leaves move 36 data pins behind `on` in every cycle but the first, and 36 of `cleared`.
    expect(moving.data_pins).toBeGreaterThan((71 * stoppedEnergy(flop, 'D') * 0.99) / 1000);
    expect(moving.data_pins).toBeLessThan((72 * stoppedEnergy(flop, 'D') * 1.01) / 1000);
  });

  it('needs the enable of a gate earlier than the data of a flip-flop', () => {
    const late = { ...library, cells: new Map(library.cells) };
    for (const [name, cell] of library.cells) {
      const later = { rows: [0], columns: [0], values: [[5]] };
      const setups = [{ pin: cell.gate?.enable ?? '', rise: later, fall: later }];
      if (cell.gate !== undefined) late.cells.set(name, { ...cell, setups });
    }
    expect(analyseTiming(gated.netlist, late).period).toBeGreaterThan(5);
    expect(analyseTiming(gated.netlist, library).period).toBeLessThan(1);
  });

  it('holds by multiplexers where a library has no clock gate, and says what is missing', () => {
    const cells = new Map([...library.cells].filter(([, { gate }]) => gate === undefined));
    const held = gateClocks(mapped, { ...library, cells });
    expect([held.gates, held.gated, held.held]).toEqual([0, 0, 78]);
    cells.delete('MUX2_X1');
    // Three NAND gates and an inverter choose as well.
    const chosen = gateClocks(mapped, { ...library, cells });
    expect(chosen.held).toBe(78);
    expect(chosen.netlist.gates.length).toBe(held.netlist.gates.length + 3 * 78);
    for (const name of cells.keys()) if (name.startsWith('NAND2')) cells.delete(name);
    expect(() => gateClocks(mapped, { ...library, cells })).toThrow(/no multiplexer/);
    cells.delete('DFF_X1');
    cells.delete('DFF_X2');
    expect(() => gateClocks(mapped, { ...library, cells })).toThrow(/no (flip-flop|multiplexer)/);
  });
});

describe('clock gates of open-45 beside those of NanGate45 (typical, 1.1 V)', () => {
  it.each([
    ['CLKGATE_X1', 3.458, 7.4, 11.7],
    ['CLKGATE_X2', 3.724, 9.6, 18],
    ['CLKGATE_X4', 4.522, 12, 29],
  ] as const)(
    '%s: area within 6 %%, energy a cycle within 30 %% stopped and passing',
    (name, area, off, on) => {
      const cell = library.cells.get(name)!;
      const pin = cell.pins.find(({ name: own }) => own === cell.gate!.clock)!;
      const idle = clockEnergy(cell) + pin.capacitance * library.voltage ** 2;
      for (const [ours, theirs, bound] of [
        [cell.area, area, 1.06],
        [idle, off, 1.33],
        [idle + 2 * edgeEnergy(cell, 'GCK'), on, 1.3],
      ]) {
        expect(ours / theirs).toBeGreaterThan(1 / bound);
        expect(ours / theirs).toBeLessThan(bound);
      }
    },
  );
});
