import { sixDigits } from '../../../hardware/synthesis/digits.ts';
import type { Library } from '../../../hardware/liberty/library.ts';
import type { Netlist } from '../../../hardware/synthesis/netlist.ts';
import { moduleCosts } from '../../../hardware/synthesis/synthesise.ts';
import type { SwitchingRun } from './switching.ts';

/** One line of the table by module: all instances, without the modules inside. */
export type ModuleRow = {
  module: string;
  instances: number;
  cells: number;
  flops: number;
  area_um2: number;
  leakage_uW: number;
  /** Signals (nets, cells, data pins) and clock (pins and clock gates) during the GEMM and the softmax. */
  gemm_pJ_per_cycle?: number;
  gemm_clock_pJ_per_cycle?: number;
  softmax_pJ_per_cycle?: number;
  softmax_clock_pJ_per_cycle?: number;
};

export function moduleRows(
  netlist: Netlist,
  library: Library,
  runs: readonly SwitchingRun[] | undefined,
): ModuleRow[] {
  const energy = (module: string): Partial<ModuleRow> => {
    if (runs === undefined) return {};
    return Object.fromEntries(
      runs.flatMap(({ work, energies }) => {
        const { data, wires, data_pins, clock, clock_gates } = energies.get(module)!;
        return [
          [`${work}_pJ_per_cycle`, sixDigits(data + wires + data_pins)],
          [`${work}_clock_pJ_per_cycle`, sixDigits(clock + clock_gates)],
        ];
      }),
    );
  };
  return moduleCosts(netlist, library).map(({ module, instances, cells, flops, area, leakage }) => ({
    module,
    instances,
    cells,
    flops,
    area_um2: sixDigits(area),
    leakage_uW: sixDigits(leakage),
    ...energy(module),
  }));
}
