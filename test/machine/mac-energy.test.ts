import { expect, it } from 'vitest';
import { open45Liberty } from '../../src/hardware/liberty/open-45.ts';
import { readLiberty } from '../../src/hardware/liberty/read.ts';
import { energyParts } from '../../src/hardware/synthesis/estimates.ts';
import { GateSimulator, type Simulation } from '../../src/hardware/synthesis/simulation/gate-simulator.ts';
import { synthesise } from '../../src/hardware/synthesis/synthesise.ts';
import { macEnergyOf } from '../../src/machine/whole/mac-energy.ts';
import { STATED } from '../../src/technology/whole-machine.ts';
import { counter } from '../hardware/support/examples.ts';

it('two lengths give the energy of the length that is stated, whatever they are', async () => {
  const liberty = open45Liberty();
  const library = readLiberty(liberty, 'open-45');
  const { netlist } = await synthesise(counter(4), { liberty });
  /** Eight cycles for each inner index, and a hundred to fill and drain. */
  const run = (k: number, gates: Simulation): void => {
    gates.poke('enable', [1]);
    gates.clearToggles();
    for (let cycle = 0; cycle < 8 * k + 100; cycle++) gates.step();
  };
  const gates = new GateSimulator(netlist, library);
  run(STATED, gates);
  const whole = energyParts(gates, library, 1).total * gates.cycles;
  for (const [short, long] of [
    [4, 12],
    [32, 96],
    [32, 192],
  ] as const) {
    const work = { stimulus: 'counting', lanes: 1, macsPerInner: 1, short, long, timed: 0.5, run };
    const { total, timed_total } = macEnergyOf(work, netlist, library, 1);
    expect((total * STATED) / whole).toBeCloseTo(1, 2);
    expect(timed_total).toBeCloseTo(1.5 * total, 12);
  }
});
