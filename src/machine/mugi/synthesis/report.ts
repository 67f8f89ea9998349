import { inventory } from '../../../hardware/inventory.ts';
import type { Finished } from '../../../hardware/synthesis/finish.ts';
import { moduleCosts } from '../../../hardware/synthesis/synthesise.ts';
import { inventoryRows } from './beside-inventory.ts';
import { nodeModule } from '../node-module.ts';
import { publishedRows } from './beside-published.ts';
import { macWork } from './mac-energy.ts';
import { type ModuleRow, moduleRows } from './module-rows.ts';
import { settledEnergy, withGlitches } from '../../whole/mac-energy.ts';
import { finishedReport, rounded, type Sum, summed } from '../../whole/report.ts';
import { type SwitchingRun, switchingRuns } from './switching.ts';

export type SynthesisReport = Awaited<ReturnType<typeof synthesisReport>>;

/** The node on mapped gates: area, timing, leakage, energy by module and of a multiply-accumulate. */
export interface NodeOnGates {
  readonly rows: number;
  readonly finished: Finished;
  /** Whether gates are simulated, for the energy of their toggles. */
  readonly switching: boolean;
  /** Of the GEMM that the energy of a multiply-accumulate is measured on. */
  readonly seed: number;
}

/**
 * Runs what is to be measured, and puts everything together; numbers to six digits.
 * @param glitches measures the glitches of a multiply-accumulate beside what is done here
 */
export async function synthesisReport(node: NodeOnGates, glitches: (node: NodeOnGates) => Promise<number>) {
  const { rows, finished, switching, seed } = node;
  const { library, netlist, wirePerFanout } = finished;
  const ratio = switching ? glitches(node) : undefined;
  const runs = runsOf(node);
  const modules = moduleRows(netlist, library, runs);
  const sum = summed(modules);
  const work = macWork(rows, seed);
  return {
    ...finishedReport(finished, modules),
    switching: runs === undefined ? undefined : switchingOf(runs, sum, finished),
    energy_per_mac_pJ:
      ratio === undefined
        ? undefined
        : rounded(withGlitches(work, settledEnergy(work, netlist, library, wirePerFanout), await ratio)),
    published_inventory: inventoryRows(rows),
    published: publishedRows(rows, sum('area_um2') / 1e6, moduleCosts(netlist, library)),
    modules,
    inventory: inventory(nodeModule(rows)),
  };
}

/** The table by module alone, without what a multiply-accumulate takes. */
export const nodeModuleRows = (node: NodeOnGates): ModuleRow[] =>
  moduleRows(node.finished.netlist, node.finished.library, runsOf(node));

const runsOf = ({ rows, finished, switching }: NodeOnGates): SwitchingRun[] | undefined =>
  switching ? switchingRuns(rows, finished.netlist, finished.library, finished.wirePerFanout) : undefined;

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
