import type { AnyModule } from '../../hardware/index.ts';
import type { Library } from '../../hardware/liberty/library.ts';
import { sixDigits } from '../../hardware/synthesis/digits.ts';
import { finish } from '../../hardware/synthesis/finish.ts';
import type { Netlist } from '../../hardware/synthesis/netlist.ts';
import { CLOCK, WIRES } from '../../hardware/synthesis/policy.ts';
import { moduleCosts, netlistCost } from '../../hardware/synthesis/synthesise.ts';
import type { MachineRow, MeasuredUnit } from '../../technology/whole-machine.ts';
import { COLUMNS } from '../../vlp/array.ts';
import { checkedRows } from '../mugi/configuration.ts';
import { nodeModule } from '../mugi/node-module.ts';
import { nodeEnergy } from '../mugi/synthesis/mac-energy.ts';
import type { Sides } from '../sides.ts';
import { unitOf } from './composition.ts';
import { type MacEnergy, STIMULI } from './mac-energy.ts';
import { type Gates, machineEnergy, type Stimulus } from './machine-energy.ts';
import { CARAT_KIND, kindNamed, machineNamed } from './machines.ts';
import { rounded } from './report.ts';

/** A whole machine, Mugi's node or a rival, that can be mapped and measured alike. */
export interface Subject {
  name: string;
  /** Multiply-accumulates a cycle. */
  macs: number;
  module: AnyModule;
  energy(batch: number, stimulus: { name: string; draw: Stimulus }, gates: Gates): MacEnergy;
}

/** Kind of Mugi's node, as the pattern of its names. */
export const NODE_KIND = 'mugi-{size}';

/**
 * Mugi's node (`mugi-256`) or a rival (`machines.ts`) by its name, with its kind and its lanes of activations and of weights.
 * @throws MugiError for names and sizes that there are not
 */
export function subjectNamed(name: string): Subject & { kind: string; sides: Sides } {
  const node = /^mugi-(\d+)$/.exec(name);
  if (node !== null) {
    const rows = checkedRows(Number(node[1]), 'design');
    return {
      name,
      macs: rows,
      kind: NODE_KIND,
      sides: { columns: COLUMNS, rows },
      module: nodeModule(rows),
      energy: (batch, stimulus, gates) => nodeEnergy(rows, batch, stimulus, gates),
    };
  }
  const machine = machineNamed(name);
  const { kind, sides } = kindNamed(name)!;
  return {
    name,
    macs: machine.macs,
    kind,
    sides: kind === CARAT_KIND ? { columns: COLUMNS, rows: sides.rows } : sides,
    module: machine.module,
    energy: (batch, stimulus, gates) => machineEnergy(machine, batch, stimulus, gates),
  };
}

/** How a machine is measured beside its gates. */
interface Conditions {
  batches: readonly number[];
  stimulus: { name: string; draw: Stimulus };
  /** One batch is simulated with delays, and its share of glitches taken for the others; or all take a share that is known. */
  timed: { batch: number } | { glitches: number };
}

/** Clock gates, buffers and measures a mapped machine by the policy of all, at each batch. */
export const measured = (
  subject: Subject,
  mapped: Netlist,
  library: Library,
  conditions: Conditions,
): MachineRow => measuredByUnit(subject, mapped, library, conditions).row;

/** The same, and what falls to each module of the machine. */
export function measuredByUnit(
  subject: Subject,
  mapped: Netlist,
  library: Library,
  { batches, stimulus, timed }: Conditions,
): { row: MachineRow; units: MeasuredUnit[] } {
  const wirePerFanout = WIRES.perFanout;
  const { netlist, timing } = finish(mapped, library, { clock: CLOCK.MHz, wirePerFanout, buffers: true });
  const sum = netlistCost(netlist, library);
  const measure = (batch: number, glitches?: number): MacEnergy =>
    subject.energy(batch, stimulus, { netlist, library, wirePerFanout, glitches });
  const first = 'batch' in timed ? timed.batch : batches[0];
  const known = measure(first, 'glitches' in timed ? timed.glitches : undefined);
  const share = known.glitches / known.total;
  const energies = batches.map((batch) => (batch === first ? known : measure(batch, share)));
  return {
    row: {
      machine: subject.name,
      macs: subject.macs,
      cells: sum.cells,
      flops: sum.flops,
      area_mm2: sixDigits(sum.area / 1e6),
      leakage_mW: sixDigits(sum.leakage / 1e3),
      frequency_MHz: sixDigits(timing.frequency),
      stimuli: STIMULI,
      per_mac: batches.map((batch, i) => {
        const { stimulus: _stimulus, lanes: _lanes, ...energy } = rounded(energies[i]);
        return { batch, ...energy };
      }),
    },
    units: moduleCosts(netlist, library).map(({ module, area, leakage }) => ({
      unit: unitOf(module),
      area_um2: sixDigits(area),
      leakage_uW: sixDigits(leakage),
      pJ_per_mac: Object.fromEntries(
        batches.map((batch, i) => [batch, sixDigits(energies[i].units.get(module)!)]),
      ),
    })),
  };
}
