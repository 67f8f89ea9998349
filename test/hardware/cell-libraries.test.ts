import { describe, expect, it } from 'vitest';
import { module, simulate } from '../../src/hardware/index.ts';
import { joinLibraries, readLiberty } from '../../src/hardware/liberty/read.ts';
import { bufferNetlist } from '../../src/hardware/synthesis/timing/buffering.ts';
import { gateClocks } from '../../src/hardware/synthesis/clock-gating.ts';
import { switchingEnergy, totalEnergy } from '../../src/hardware/synthesis/energy.ts';
import { GateSimulator, type Simulation } from '../../src/hardware/synthesis/simulation/gate-simulator.ts';
import { flattenNetlist, type Netlist, type YosysJson } from '../../src/hardware/synthesis/netlist.ts';
import { mappedNetlist, moduleCosts } from '../../src/hardware/synthesis/synthesise.ts';
import { TimedSimulator } from '../../src/hardware/synthesis/simulation/timed-simulator.ts';
import { analyseTiming } from '../../src/hardware/synthesis/timing/timing.ts';
import { unusableCells } from '../../src/hardware/synthesis/usable-cells.ts';
import { generator } from './support/bf16.ts';
import { counter, everything } from './support/examples.ts';
import { LIBRARIES } from './support/libraries.ts';
import { referencePeriod } from './support/reference-timing.ts';

const WIDTH = 4;

const top = module(
  { name: 'top', inputs: { a: WIDTH, b: WIDTH, c: 3, s: 1, x: WIDTH, y: WIDTH, z: WIDTH } },
  (m, { a, b, c, s, x, y, z }) => {
    const { count } = m.instance('counter', counter(WIDTH), { enable: s, load: 0, start: 0 });
    return m.instance('unit', everything(WIDTH), { a: a.xor(count), b, c, s, lanes: [x, y, z] });
  },
);

async function mapped(texts: readonly string[], gating = false) {
  const names = texts.map((_, i) => `file ${i}`);
  const library = joinLibraries(
    texts.map((text, i) => readLiberty(text, names[i])),
    names,
  );
  const { json } = await mappedNetlist(top, { liberty: texts, dontUse: unusableCells(library), gating });
  const yosys = JSON.parse(json) as YosysJson;
  return { library, yosys, netlist: flattenNetlist(yosys, 'top') };
}

/** Runs simulations of gates beside the words of the description, under random inputs, and expects equal outputs. */
function compare(netlist: Netlist, gates: readonly Simulation[], cycles: number): void {
  const words = simulate(top);
  const random = generator(3);
  for (let cycle = 0; cycle < cycles; cycle++) {
    for (const [port, nets] of netlist.inputs) {
      const value = port === 'reset' ? Number(cycle < 2) : random() & (2 ** nets.length - 1);
      if (port !== 'clock') words.poke(port, value);
      for (const one of gates) one.poke(port, [value]);
    }
    for (const one of gates) one.settle();
    for (const port of netlist.outputs.keys()) {
      const want =
        port === 'rotated'
          ? words.peekLanes(port).reduce((all, lane, i) => all | (BigInt(lane) << BigInt(WIDTH * i)), 0n)
          : words.peekBig(port);
      expect([cycle, port, ...gates.map((one) => one.peek(port))]).toEqual([
        cycle,
        port,
        ...gates.map(() => want),
      ]);
    }
    words.step();
    for (const one of gates) one.step();
  }
}

describe.each([
  ['NanGate45', [LIBRARIES.nangate()], ['DFF']],
  ['sky130', [LIBRARIES.sky130()], ['DFX', 'EDFX']],
  ['SG13G2', [LIBRARIES.sg13g2()], ['DFRBP']],
  ['ASAP7', LIBRARIES.asap7(), ['DFFHQN']],
] as const)('a library with the features of %s', (_, texts, flops) => {
  it('takes a design whose gates do what it says, with timing that a second calculation confirms', async () => {
    const { library, yosys, netlist } = await mapped(texts);
    const used = new Set(netlist.gates.map(({ type }) => type));
    for (const flop of flops) expect([...used]).toContain(flop);
    for (const name of unusableCells(library)) expect([...used]).not.toContain(name);

    for (const wirePerFanout of [0, 1, 7.5]) {
      const { period } = analyseTiming(netlist, library, { wirePerFanout });
      const again = referencePeriod(texts, yosys, 'top', { wire: wirePerFanout });
      expect(again).toBeGreaterThan(0.1);
      expect(period / again).toBeCloseTo(1, 9);
    }

    const { netlist: buffered } = bufferNetlist(netlist, library, { period: 0.1 });
    expect(analyseTiming(buffered, library).period).toBeLessThan(analyseTiming(netlist, library).period);
    const gates = [netlist, buffered].map((of) => new GateSimulator(of, library));
    compare(netlist, gates, 120);
    const flopCount = moduleCosts(netlist, library).reduce((sum, cost) => sum + cost.flops, 0);
    expect(flopCount).toBe((1 + 1 + 8) * WIDTH);
    for (const { data } of switchingEnergy(gates[0], library, {}).values()) expect(data).toBeGreaterThan(0);
  });

  it('takes it with gated clocks, at zero delay and timed', async () => {
    const { library, netlist: requested } = await mapped(texts, true);
    const { netlist, gates, gated, held } = gateClocks(requested, library);
    const offered = [...library.cells.values()].some(({ gate }) => gate !== undefined);
    expect(gates > 0).toBe(offered);
    expect(gated > 0).toBe(offered);
    expect(gated + held).toBeGreaterThanOrEqual(9 * WIDTH);
    const settled = new GateSimulator(netlist, library);
    const timed = new TimedSimulator(netlist, library);
    compare(netlist, [settled, timed], 60);
    expect(timed.settled).toBeLessThanOrEqual(analyseTiming(netlist, library).period + 0.05);
    expect(totalEnergy(switchingEnergy(timed, library)).total).toBeGreaterThan(
      totalEnergy(switchingEnergy(settled, library)).total,
    );
  });
});
