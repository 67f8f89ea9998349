import type { AnyModule } from '../../hardware/index.ts';
import type { Library } from '../../hardware/liberty/library.ts';
import { GateSimulator } from '../../hardware/synthesis/simulation/gate-simulator.ts';
import { bufferNetlist } from '../../hardware/synthesis/timing/buffering.ts';
import { sixDigits } from '../../hardware/synthesis/digits.ts';
import { switchingEnergy } from '../../hardware/synthesis/energy.ts';
import { bufferedPeriod, CLOCK } from '../../hardware/synthesis/policy.ts';
import { netlistCost, synthesise } from '../../hardware/synthesis/synthesise.ts';
import { analyseTiming, netLoads } from '../../hardware/synthesis/timing/timing.ts';
import { type Drives, MEASURED, STREAMS, stimulate } from './stimulus.ts';

/** What synthesis says of a module. */
export interface Characteristics {
  module: string;
  cells: number;
  flops: number;
  /** Standard cells only. */
  area_mm2: number;
  leakage_mW: number;
  /**
   * Energy of one cycle of the stimulus, in which the module does its work once: nets inside and at its inputs,
   * cells, and the clock pins of its flip-flops. What its outputs drive counts where they lead to.
   */
  energy_nJ: number;
  /** Share of the clock pins in it. */
  clock_nJ: number;
  /** Shortest clock period by static timing. */
  period_ns: number;
}

/** Period that buffering aims at, ns. */
export const BUFFERED_PERIOD = bufferedPeriod(CLOCK.MHz);

export interface Cells {
  /** Liberty text, and the same read. */
  text: string;
  library: Library;
}

/** Synthesises a module, buffers it, runs its stimulus on the gates and measures it. Also gives the version of yosys. */
export async function characterise(
  module: AnyModule,
  drives: Drives,
  { text, library }: Cells,
): Promise<Characteristics & { yosys: string }> {
  const { netlist: mapped, yosys } = await synthesise(module, { liberty: text });
  const { netlist } = bufferNetlist(mapped, library, { period: BUFFERED_PERIOD });
  const gates = new GateSimulator(netlist, library, { lanes: STREAMS });
  stimulate(gates, module, drives);
  const sum = netlistCost(netlist, library);
  let data = 0;
  let clock = 0;
  for (const energy of switchingEnergy(gates, library).values()) {
    data += energy.data + energy.wires;
    clock += energy.clock;
  }
  const loads = netLoads(netlist, library, 1);
  let inputs = 0;
  for (const [name, nets] of netlist.inputs) {
    if (name === 'clock') continue;
    for (const net of nets) inputs += gates.toggles[net] * 0.5 * loads[net] * library.voltage ** 2;
  }
  data += inputs / (MEASURED * STREAMS) / 1000;
  return {
    module: module.name,
    cells: sum.cells,
    flops: sum.flops,
    area_mm2: sixDigits(sum.area / 1e6),
    leakage_mW: sixDigits(sum.leakage / 1e3),
    energy_nJ: sixDigits((data + clock) / 1e3),
    clock_nJ: sixDigits(clock / 1e3),
    period_ns: sixDigits(Math.max(0, analyseTiming(netlist, library).period)),
    yosys,
  };
}
