import { sixDigits } from '../../../hardware/synthesis/digits.ts';
import type { Finished } from '../../../hardware/synthesis/finish.ts';
import { moduleCosts } from '../../../hardware/synthesis/synthesise.ts';
import { unitRows } from '../../../hardware/synthesis/timing-rows.ts';
import { unusableByReason } from '../../../hardware/synthesis/usable-cells.ts';
import { publishedRows } from './beside-published.ts';
import { macEnergy } from './mac-energy.ts';
import type { MacEnergy } from '../../whole/mac-energy.ts';
import { type ModuleRow, moduleRows } from './module-rows.ts';
import { type SwitchingRun, switchingRuns } from './switching.ts';

export type SynthesisReport = ReturnType<typeof synthesisReport>;

/** The node on mapped gates: area, timing, leakage, energy by module and of a multiply-accumulate. */
export interface NodeOnGates {
  readonly rows: number;
  readonly finished: Finished;
  /** Whether gates are simulated, for the energy of their toggles. */
  readonly switching: boolean;
  /** Of the GEMM that the energy of a multiply-accumulate is measured on. */
  readonly seed: number;
}

/** Runs what is to be measured, and puts everything together; numbers to six digits. */
export function synthesisReport(node: NodeOnGates) {
  const { rows, finished, switching, seed } = node;
  const { library, netlist, gated, buffered, timing, clock, wirePerFanout } = finished;
  const runs = runsOf(node);
  const modules = moduleRows(netlist, library, runs);
  const sum = summed(modules);
  const area_mm2 = sum('area_um2') / 1e6;
  const mapped = moduleCosts(gated.netlist, library).reduce((total, { area }) => total + area, 0);
  return {
    library: library.name,
    cells_left_out: unusableByReason(library),
    clock_MHz: clock,
    area_mm2,
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
    switching: runs === undefined ? undefined : switchingOf(runs, sum, finished),
    energy_per_mac_pJ: switching
      ? rounded(macEnergy(rows, netlist, library, { wirePerFanout, seed }))
      : undefined,
    published: publishedRows(rows, area_mm2, moduleCosts(netlist, library)),
    modules,
  };
}

/** The table by module alone, without what a multiply-accumulate takes. */
export const nodeModuleRows = (node: NodeOnGates): ModuleRow[] =>
  moduleRows(node.finished.netlist, node.finished.library, runsOf(node));

const runsOf = ({ rows, finished, switching }: NodeOnGates): SwitchingRun[] | undefined =>
  switching ? switchingRuns(rows, finished.netlist, finished.library, finished.wirePerFanout) : undefined;

type Sum = (key: Exclude<keyof ModuleRow, 'module'>) => number;

const summed =
  (modules: readonly ModuleRow[]): Sum =>
  (key) =>
    sixDigits(modules.reduce((total, module) => total + (module[key] ?? 0), 0));

const switchingOf = (runs: readonly SwitchingRun[], sum: Sum, { gated }: Finished) => ({
  gates_equal_cycle_model: true,
  runs: runs.map(({ work, stimulus, cycles }) => ({
    work,
    stimulus,
    cycles,
    data_pJ_per_cycle: sum(`${work}_pJ_per_cycle`),
    clock_pJ_per_cycle: sum(`${work}_clock_pJ_per_cycle`),
  })),
  clock_gating: `${gated.gates} integrated clock gates before ${gated.gated} of ${sum('flops')} flip-flops`,
});

/** Numbers to six digits, texts as they are. */
const rounded = (energy: MacEnergy): MacEnergy =>
  Object.fromEntries(
    Object.entries(energy).map(([key, value]) => [key, typeof value === 'number' ? sixDigits(value) : value]),
  ) as unknown as MacEnergy;
