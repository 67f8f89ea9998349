import { describe, expect, it } from 'vitest';
import { module, simulate } from '../../src/hardware/index.ts';
import { lookup } from '../../src/hardware/liberty/library.ts';
import { open45Liberty } from '../../src/hardware/liberty/open-45.ts';
import { readLiberty } from '../../src/hardware/liberty/read.ts';
import { GateSimulator } from '../../src/hardware/synthesis/simulation/gate-simulator.ts';
import { flattenNetlist, type YosysJson } from '../../src/hardware/synthesis/netlist.ts';
import { switchingEnergy } from '../../src/hardware/synthesis/energy.ts';
import { moduleCosts, synthesise } from '../../src/hardware/synthesis/synthesise.ts';
import { analyseTiming } from '../../src/hardware/synthesis/timing/timing.ts';
import { bf16Adder } from '../../src/hardware/units/bf16-adder.ts';
import { CORNERS, definition, generator } from './support/bf16.ts';
import { counter, everything } from './support/examples.ts';

const liberty = open45Liberty();
const library = readLiberty(liberty, 'open-45');

const area = (name: string) => library.cells.get(name)!.area;

describe('the generated library', () => {
  it('has the published areas of the cells that the published table prices', () => {
    expect([area('AND2_X1'), area('OR2_X1'), area('XOR2_X1'), area('XNOR2_X1'), area('MUX2_X1')]).toEqual([
      1.064, 1.064, 1.596, 1.596, 1.862,
    ]);
  });

  it('gives an inverter that drives four others 22.5 ps, with edges as steep as its own', () => {
    const inverter = library.cells.get('INV_X1')!;
    const load = 4 * inverter.pins[0].capacitance;
    const slew = lookup(inverter.arcs[0].riseSlew!, 0.02, load);
    expect(lookup(inverter.arcs[0].rise!, slew, load)).toBeCloseTo(0.0225, 4);
  });

  it('is refused, with the line, when a brace is missing', () => {
    expect(() => readLiberty('library (x) {\n  cell (A) {\n    area : 1;\n', 'x.lib')).toThrow(
      /never closed/,
    );
    expect(() => readLiberty('module x;', 'x.lib')).toThrow(/must be followed|begins with a library/);
    expect(() => readLiberty('library (x) { cell (A) { area : big; } }', 'x.lib')).toThrow(/area of cell A/);
  });
});

describe('the gate simulator', () => {
  const ports = {
    a: { direction: 'input', bits: [2] },
    y: { direction: 'output', bits: [3] },
  } as const;
  const netlist = (cells: YosysJson['modules'][string]['cells']) =>
    flattenNetlist({ creator: 'test', modules: { top: { ports, cells, netnames: {} } } }, 'top');

  it('takes gates in any order and counts the toggles of every lane', () => {
    const gates = new GateSimulator(
      netlist({
        second: { type: 'XOR2_X1', connections: { A: [4], B: [2], Z: [3] } },
        first: { type: 'INV_X1', connections: { A: [5], Z: [4] } },
        state: { type: 'DFF_X1', connections: { D: [2], CK: ['0'], Q: [5] } },
      }),
      library,
      { lanes: 3 },
    );
    const seen = [
      [1, 0, 1],
      [1, 1, 0],
      [0, 1, 1],
    ].map((a) => {
      gates.poke('a', a);
      gates.settle();
      const y = a.map((_, lane) => Number(gates.peek('y', lane)));
      gates.step();
      return y;
    });
    // y = a xor not(a of the cycle before), which is zero before the first.
    expect(seen).toEqual([
      [0, 1, 0],
      [1, 0, 0],
      [0, 1, 0],
    ]);
    const [a] = gates.netlist.inputs.get('a')!;
    expect(gates.toggles[a]).toBe(2 + 2 + 2);
  });

  it('names the loop, the cell or the flip-flop that it cannot take', () => {
    expect(
      () =>
        new GateSimulator(
          netlist({
            set: { type: 'NAND2_X1', connections: { A: [2], B: [4], Z: [3] } },
            hold: { type: 'INV_X1', connections: { A: [3], Z: [4] } },
          }),
          library,
        ),
    ).toThrow(/combinational loop through net/);
    expect(
      () => new GateSimulator(netlist({ g: { type: 'LATCH', connections: { A: [2], Z: [3] } } }), library),
    ).toThrow(/"LATCH", which the library lacks/);
  });
});

describe('static timing', () => {
  it('adds up a chain of inverters as a hand would', () => {
    const json: YosysJson = {
      creator: 'test',
      modules: {
        chain: {
          ports: { a: { direction: 'input', bits: [2] }, y: { direction: 'output', bits: [4] } },
          cells: {
            first: { type: 'INV_X1', connections: { A: [2], Z: [3] } },
            second: { type: 'INV_X1', connections: { A: [3], Z: [4] } },
          },
          netnames: { a: { bits: [2] }, middle: { bits: [3] }, y: { bits: [4] } },
        },
      },
    };
    const timing = analyseTiming(flattenNetlist(json, 'chain'), library, {
      wirePerFanout: 0,
      inputSlew: 0.02,
    });
    const [arc] = library.cells.get('INV_X1')!.arcs;
    const load = library.cells.get('INV_X1')!.pins[0].capacitance;
    const first = lookup(arc.fall!, 0.02, load);
    const second = lookup(arc.rise!, lookup(arc.fallSlew!, 0.02, load), 0);
    expect(timing.period).toBeCloseTo(first + second, 9);
    expect(timing.paths[0].steps.map(({ net }) => net)).toEqual(['a', 'middle', 'y']);
  });
});

describe('a netlist that timing cannot follow', () => {
  it('is refused: a loop, a cell that the library lacks', () => {
    const ports = {
      a: { direction: 'input', bits: [2] },
      y: { direction: 'output', bits: [3] },
    } as const;
    const timed = (cells: YosysJson['modules'][string]['cells']) =>
      analyseTiming(
        flattenNetlist({ creator: 'test', modules: { top: { ports, cells, netnames: {} } } }, 'top'),
        library,
      );
    const set = { type: 'NAND2_X1', connections: { A: [2], B: [4], Z: [3] } };
    const hold = { type: 'INV_X1', connections: { A: [3], Z: [4] } };
    expect(() => timed({ set, hold })).toThrow(/combinational loop/);
    const used = { type: 'BOTH', connections: { A: [2], Z: [3] } };
    expect(() => timed({ used })).toThrow(/"BOTH", which the library lacks/);
  });
});

describe('emitted Verilog, read back and mapped by yosys', () => {
  it('equals the simulator in every operation, through the hierarchy, cycle by cycle', async () => {
    const top = module(
      { name: 'top', inputs: { a: 6, b: 6, c: 3, s: 1, x: 6, y: 6, z: 6 } },
      (m, { a, b, c, s, x, y, z }) => {
        const count = m.instance('counter', counter(6), { enable: s, load: 0, start: 0 }).count;
        return m.instance('unit', everything(6), { a: a.xor(count), b, c, s, lanes: [x, y, z] });
      },
    );
    const { netlist } = await synthesise(top, { liberty });
    const gates = new GateSimulator(netlist, library);
    const words = simulate(top);
    const random = generator(11);
    const ports = ['a', 'b', 'c', 's', 'x', 'y', 'z', 'reset'];
    for (let cycle = 0; cycle < 400; cycle++) {
      for (const port of ports) {
        const width = netlist.inputs.get(port)!.length;
        const value = port === 'reset' ? (cycle < 2 ? 1 : 0) : random() & (2 ** width - 1);
        words.poke(port, value);
        gates.poke(port, [value]);
      }
      gates.settle();
      for (const [port, nets] of netlist.outputs) {
        const want =
          port === 'rotated'
            ? words.peekLanes(port).reduce((all, lane, i) => all | (BigInt(lane) << BigInt(6 * i)), 0n)
            : words.peekBig(port);
        expect([cycle, port, nets.length, gates.peek(port)]).toEqual([cycle, port, nets.length, want]);
      }
      words.step();
      gates.step();
    }
  });

  it('meets 400 MHz with a BF16 adder of one stage, and adds as defined', async () => {
    const { netlist } = await synthesise(bf16Adder({ stages: 1 }), { liberty });
    const timing = analyseTiming(netlist, library);
    expect(timing.frequency).toBeGreaterThan(440);
    const add = definition((a, b) => a + b, false);
    const gates = new GateSimulator(netlist, library, { lanes: 32 });
    for (const a of CORNERS) {
      for (let first = 0; first < CORNERS.length; first += 32) {
        const lanes = Array.from({ length: 32 }, (_, i) => CORNERS[(first + i) % CORNERS.length]);
        gates.poke(
          'a',
          lanes.map(() => a),
        );
        gates.poke('b', lanes);
        gates.step();
        gates.settle();
        lanes.forEach((b, lane) => expect(Number(gates.peek('sum', lane))).toBe(add(a, b)));
      }
    }
    const [cost] = moduleCosts(netlist, library);
    expect(cost.module).toBe('bf16_adder_p1');
    const energy = switchingEnergy(gates, library).get('bf16_adder_p1')!;
    expect(energy.data).toBeGreaterThan(0);
    expect(energy.clock).toBeGreaterThan(0);
    // Nothing switches when nothing changes.
    gates.step();
    gates.step();
    gates.clearToggles();
    gates.step();
    expect(switchingEnergy(gates, library).get('bf16_adder_p1')!.data).toBe(0);
  });
});
