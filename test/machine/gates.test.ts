import { expect, it } from 'vitest';
import { CATALOGUE } from '../../src/machine/catalogue/catalogue.ts';
import { COMPOSITES } from '../../src/machine/catalogue/composites.ts';
import { type AnyModule, simulate } from '../../src/hardware/index.ts';
import { open45Liberty } from '../../src/hardware/liberty/open-45.ts';
import { readLiberty } from '../../src/hardware/liberty/read.ts';
import { GateSimulator } from '../../src/hardware/synthesis/simulation/gate-simulator.ts';
import { synthesise } from '../../src/hardware/synthesis/synthesise.ts';
import { generator } from '../hardware/support/bf16.ts';

const liberty = open45Liberty();
const library = readLiberty(liberty, 'open-45');

const part = (name: string): AnyModule => {
  const entry = CATALOGUE.find((candidate) => candidate.class === name)!;
  return entry.make(entry.reference);
};
const whole = (name: string): AnyModule => COMPOSITES.find((candidate) => candidate.name === name)!.module;

/** Lanes in one bus, lane 0 lowest. */
const bus = (lanes: readonly bigint[], width: number): bigint =>
  lanes.reduceRight((all, lane) => (all << BigInt(width)) | lane, 0n);

// What the behaviour was held against is the hardware's simulation; here that is held against the mapped gates.
it.each([
  ['figna_pe', part('figna_pe')],
  ['int_to_fp', part('int_to_fp')],
  ['systolic_pe', whole('systolic_pe')],
  ['carat_row', whole('carat_row')],
  ['vector_lane', whole('vector_lane')],
] as const)('%s: the mapped gates do what the hardware does', async (_, module) => {
  const { netlist } = await synthesise(module, { liberty });
  const gates = new GateSimulator(netlist, library);
  const words = simulate(module);
  const random = generator(51);
  const draw = (width: number): bigint => BigInt(random()) & ((1n << BigInt(width)) - 1n);
  for (let cycle = 0; cycle < 600; cycle++) {
    if (netlist.inputs.has('reset')) {
      words.poke('reset', cycle < 2 ? 1 : 0);
      gates.poke('reset', [cycle < 2 ? 1 : 0]);
    }
    for (const { name, width, lanes } of module.inputs) {
      const values = Array.from({ length: lanes ?? 1 }, () => draw(width));
      words.poke(name, lanes === undefined ? values[0] : values);
      gates.poke(name, [bus(values, width)]);
    }
    gates.settle();
    for (const { name, width, lanes } of module.outputs) {
      const want = lanes === undefined ? words.peekBig(name) : bus(words.peekLanes(name).map(BigInt), width);
      expect([cycle, name, gates.peek(name)]).toEqual([cycle, name, want]);
    }
    words.step();
    gates.step();
  }
});
