import { sixDigits } from '../../hardware/synthesis/digits.ts';
import { inventory } from '../../hardware/inventory.ts';
import type { Finished } from '../../hardware/synthesis/finish.ts';
import { netlistCost } from '../../hardware/synthesis/synthesise.ts';
import { unitRows } from '../../hardware/synthesis/timing/timing-rows.ts';
import { unusableByReason } from '../../hardware/synthesis/usable-cells.ts';
import { type ModuleRow, moduleRows } from '../mugi/synthesis/module-rows.ts';
import type { MacEnergy } from './mac-energy.ts';
import { machineEnergy, type Stimulus } from './machine-energy.ts';
import type { Machine } from './machine.ts';

/** Area, cells, leakage and timing of mapped gates, numbers to six digits. */
export function finishedReport(finished: Finished, modules: readonly ModuleRow[]) {
  const { library, gated, buffered, timing, clock, wirePerFanout } = finished;
  const sum = summed(modules);
  const mapped = netlistCost(gated.netlist, library).area;
  return {
    library: library.name,
    cells_left_out: unusableByReason(library),
    clock_MHz: clock,
    area_mm2: sum('area_um2') / 1e6,
    cells: sum('cells'),
    flops: sum('flops'),
    leakage_mW: sum('leakage_uW') / 1000,
    mapped: {
      area_mm2: sixDigits(mapped / 1e6),
      frequency_MHz: sixDigits(1000 / (buffered?.before ?? timing.period)),
    },
    buffering: buffered === undefined ? undefined : { buffers: buffered.buffers, resized: buffered.resized },
    timing: {
      frequency_MHz: sixDigits(timing.frequency),
      period_ns: sixDigits(timing.period),
      met: timing.frequency >= clock,
      wire_fF_per_fanout: wirePerFanout,
      units: unitRows(timing),
      paths: timing.paths,
    },
  };
}

/** A whole rival on gates. */
export interface MachineOnGates {
  readonly machine: Machine;
  readonly finished: Finished;
  /** Whether gates are simulated, for the energy of their toggles. */
  readonly switching: boolean;
  /** What is multiplied, and how many tokens at a time. */
  readonly stimulus: { name: string; draw: Stimulus };
  readonly batch: number;
}

/** Its area, timing, leakage and energy of a multiply-accumulate; the latter on gates that equal the behaviour. */
export function machineReport({ machine, finished, switching, stimulus, batch }: MachineOnGates) {
  const modules = moduleRows(finished.netlist, finished.library, undefined);
  return {
    title: machine.title,
    macs_per_cycle: machine.macs,
    ...finishedReport(finished, modules),
    clock_gating: `${finished.gated.gates} integrated clock gates before ${finished.gated.gated} of ${summed(modules)('flops')} flip-flops`,
    energy_per_mac_pJ: switching ? rounded(machineEnergy(machine, batch, stimulus, finished)) : undefined,
    modules,
    inventory: inventory(machine.module),
  };
}

/** Sum of a column of the table by module. */
export type Sum = (key: Exclude<keyof ModuleRow, 'module'>) => number;

export const summed =
  (modules: readonly ModuleRow[]): Sum =>
  (key) =>
    sixDigits(modules.reduce((total, module) => total + (module[key] ?? 0), 0));

/** Numbers to six digits, texts as they are, without what falls to each module. */
export const rounded = ({ units: _units, ...energy }: MacEnergy): Omit<MacEnergy, 'units'> =>
  Object.fromEntries(
    Object.entries(energy).map(([key, value]) => [key, typeof value === 'number' ? sixDigits(value) : value]),
  ) as unknown as Omit<MacEnergy, 'units'>;
