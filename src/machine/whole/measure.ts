import type { AnyModule } from '../../hardware/index.ts';
import type { Library } from '../../hardware/liberty/library.ts';
import { sixDigits } from '../../hardware/synthesis/digits.ts';
import { finish } from '../../hardware/synthesis/finish.ts';
import type { Netlist } from '../../hardware/synthesis/netlist.ts';
import { CLOCK, WIRES } from '../../hardware/synthesis/policy.ts';
import { netlistCost } from '../../hardware/synthesis/synthesise.ts';
import type { MachineRow } from '../../technology/whole-machine.ts';
import { checkedRows } from '../mugi/configuration.ts';
import { nodeModule } from '../mugi/node-module.ts';
import { nodeEnergy } from '../mugi/synthesis/mac-energy.ts';
import { type MacEnergy, STIMULI } from './mac-energy.ts';
import { type Gates, machineEnergy, type Stimulus } from './machine-energy.ts';
import { machineNamed } from './machines.ts';
import { rounded } from './report.ts';

/** A whole machine, Mugi's node or a rival, that can be mapped and measured alike. */
export interface Subject {
  name: string;
  /** Multiply-accumulates a cycle. */
  macs: number;
  module: AnyModule;
  energy(batch: number, stimulus: { name: string; draw: Stimulus }, gates: Gates): MacEnergy;
}

/**
 * Mugi's node (`mugi-256`) or a rival (`machines.ts`) by its name.
 * @throws MugiError for names and sizes that there are not
 */
export function subjectNamed(name: string): Subject {
  const node = /^mugi-(\d+)$/.exec(name);
  if (node !== null) {
    const rows = checkedRows(Number(node[1]), 'design');
    return {
      name,
      macs: rows,
      module: nodeModule(rows),
      energy: (batch, stimulus, gates) => nodeEnergy(rows, batch, stimulus, gates),
    };
  }
  const machine = machineNamed(name);
  return {
    name,
    macs: machine.macs,
    module: machine.module,
    energy: (batch, stimulus, gates) => machineEnergy(machine, batch, stimulus, gates),
  };
}

/**
 * Clock gates, buffers and measures a mapped machine by the policy of all, at each batch. One of them, `timed`, is simulated
 * with delays, and its share of glitches taken for the others; or all take a share that is known.
 */
export function measured(
  subject: Subject,
  mapped: Netlist,
  library: Library,
  batches: readonly number[],
  stimulus: { name: string; draw: Stimulus },
  timed: { batch: number } | { glitches: number },
): MachineRow {
  const wirePerFanout = WIRES.perFanout;
  const { netlist, timing } = finish(mapped, library, { clock: CLOCK.MHz, wirePerFanout, buffers: true });
  const sum = netlistCost(netlist, library);
  const measure = (batch: number, glitches?: number): MacEnergy =>
    subject.energy(batch, stimulus, { netlist, library, wirePerFanout, glitches });
  const first = 'batch' in timed ? timed.batch : batches[0];
  const known = measure(first, 'glitches' in timed ? timed.glitches : undefined);
  const share = known.glitches / known.total;
  return {
    machine: subject.name,
    macs: subject.macs,
    cells: sum.cells,
    flops: sum.flops,
    area_mm2: sixDigits(sum.area / 1e6),
    leakage_mW: sixDigits(sum.leakage / 1e3),
    frequency_MHz: sixDigits(timing.frequency),
    stimuli: STIMULI,
    per_mac: batches.map((batch) => {
      const mean = rounded(batch === first ? known : measure(batch, share));
      const { stimulus: _stimulus, lanes: _lanes, ...energy } = mean;
      return { batch, ...energy };
    }),
  };
}
