import { expect, it } from 'vitest';
import { open45Liberty } from '../../src/hardware/liberty/open-45.ts';
import { readLiberty } from '../../src/hardware/liberty/read.ts';
import { finish } from '../../src/hardware/synthesis/finish.ts';
import { GateSimulator } from '../../src/hardware/synthesis/simulation/gate-simulator.ts';
import { CLOCK, WIRES } from '../../src/hardware/synthesis/policy.ts';
import { synthesise } from '../../src/hardware/synthesis/synthesise.ts';
import { machineNamed } from '../../src/machine/whole/machines.ts';
import { runOnGates } from '../../src/machine/whole/run.ts';
import { randomProduct, SHAPES } from './support/products.ts';

const liberty = open45Liberty();
const library = readLiberty(liberty, 'open-45');
const LANES = 32;

/** Gates as they are measured: clock-gated and buffered. The products are side by side, 32 of each shape. */
it.each(['sa-4', 'sa-2x4-os', 'sd-4', 'sa-f-4', 'sd-f-4', 'pick-4', 'carat-8'])(
  '%s: gates equal the behaviour in every cycle of 224 products',
  async (name) => {
    const machine = machineNamed(name);
    const { netlist } = await synthesise(machine.module, { liberty, gating: true });
    const options = { clock: CLOCK.MHz, wirePerFanout: WIRES.perFanout, buffers: true };
    const finished = finish(netlist, library, options);
    expect(finished.timing.frequency).toBeGreaterThan(CLOCK.MHz);
    expect(finished.gated.gated).toBeGreaterThan(100);
    const shapes = [...SHAPES, ...SHAPES.slice(0, 2)];
    shapes.forEach((shape, i) => {
      const gates = new GateSimulator(finished.netlist, library, { lanes: LANES });
      // A quarter of the activations of the last two are corners of the format, and most results no numbers.
      const corners = i < SHAPES.length ? 0 : 4;
      const products = Array.from({ length: LANES }, (__, lane) =>
        randomProduct(shape, 2 * (LANES * i + lane) + 1, corners),
      );
      const { outputs } = runOnGates(machine, products, gates);
      if (i < SHAPES.length) expect(new Set(outputs.map((output) => output.join())).size).toBe(LANES);
    });
  },
);
