import { MugiError } from '../../../errors.ts';
import type { Library } from '../../../hardware/liberty/library.ts';
import { type SwitchingEnergy, switchingEnergy } from '../../../hardware/synthesis/energy.ts';
import { GateSimulator, type Simulation } from '../../../hardware/synthesis/simulation/gate-simulator.ts';
import type { Netlist } from '../../../hardware/synthesis/netlist.ts';
import type { NodeConfiguration } from '../node.ts';
import { runGemm } from '../program/gemm.ts';
import { runNonlinear } from '../program/nonlinear.ts';
import type { Observer } from '../program/run.ts';
import { GEMM, gemmStimulus, SOFTMAX, SOFTMAX_FUNCTION, softmaxStimulus } from '../program/stimuli.ts';
import { gateLockstep } from '../proof/gate-run.ts';

export interface SwitchingRun {
  readonly work: 'gemm' | 'softmax';
  readonly stimulus: string;
  readonly cycles: number;
  /** By module. */
  readonly energies: ReadonlyMap<string, SwitchingEnergy>;
}

/**
 * Runs a GEMM and a softmax on the mapped gates beside the cycle model, refuses any difference in results or spikes,
 * and returns the switching energy per cycle of each module.
 */
export function switchingRuns(
  rows: number,
  netlist: Netlist,
  library: Library,
  wirePerFanout: number,
): SwitchingRun[] {
  const gates = new GateSimulator(netlist, library);
  const measure = (
    work: SwitchingRun['work'],
    stimulus: string,
    start: (observe: Observer) => void,
  ): SwitchingRun => {
    onGates(gates, rows, start);
    return {
      work,
      stimulus,
      cycles: gates.cycles,
      energies: switchingEnergy(gates, library, { wirePerFanout }),
    };
  };
  return [
    measure('gemm', `GEMM ${GEMM.m} x ${GEMM.k} x ${rows}, seed ${GEMM.seed}`, (observe) => {
      runGemm(gemmStimulus(rows), observe);
    }),
    measure('softmax', `softmax of ${rows} rows of ${SOFTMAX.keys}, seed ${SOFTMAX.seed}`, (observe) => {
      runNonlinear(softmaxStimulus(rows), observe);
    }),
  ];
}

/**
 * Runs work on gates, which count, beside the cycle model.
 * @throws MugiError where they differ
 */
export function onGates(gates: Simulation, rows: number, start: (observe: Observer) => void): void {
  // GEMM takes any window, so the pins hold that of softmax for both.
  const { window, outside } = SOFTMAX_FUNCTION;
  const configuration: NodeConfiguration = { rows, window, outside, accumulation: 'bf16' };
  const { observe, difference } = gateLockstep(configuration, gates);
  start(observe);
  const found = difference();
  if (found === undefined) return;
  throw new MugiError({
    code: 'internal',
    message: `the mapped gates and the cycle model differ in ${found.what}, cycle ${found.cycle}: a fault of mugi, please report it`,
  });
}
